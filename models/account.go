package models

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Account is all that a balance is reckoned from.
type Account struct {
	Segments []*AccessSegment
	Entries  []*LedgerEntry           // in the order of the ledger
	Invoices map[string]InvoiceStatus // FINALIZED where missing
}

// Balance is what may be used at an instant: the sum over the segments that are
// active then, none less than 0. It is access as of the instant by today's
// ledger.
//
// Source: Metronome, BalanceForCommitsAndCredits.
func (a *Account) Balance(at DateTime, mode InvoiceInclusionMode) Decimal {
	var sum Decimal
	for _, segment := range a.Segments {
		sum += a.segment(segment, at, mode, nil).Balance
	}
	return sum
}

// Breakdown tells how Balance comes about.
func (a *Account) Breakdown(at DateTime, mode InvoiceInclusionMode) *BalanceBreakdown {
	out := &BalanceBreakdown{AsOf: at, InvoiceInclusionMode: mode, Segments: []*SegmentBreakdown{}}
	for _, segment := range a.Segments {
		part := &SegmentBreakdown{Entries: []*EntryBreakdown{}}
		*part = a.segment(segment, at, mode, part.Entries)
		out.Segments = append(out.Segments, part)
		out.Balance += part.Balance
	}
	return out
}

// segment reckons one segment. It lists the entries if entries is not nil.
func (a *Account) segment(segment *AccessSegment, at DateTime, mode InvoiceInclusionMode, entries []*EntryBreakdown) SegmentBreakdown {
	out := SegmentBreakdown{Segment: segment, Active: segment.StartingAt <= at && at < segment.EndingBefore, Entries: entries}
	if !out.Active && entries == nil {
		return out
	}
	for _, entry := range a.Entries {
		if !a.moves(entry, segment) {
			continue
		}
		reason := a.reason(entry, at, mode)
		if reason == EntryReasonCounted && !out.Active {
			reason = EntryReasonSegmentNotActive
		}
		if reason == EntryReasonCounted {
			out.Sum += entry.Amount
		}
		if entries != nil {
			out.Entries = append(out.Entries, &EntryBreakdown{entry, reason})
		}
	}
	if out.Active {
		out.Balance = max(0, out.Sum)
	}
	return out
}

// moves tells whether the entry belongs to the segment. One that names none
// belongs to the segment that is there alone, or else to the one that covers its
// timestamp: the first of several, and the first of all if none does.
func (a *Account) moves(entry *LedgerEntry, segment *AccessSegment) bool {
	if entry.SegmentID != nil {
		return *entry.SegmentID == segment.ID
	}
	covers := func(s *AccessSegment) bool {
		return s.StartingAt <= entry.Timestamp && entry.Timestamp < s.EndingBefore
	}
	i := max(0, slices.IndexFunc(a.Segments, covers))
	return a.Segments[i] == segment
}

// reason tells whether an entry of an active segment counts at an instant. The
// entries that end a segment bear its end as their timestamp: without the last
// rule every past balance would read 0.
func (a *Account) reason(entry *LedgerEntry, at DateTime, mode InvoiceInclusionMode) EntryReason {
	status := a.status(entry)
	switch {
	case status == InvoiceStatusVoid:
		return EntryReasonInvoiceVoid
	case entry.TypeRank == RankDeduction && status == InvoiceStatusDraft && mode == InvoiceInclusionModeFinalized:
		return EntryReasonInvoiceDraft
	case entry.TypeRank >= RankRollover && entry.Timestamp > at:
		return EntryReasonAfterAsOf
	default:
		return EntryReasonCounted
	}
}

func (a *Account) status(entry *LedgerEntry) InvoiceStatus {
	if entry.InvoiceID != nil {
		if status, ok := a.Invoices[*entry.InvoiceID]; ok {
			return status
		}
	}
	return InvoiceStatusFinalized
}

// Running is for each entry, by its number, the sum of all entries up to it in
// the order of the ledger, but those of void invoices.
func (a *Account) Running() map[int64]Decimal {
	var sum Decimal
	running := make(map[int64]Decimal, len(a.Entries))
	for _, entry := range a.Entries {
		if a.status(entry) != InvoiceStatusVoid {
			sum += entry.Amount
		}
		running[entry.Number] = sum
	}
	return running
}

// Matches tells whether a balance with the custom fields is among those that the
// filters choose: any of them, and all balances if there are none.
func Matches(filters []*NetBalanceFilter, balance *Balance, fields []*BalanceCustomField) bool {
	return len(filters) == 0 || slices.ContainsFunc(filters, func(f *NetBalanceFilter) bool {
		return (f.Types == nil || slices.Contains(f.Types, balance.Type)) &&
			(f.Ids == nil || slices.ContainsFunc(f.Ids, func(id string) bool {
				return strings.TrimPrefix(id, "Balance:") == balance.ID.String()
			})) &&
			!slices.ContainsFunc(f.CustomFields, func(want *CustomFieldInput) bool {
				return !slices.ContainsFunc(fields, func(has *BalanceCustomField) bool {
					return has.Key == want.Key && has.Value == want.Value
				})
			})
	})
}

// RunningBalances reads for each balance the running balance of its entries, by
// their numbers.
func RunningBalances(ctx context.Context, r *Reader, ids []BalanceID) (map[BalanceID]map[int64]Decimal, error) {
	ledgers, err := Children(ctx, r, LedgerOfBalance, ids)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, entries := range ledgers {
		for _, entry := range entries {
			if entry.InvoiceID != nil {
				named[*entry.InvoiceID] = true
			}
		}
	}
	invoices, err := Children(ctx, r, InvoiceByID, slices.Sorted(maps.Keys(named)))
	if err != nil {
		return nil, err
	}
	statuses := make(map[string]InvoiceStatus, len(invoices))
	for id, invoice := range invoices {
		statuses[id] = invoice[0].Status
	}
	running := make(map[BalanceID]map[int64]Decimal, len(ids))
	for id, entries := range ledgers {
		running[id] = (&Account{Entries: entries, Invoices: statuses}).Running()
	}
	return running, nil
}

// Add adds what is left of a balance.
func (n *NetBalance) Add(account *Account, mode InvoiceInclusionMode) {
	settled := account.Balance(n.AsOf, InvoiceInclusionModeFinalized)
	withDrafts := account.Balance(n.AsOf, InvoiceInclusionModeFinalizedAndDraft)
	n.Settled += settled
	n.Pending += settled - withDrafts
	if mode == InvoiceInclusionModeFinalized {
		n.Balance += settled
	} else {
		n.Balance += withDrafts
	}
}
