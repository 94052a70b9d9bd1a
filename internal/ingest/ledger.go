package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// readLedger reads the entries of a balance.
func readLedger(f fields, b *balance) {
	var moved scalar.Decimal
	for i, item := range f.objects("ledger") {
		e := models.LedgerEntry{
			BalanceID:     b.ID,
			Number:        int64(i + 1),
			Type:          required(item, "type", oneOf(models.AllLedgerEntryType), enum(item, "type", models.AllLedgerEntryType)),
			Amount:        item.amount("amount"),
			SegmentID:     textID[string](item, "segment_id"),
			InvoiceID:     textID[string](item, "invoice_id"),
			ContractID:    textID[models.ContractID](item, "contract_id"),
			NewContractID: textID[models.ContractID](item, "new_contract_id"),
			Reason:        item.prose("reason"),
		}
		if moved += max(e.Amount, -e.Amount); moved < 0 || !moved.CanSubtract(0) {
			item.fail("amount", "amounts that add up to at most 9.2e12, whatever their signs")
			moved = 0
		}
		e.TypeRank = e.Type.Rank()
		e.Timestamp = entryTime(item, b, &e)
		b.ledger = append(b.ledger, e)
	}
}

// entryTime is the timestamp of an entry. A manual one may lack it: then it is the
// start of its segment.
func entryTime(f fields, b *balance, e *models.LedgerEntry) scalar.DateTime {
	if at := f.instant("timestamp"); at != nil {
		return *at
	}
	if e.Type.IsManual() && !f.has("timestamp") {
		if s := b.segmentOf(e); s != nil {
			return s.StartingAt
		}
	}
	f.require("timestamp", anInstant)
	return 0
}

// segmentOf is the segment that an entry belongs to: the one that it names, or the
// only one. It is nil when there is none or no telling.
func (b *balance) segmentOf(e *models.LedgerEntry) *models.AccessSegment {
	switch {
	case e.SegmentID != nil:
		return b.segment(*e.SegmentID)
	case len(b.segments) == 1:
		return &b.segments[0]
	default:
		return nil
	}
}

// judgeLedgers counts what is odd in ledgers. None of it is changed.
func judgeLedgers(imp *importer, batch []*record[balance]) error {
	var ids []string
	for _, r := range batch {
		for _, e := range r.value.ledger {
			if e.InvoiceID != nil {
				ids = append(ids, *e.InvoiceID)
			}
		}
	}
	invoices, err := store.Children(imp.ctx, imp.reader, models.InvoiceByID, distinct(ids))
	if err != nil {
		return err
	}
	statuses := make(map[string]models.InvoiceStatus, len(invoices))
	for id, rows := range invoices {
		statuses[id] = rows[0].Status
	}
	for _, r := range batch {
		b := &r.value
		b.invoices = statuses
		for _, breach := range billing.NewLedger(b.segments, b.ledger, statuses).Breaches(imp.now) {
			r.warn(breach.Rule.Broken)
		}
	}
	return nil
}
