package billing

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Breaches are what is odd in the ledger of any kind of balance. Segments are
// judged once they have ended.
func (l *Ledger) Breaches(now scalar.DateTime) (found []models.Breach) {
	for _, e := range l.Entries {
		found = append(found, l.breachesOf(e)...)
	}
	return append(append(found, l.doubles()...), l.unclosed(now)...)
}

func (l *Ledger) breachesOf(e *models.LedgerEntry) (found []models.Breach) {
	add := func(rule *models.Rule, field, what, expected string) {
		found = append(found, models.Breach{Rule: rule, Part: e.Part(), Field: field, Found: what, Expected: expected})
	}
	switch {
	case e.TypeRank == models.RankStart && e.Amount < 0:
		add(models.RuleStartSign, "amount", e.Amount.String(), "0 or more in a "+string(e.Type))
	case (e.TypeRank == models.RankDeduction || e.TypeRank == models.RankExpiration) && e.Amount > 0:
		add(models.RuleDeductionSign, "amount", e.Amount.String(), "0 or less in a "+string(e.Type))
	}
	if e.SegmentID != nil && l.segment(e) == nil {
		add(models.RuleEntrySegment, "segment_id", *e.SegmentID, "a segment of the balance")
	}
	if e.Type.IsManual() && e.SegmentID == nil && len(l.Segments) > 0 && !slices.ContainsFunc(l.Segments, func(s *models.AccessSegment) bool { return s.ActiveAt(e.Timestamp) }) {
		add(models.RuleEntryGap, "timestamp", e.Timestamp.String(), "an instant in a segment, or the segment's ID: the entry counts in segment "+l.segment(e).ID)
	}
	if e.TypeRank == models.RankDeduction && e.InvoiceID == nil {
		add(models.RuleDeductionInvoice, "invoice_id", "nothing", "the invoice of the deduction")
	}
	return found
}

// doubles finds invoices that took from a segment more than once. Each is one
// breach, at the second deduction.
func (l *Ledger) doubles() (found []models.Breach) {
	type use struct{ segment, invoice string }
	first := map[use]*models.LedgerEntry{}
	told := map[use]bool{}
	for _, e := range l.Entries {
		if e.TypeRank != models.RankDeduction || e.InvoiceID == nil || l.status(e) == models.InvoiceStatusVoid {
			continue
		}
		at := use{scalar.OrZero(e.SegmentID), *e.InvoiceID}
		if s := l.segment(e); s != nil {
			at.segment = s.ID
		}
		if before := first[at]; before == nil {
			first[at] = e
		} else if !told[at] {
			told[at] = true
			found = append(found, models.Breach{
				Rule: models.RuleDoubleDeduction, Part: e.Part(), Field: "invoice_id", Found: at.invoice,
				Expected: fmt.Sprintf("one deduction of an invoice from segment %s: %s has it", at.segment, before.Part()),
			})
		}
	}
	return found
}

// unclosed finds segments that ended, whose rest was taken away, and of which
// something is left all the same. Entries of void invoices do not count.
func (l *Ledger) unclosed(now scalar.DateTime) (found []models.Breach) {
	type total struct {
		sum    scalar.Decimal
		closed bool
	}
	totals := map[*models.AccessSegment]total{}
	for _, e := range l.Entries {
		if _, counts := l.kind(e); !counts {
			continue
		}
		s := l.segment(e)
		t := totals[s]
		t.sum += e.Amount
		t.closed = t.closed || e.TypeRank == models.RankExpiration || e.TypeRank == models.RankRollover
		totals[s] = t
	}
	for _, s := range l.Segments {
		if t := totals[s]; s.EndingBefore <= now && t.closed && t.sum != 0 {
			found = append(found, models.Breach{Rule: models.RuleClosedSegment, Part: s.Part(), Field: "ledger", Found: "entries that sum to " + t.sum.String(), Expected: "a sum of 0 after the segment ended and its rest was taken away"})
		}
	}
	return found
}

// Drift reckons the ledger anew and returns where what is stored differs: sums, and
// in the entries the running balance and the rank of their type. It changes the
// entries.
func (l *Ledger) Drift(stored []*models.BalanceSum) (found []models.Breach) {
	was := make([]scalar.Decimal, len(l.Entries))
	for i, e := range l.Entries {
		was[i] = e.RunningBalance
		if rank := e.Type.Rank(); rank != e.TypeRank {
			found = append(found, models.Breach{Rule: models.RuleRunningBalance, Part: e.Part(), Field: "", Found: "rank " + strconv.Itoa(e.TypeRank), Expected: fmt.Sprintf("rank %d of %s", rank, e.Type)})
		}
	}
	settled := l.Settle()
	for i, e := range l.Entries {
		if e.RunningBalance != was[i] {
			found = append(found, models.Breach{Rule: models.RuleRunningBalance, Part: e.Part(), Field: "", Found: "running balance " + was[i].String(), Expected: e.RunningBalance.String()})
		}
	}
	for _, d := range differences(stored, settled) {
		found = append(found, models.Breach{Rule: models.RuleBalanceSum, Part: d.part(), Field: "", Found: sumText(d.stored), Expected: sumText(d.settled)})
	}
	return found
}

// BreachesOfPostpaid holds the ledger of a postpaid commit to one segment, whose
// amount it begins with. A source may leave the schedule out, and then there is
// nothing to compare the ledger with.
func (l *Ledger) BreachesOfPostpaid() []models.Breach {
	switch n := len(l.Segments); {
	case n == 0:
		return nil
	case n > 1:
		return []models.Breach{{Rule: models.RulePostpaid, Part: "", Field: "access_schedule.schedule_items", Found: strconv.Itoa(n) + " segments", Expected: "exactly one segment in a postpaid commit"}}
	}
	var initial scalar.Decimal
	for _, e := range l.Entries {
		if e.Type == models.LedgerEntryTypePostpaidCommitInitialBalance {
			initial += e.Amount
		}
	}
	if amount := l.Segments[0].Amount; len(l.Entries) > 0 && initial != amount {
		return []models.Breach{{Rule: models.RulePostpaid, Part: "", Field: "ledger", Found: "POSTPAID_COMMIT_INITIAL_BALANCE of " + initial.String(), Expected: "the amount of the segment, " + amount.String()}}
	}
	return nil
}
