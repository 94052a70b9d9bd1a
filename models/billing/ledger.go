package billing

import (
	"cmp"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Ledger is what moved a balance, and the rules of what counts.
type Ledger struct {
	Segments []*models.AccessSegment         // in order of start and ID
	Entries  []*models.LedgerEntry           // in the order of the ledger
	Invoices map[string]models.InvoiceStatus // FINALIZED where missing
}

// NewLedger is the ledger of rows in any order. It changes the rows in their
// place.
func NewLedger(segments []models.AccessSegment, entries []models.LedgerEntry, invoices map[string]models.InvoiceStatus) *Ledger {
	l := &Ledger{Invoices: invoices}
	for i := range segments {
		l.Segments = append(l.Segments, &segments[i])
	}
	for i := range entries {
		l.Entries = append(l.Entries, &entries[i])
	}
	slices.SortFunc(l.Segments, func(a, b *models.AccessSegment) int {
		return cmp.Or(cmp.Compare(a.StartingAt, b.StartingAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(l.Entries, func(a, b *models.LedgerEntry) int {
		return cmp.Or(cmp.Compare(a.Timestamp, b.Timestamp), cmp.Compare(a.TypeRank, b.TypeRank), cmp.Compare(a.Number, b.Number))
	})
	return l
}

// status is that of the entry's invoice.
func (l *Ledger) status(entry *models.LedgerEntry) models.InvoiceStatus {
	if entry.InvoiceID != nil {
		if status, ok := l.Invoices[*entry.InvoiceID]; ok {
			return status
		}
	}
	return models.InvoiceStatusFinalized
}

// kind is how an entry counts; ok is false for one that never does.
func (l *Ledger) kind(entry *models.LedgerEntry) (kind models.SumKind, ok bool) {
	switch status := l.status(entry); {
	case status == models.InvoiceStatusVoid:
		return "", false
	case entry.TypeRank == models.RankDeduction && status == models.InvoiceStatusDraft:
		return models.SumDraft, true
	case entry.TypeRank >= models.RankRollover:
		// What ends a segment bears its end as the timestamp: counted before, every
		// past balance would read 0.
		return models.SumEnded, true
	default:
		return models.SumSettled, true
	}
}

// segment is the segment that an entry moves, nil if there is none. An entry that
// names none moves the one that is active at its timestamp, else the one that ended
// last before, each time the first of several, and else the first of all. Migration
// 00007 does so in SQL.
func (l *Ledger) segment(entry *models.LedgerEntry) (found *models.AccessSegment) {
	if entry.SegmentID != nil {
		if i := slices.IndexFunc(l.Segments, func(s *models.AccessSegment) bool { return s.ID == *entry.SegmentID }); i >= 0 {
			return l.Segments[i]
		}
		return nil
	}
	for _, s := range l.Segments {
		switch {
		case s.ActiveAt(entry.Timestamp):
			return s
		case s.EndingBefore <= entry.Timestamp && (found == nil || s.EndingBefore > found.EndingBefore):
			found = s
		}
	}
	if found == nil && len(l.Segments) > 0 {
		found = l.Segments[0]
	}
	return found
}

// Settle sets the running balance of each entry and returns the sums of the
// ledger.
func (l *Ledger) Settle() []models.BalanceSum {
	var running scalar.Decimal
	var sums []models.BalanceSum
	places := map[sumKey]int{}
	for _, entry := range l.Entries {
		kind, counts := l.kind(entry)
		if counts {
			running += entry.Amount
		}
		entry.RunningBalance = running
		segment := l.segment(entry)
		if !counts || segment == nil {
			continue
		}
		k := sumKey{segment.ID, kind, 0}
		if kind == models.SumEnded {
			k.at = entry.Timestamp
		}
		i, known := places[k]
		if !known {
			i = len(sums)
			places[k] = i
			sums = append(sums, models.BalanceSum{
				BalanceID: entry.BalanceID, SegmentID: segment.ID, Kind: kind, At: k.at, CustomerID: entry.CustomerID,
				StartingAt: segment.StartingAt, EndingBefore: segment.EndingBefore,
			})
		}
		sums[i].Amount += entry.Amount
	}
	return sums
}

// Breakdown returns how the balance comes about at an instant.
func (l *Ledger) Breakdown(at scalar.DateTime, mode models.InvoiceInclusionMode) *BalanceBreakdown {
	out := &BalanceBreakdown{AsOf: at, InvoiceInclusionMode: mode, Segments: []*SegmentBreakdown{}, WithoutSegment: []*EntryBreakdown{}}
	parts := map[*models.AccessSegment]*SegmentBreakdown{}
	for _, segment := range l.Segments {
		part := &SegmentBreakdown{Segment: segment, Active: segment.ActiveAt(at), Entries: []*EntryBreakdown{}}
		parts[segment] = part
		out.Segments = append(out.Segments, part)
	}
	for _, entry := range l.Entries {
		if part := parts[l.segment(entry)]; part != nil {
			part.add(entry, l.reason(entry, part.Active, at, mode))
		} else {
			out.WithoutSegment = append(out.WithoutSegment, &EntryBreakdown{entry, models.EntryReasonNoSegment})
		}
	}
	for _, part := range out.Segments {
		part.Balance = max(0, part.Sum)
		out.Balance += part.Balance
	}
	return out
}

func (p *SegmentBreakdown) add(entry *models.LedgerEntry, reason models.EntryReason) {
	p.Entries = append(p.Entries, &EntryBreakdown{entry, reason})
	if reason == models.EntryReasonCounted {
		p.Sum += entry.Amount
	}
}

// reason reports whether an entry counts at an instant, and why.
func (l *Ledger) reason(entry *models.LedgerEntry, active bool, at scalar.DateTime, mode models.InvoiceInclusionMode) models.EntryReason {
	kind, ever := l.kind(entry)
	switch {
	case !ever:
		return models.EntryReasonInvoiceVoid
	case kind == models.SumDraft && !kind.Counts(entry.Timestamp, at, mode):
		return models.EntryReasonInvoiceDraft
	case kind == models.SumEnded && !kind.Counts(entry.Timestamp, at, mode):
		return models.EntryReasonAfterAsOf
	case !active:
		return models.EntryReasonSegmentNotActive
	default:
		return models.EntryReasonCounted
	}
}
