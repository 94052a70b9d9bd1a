package ingest

import (
	"strings"

	"github.com/usagegraph/usagegraph/models"
)

// readLedger reads the entries of a balance.
func readLedger(f fields, b *balance) {
	var moved models.Decimal
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
		if moved += max(e.Amount, -e.Amount); moved < 0 || !moved.Differs(0) {
			item.fail("amount", "amounts that add up to at most 9.2e12, whatever their signs")
			moved = 0
		}
		e.TypeRank = e.Type.Rank()
		e.Timestamp = entryTime(item, b, &e)
		if e.SegmentID != nil && b.segment(*e.SegmentID) == nil {
			f.row.warn("a ledger entry names a segment that the balance lacks")
		}
		for _, id := range []*models.ContractID{e.ContractID, e.NewContractID} {
			if id != nil {
				b.pointsTo = append(b.pointsTo, *id)
			}
		}
		b.ledger = append(b.ledger, e)
	}
}

// entryTime is the timestamp of an entry. A manual one may lack it: then it is the
// start of its segment.
func entryTime(f fields, b *balance, e *models.LedgerEntry) models.DateTime {
	if at := f.instant("timestamp"); at != nil {
		return *at
	}
	if strings.HasSuffix(string(e.Type), "_MANUAL") && !f.has("timestamp") {
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

// checkPostpaid holds a postpaid commit to its one segment, whose amount it begins
// with.
func checkPostpaid(f fields, b *balance) {
	if len(b.segments) != 1 {
		f.row.fail("access_schedule.schedule_items", plural(len(b.segments), "segment"), "exactly one segment in a postpaid commit")
		return
	}
	if len(b.ledger) == 0 {
		return
	}
	var initial models.Decimal
	for _, e := range b.ledger {
		if e.Type == models.LedgerEntryTypePostpaidCommitInitialBalance {
			initial += e.Amount
		}
	}
	if amount := b.segments[0].Amount; initial != amount {
		f.row.fail("ledger", "POSTPAID_COMMIT_INITIAL_BALANCE of "+initial.String(), "the amount of the segment, "+amount.String())
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
	invoices, err := models.Children(imp.ctx, imp.reader, models.InvoiceByID, distinct(ids))
	if err != nil {
		return err
	}
	statuses := make(map[string]models.InvoiceStatus, len(invoices))
	for id, rows := range invoices {
		statuses[id] = rows[0].Status
	}
	isVoid := func(e *models.LedgerEntry) bool {
		return e.InvoiceID != nil && statuses[*e.InvoiceID] == models.InvoiceStatusVoid
	}
	for _, r := range batch {
		r.value.invoices = statuses
		r.value.judgeEntries(&r.rowContext)
		r.value.judgeSums(&r.rowContext, isVoid, imp.now)
	}
	return nil
}

// judgeEntries looks at each entry.
func (b *balance) judgeEntries(r *rowContext) {
	type use struct{ segment, invoice string }
	deductions := map[use]int{}
	for i := range b.ledger {
		e := &b.ledger[i]
		switch {
		case e.TypeRank == models.RankStart && e.Amount < 0:
			r.warn("an entry that starts a segment is below 0: the amount is kept as given")
		case (e.TypeRank == models.RankDeduction || e.TypeRank == models.RankExpiration) && e.Amount > 0:
			r.warn("a deduction or expiration is above 0: the amount is kept as given")
		}
		if e.TypeRank != models.RankDeduction {
			continue
		}
		if e.InvoiceID == nil {
			r.warn("a deduction names no invoice")
			continue
		}
		at := use{invoice: *e.InvoiceID}
		if s := b.segmentOf(e); s != nil {
			at.segment = s.ID
		}
		if deductions[at]++; deductions[at] == 2 {
			r.warn("an invoice has more than one deduction from a segment")
		}
	}
}

// judgeSums looks at segments that ended and whose rest was taken away: nothing
// should be left of them. Entries of void invoices do not count.
func (b *balance) judgeSums(r *rowContext, isVoid func(*models.LedgerEntry) bool, now models.DateTime) {
	type total struct {
		sum    models.Decimal
		closed bool
	}
	totals := map[string]total{}
	for i := range b.ledger {
		e := &b.ledger[i]
		s := b.segmentOf(e)
		if s == nil || s.EndingBefore > now || isVoid(e) {
			continue
		}
		t := totals[s.ID]
		t.sum += e.Amount
		t.closed = t.closed || e.TypeRank == models.RankExpiration || e.TypeRank == models.RankRollover
		totals[s.ID] = t
	}
	for _, t := range totals {
		if t.closed && t.sum != 0 {
			r.warn("the entries of a segment that ended and expired or rolled over do not sum to 0")
		}
	}
}
