package models

import "fmt"

// SumKind is how the entries of a BalanceSum count.
type SumKind string

// The kinds of sum.
const (
	SumSettled SumKind = "SETTLED" // always
	SumDraft   SumKind = "DRAFT"   // as deductions of draft invoices: unless only finalized ones are asked for
	SumEnded   SumKind = "ENDED"   // as what ends a segment: from their timestamp on
)

// BalanceSum is the exact sum of the entries of a segment that count alike, so
// that a balance costs the same whatever the length of its ledger. Imports keep
// it; entries of void invoices are in none.
type BalanceSum struct {
	Read[BalanceSum] `gorm:"-"`

	BalanceID    BalanceID `gorm:"primaryKey"`
	SegmentID    string    `gorm:"primaryKey"`
	Kind         SumKind   `gorm:"primaryKey"`
	At           DateTime  `gorm:"primaryKey"` // timestamp of the entries of SumEnded; else the epoch
	CustomerID   CustomerID
	StartingAt   DateTime // of the segment
	EndingBefore DateTime // of the segment
	Amount       Decimal
}

// BalanceSums is the table of sums.
var BalanceSums = newTable[BalanceSum]("customer_id")

// SumsOfBalance are in order of segment.
var SumsOfBalance = newRelation(BalanceSums, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(s *BalanceSum) BalanceID { return s.BalanceID })

// sumKey is what a sum is of, in its balance.
type sumKey struct {
	segment string
	kind    SumKind
	at      DateTime
}

func (s *BalanceSum) key() sumKey { return sumKey{s.SegmentID, s.Kind, s.At} }

func (k sumKey) part() string {
	if k.kind == SumEnded {
		return fmt.Sprintf("segment %s, sum %s at %s", k.segment, k.kind, k.at)
	}
	return fmt.Sprintf("segment %s, sum %s", k.segment, k.kind)
}

func (s *BalanceSum) text() string {
	if s == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s in %s to %s", s.Amount, s.StartingAt, s.EndingBefore)
}

// sumDifference is a sum as it is stored and as it should be. One of them is nil
// where the other is too many.
type sumDifference struct {
	sumKey
	stored, settled *BalanceSum
}

// differences compares sums in any order.
func differences(stored []*BalanceSum, settled []BalanceSum) (found []sumDifference) {
	left := make(map[sumKey]*BalanceSum, len(stored))
	for _, was := range stored {
		left[was.key()] = was
	}
	for i := range settled {
		sum := &settled[i]
		was := left[sum.key()]
		delete(left, sum.key())
		if was == nil || was.Amount != sum.Amount || was.StartingAt != sum.StartingAt || was.EndingBefore != sum.EndingBefore {
			found = append(found, sumDifference{sum.key(), was, sum})
		}
	}
	for _, was := range stored {
		if left[was.key()] != nil {
			found = append(found, sumDifference{was.key(), was, nil})
		}
	}
	return found
}

// counts tells whether entries of a kind count at an instant.
func (k SumKind) counts(stamped, at DateTime, mode InvoiceInclusionMode) bool {
	switch k {
	case SumDraft:
		return mode != InvoiceInclusionModeFinalized
	case SumEnded:
		return stamped <= at
	default:
		return true
	}
}

// Account is what a balance is reckoned from: its sums, those of a segment together.
type Account []*BalanceSum

// Balance is what may be used at an instant: the sum over the segments that are
// active then, none less than 0. It is access as of the instant by today's
// ledger.
//
// Source: Metronome, BalanceForCommitsAndCredits.
func (a Account) Balance(at DateTime, mode InvoiceInclusionMode) (balance Decimal) {
	var left Decimal
	for i, sum := range a {
		if sum.StartingAt <= at && at < sum.EndingBefore && sum.Kind.counts(sum.At, at, mode) {
			left += sum.Amount
		}
		if i == len(a)-1 || a[i+1].SegmentID != sum.SegmentID {
			balance += max(0, left)
			left = 0
		}
	}
	return balance
}

// segment is what may be used of one segment at an instant, if it is active then.
func (a Account) segment(segment *AccessSegment, at DateTime, mode InvoiceInclusionMode) (left Decimal) {
	for _, sum := range a {
		if sum.SegmentID == segment.ID && segment.ActiveAt(at) && sum.Kind.counts(sum.At, at, mode) {
			left += sum.Amount
		}
	}
	return max(0, left)
}

// segments is what may be used of each segment that is active at an instant.
func (a Account) segments(at DateTime, mode InvoiceInclusionMode) map[string]Decimal {
	left := map[string]Decimal{}
	for _, sum := range a {
		if sum.StartingAt <= at && at < sum.EndingBefore && sum.Kind.counts(sum.At, at, mode) {
			left[sum.SegmentID] += sum.Amount
		}
	}
	for id, sum := range left {
		left[id] = max(0, sum)
	}
	return left
}

// notZero keeps the balances that are not 0 at an instant, drafts counted. One
// whose ledger was never imported is not known to be 0.
func notZero(w *filterWriter, alias string, at DateTime) {
	w.add("("+alias+`."ledger_digest" IS NULL OR EXISTS (SELECT 1 FROM `).from(&BalanceSums.table, "m")
	w.add(` WHERE m."balance_id" = `+alias+`."id" AND m."starting_at" <= ? AND ? < m."ending_before" AND `, at, at)
	countsAt(w.statement, "m", at)
	w.add(` GROUP BY m."segment_id" HAVING SUM(m."amount") > 0))`)
}

// countsAt writes SumKind.counts of the sums called alias, drafts counted.
func countsAt(s *statement, alias string, at DateTime) {
	s.add(fmt.Sprintf(`(%[1]s."kind" <> ? OR %[1]s."at" <= ?)`, alias), SumEnded, at)
}
