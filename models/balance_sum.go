package models

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

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
	store.Siblings[BalanceSum] `gorm:"-"`

	BalanceID    BalanceID       `gorm:"primaryKey"`
	SegmentID    string          `gorm:"primaryKey"`
	Kind         SumKind         `gorm:"primaryKey"`
	At           scalar.DateTime `gorm:"primaryKey"` // timestamp of the entries of SumEnded; else the epoch
	CustomerID   scalar.CustomerID
	StartingAt   scalar.DateTime // of the segment
	EndingBefore scalar.DateTime // of the segment
	Amount       scalar.Decimal
}

// BalanceSums is the table of sums.
var BalanceSums = store.NewTable[BalanceSum]("customer_id")

// SumsOfBalance are in order of segment.
var SumsOfBalance = store.NewRelation(BalanceSums, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(s *BalanceSum) BalanceID { return s.BalanceID })

// Counts reports whether entries of a kind count at an instant.
func (k SumKind) Counts(stamped, at scalar.DateTime, mode InvoiceInclusionMode) bool {
	switch k {
	case SumDraft:
		return mode != InvoiceInclusionModeFinalized
	case SumEnded:
		return stamped <= at
	default:
		return true
	}
}

// notZero keeps the balances that are not 0 at an instant, drafts counted. One
// whose ledger was never imported is not known to be 0.
func notZero(w *store.FilterWriter, alias string, at scalar.DateTime) {
	w.Add("("+alias+`."ledger_digest" IS NULL OR EXISTS (SELECT 1 FROM `).From(BalanceSums, "m")
	w.Add(` WHERE m."balance_id" = `+alias+`."id" AND m."starting_at" <= ? AND ? < m."ending_before" AND `, at, at)
	countsAt(w.Statement, "m", at)
	w.Add(` GROUP BY m."segment_id" HAVING SUM(m."amount") > 0))`)
}

// countsAt writes SumKind.counts of the sums called alias, drafts counted.
func countsAt(s *store.Statement, alias string, at scalar.DateTime) {
	s.Add(fmt.Sprintf(`(%[1]s."kind" <> ? OR %[1]s."at" <= ?)`, alias), SumEnded, at)
}
