package models

import (
	"fmt"
	"slices"
	"strconv"
)

// Breaches are what is odd in the ledger of any kind of balance. Segments are
// judged once they have ended.
func (l *Ledger) Breaches(now DateTime) (found []Breach) {
	for _, e := range l.Entries {
		found = append(found, l.breachesOf(e)...)
	}
	return append(append(found, l.doubles()...), l.unclosed(now)...)
}

func (l *Ledger) breachesOf(e *LedgerEntry) (found []Breach) {
	add := func(rule *Rule, field, what, expected string) {
		found = append(found, Breach{rule, e.part(), field, what, expected})
	}
	switch {
	case e.TypeRank == RankStart && e.Amount < 0:
		add(RuleStartSign, "amount", e.Amount.String(), "0 or more in a "+string(e.Type))
	case (e.TypeRank == RankDeduction || e.TypeRank == RankExpiration) && e.Amount > 0:
		add(RuleDeductionSign, "amount", e.Amount.String(), "0 or less in a "+string(e.Type))
	}
	if e.SegmentID != nil && l.segment(e) == nil {
		add(RuleEntrySegment, "segment_id", *e.SegmentID, "a segment of the balance")
	}
	if e.Type.IsManual() && e.SegmentID == nil && len(l.Segments) > 0 && !slices.ContainsFunc(l.Segments, func(s *AccessSegment) bool { return s.ActiveAt(e.Timestamp) }) {
		add(RuleEntryGap, "timestamp", e.Timestamp.String(), "an instant in a segment, or the segment's ID: the entry counts in segment "+l.segment(e).ID)
	}
	if e.TypeRank == RankDeduction && e.InvoiceID == nil {
		add(RuleDeductionInvoice, "invoice_id", "nothing", "the invoice of the deduction")
	}
	return found
}

// doubles finds invoices that took from a segment more than once. Each is one
// breach, at the second deduction.
func (l *Ledger) doubles() (found []Breach) {
	type use struct{ segment, invoice string }
	first := map[use]*LedgerEntry{}
	told := map[use]bool{}
	for _, e := range l.Entries {
		if e.TypeRank != RankDeduction || e.InvoiceID == nil || l.status(e) == InvoiceStatusVoid {
			continue
		}
		at := use{orZero(e.SegmentID), *e.InvoiceID}
		if s := l.segment(e); s != nil {
			at.segment = s.ID
		}
		if before := first[at]; before == nil {
			first[at] = e
		} else if !told[at] {
			told[at] = true
			found = append(found, Breach{RuleDoubleDeduction, e.part(), "invoice_id", at.invoice,
				fmt.Sprintf("one deduction of an invoice from segment %s: %s has it", at.segment, before.part())})
		}
	}
	return found
}

// unclosed finds segments that ended, whose rest was taken away, and of which
// something is left all the same. Entries of void invoices do not count.
func (l *Ledger) unclosed(now DateTime) (found []Breach) {
	type total struct {
		sum    Decimal
		closed bool
	}
	totals := map[*AccessSegment]total{}
	for _, e := range l.Entries {
		if _, counts := l.kind(e); !counts {
			continue
		}
		s := l.segment(e)
		t := totals[s]
		t.sum += e.Amount
		t.closed = t.closed || e.TypeRank == RankExpiration || e.TypeRank == RankRollover
		totals[s] = t
	}
	for _, s := range l.Segments {
		if t := totals[s]; s.EndingBefore <= now && t.closed && t.sum != 0 {
			found = append(found, Breach{RuleClosedSegment, s.part(), "ledger", "entries that sum to " + t.sum.String(), "a sum of 0 after the segment ended and its rest was taken away"})
		}
	}
	return found
}

// Drift reckons the ledger anew and tells where what is stored differs: sums, and
// in the entries the running balance and the rank of their type. It changes the
// entries.
func (l *Ledger) Drift(stored []*BalanceSum) (found []Breach) {
	was := make([]Decimal, len(l.Entries))
	for i, e := range l.Entries {
		was[i] = e.RunningBalance
		if rank := e.Type.Rank(); rank != e.TypeRank {
			found = append(found, Breach{RuleRunningBalance, e.part(), "", "rank " + strconv.Itoa(e.TypeRank), fmt.Sprintf("rank %d of %s", rank, e.Type)})
		}
	}
	settled := l.Settle()
	for i, e := range l.Entries {
		if e.RunningBalance != was[i] {
			found = append(found, Breach{RuleRunningBalance, e.part(), "", "running balance " + was[i].String(), e.RunningBalance.String()})
		}
	}
	for _, d := range differences(stored, settled) {
		found = append(found, Breach{RuleBalanceSum, d.part(), "", sumText(d.stored), sumText(d.settled)})
	}
	return found
}

// BreachesOfPostpaid holds the ledger of a postpaid commit to one segment, whose
// amount it begins with. A source may leave the schedule out, and then there is
// nothing to compare the ledger with.
func (l *Ledger) BreachesOfPostpaid() []Breach {
	switch n := len(l.Segments); {
	case n == 0:
		return nil
	case n > 1:
		return []Breach{{RulePostpaid, "", "access_schedule.schedule_items", strconv.Itoa(n) + " segments", "exactly one segment in a postpaid commit"}}
	}
	var initial Decimal
	for _, e := range l.Entries {
		if e.Type == LedgerEntryTypePostpaidCommitInitialBalance {
			initial += e.Amount
		}
	}
	if amount := l.Segments[0].Amount; len(l.Entries) > 0 && initial != amount {
		return []Breach{{RulePostpaid, "", "ledger", "POSTPAID_COMMIT_INITIAL_BALANCE of " + initial.String(), "the amount of the segment, " + amount.String()}}
	}
	return nil
}
