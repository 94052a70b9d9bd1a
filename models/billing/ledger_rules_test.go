package billing_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// This file is a second answer to what is left of a balance: the rules of the
// billing system's documents, replayed over the entries one by one. It shares no
// code with models.

// book is a balance as a billing system describes it.
type book struct {
	id, kind, customer, contract, creditType string
	archived, imported                       bool // imported: with a ledger, be it empty
	fields                                   map[string]string
	terms                                    terms
	segments                                 []span     // in order of start and ID
	entries                                  []movement // as the source lists them
}

// span is an access segment: amount from start to end, the end excluded.
type span struct {
	id         string
	start, end time.Time
	amount     decimal.Decimal
}

func (s span) covers(t time.Time) bool { return !t.Before(s.start) && t.Before(s.end) }

// movement is a ledger entry. kind lacks the type of its balance, and segment and
// invoice are "" when it names none.
type movement struct {
	number                 int // from 1
	kind, segment, invoice string
	amount                 decimal.Decimal
	at                     time.Time
	untimed                bool // the source leaves the timestamp out
}

// ranks order the entries of one instant.
var ranks = map[string]int{
	"SEGMENT_START": 1, "INITIAL_BALANCE": 1, "MANUAL": 2, "SEAT_BASED_ADJUSTMENT": 2, "AUTOMATED_INVOICE_DEDUCTION": 3,
	"CREDITED": 4, "CANCELED": 4, "ROLLOVER": 5, "TRUEUP": 6, "EXPIRATION": 7,
}

// inOrder are the entries in the order of a ledger.
func (b *book) inOrder() []movement {
	sorted := slices.Clone(b.entries)
	slices.SortFunc(sorted, func(x, y movement) int {
		return cmp.Or(x.at.Compare(y.at), cmp.Compare(ranks[x.kind], ranks[y.kind]), cmp.Compare(x.number, y.number))
	})
	return sorted
}

// owner is the ID of the segment that an entry moves: the one that it names, else
// the first that covers its timestamp, else the first of those that ended last up to
// then, else the first of all. "" is none.
func (b *book) owner(e movement) string {
	if e.segment != "" {
		for _, s := range b.segments {
			if s.id == e.segment {
				return s.id
			}
		}
		return ""
	}
	var ended []span
	for _, s := range b.segments {
		if s.covers(e.at) {
			return s.id
		}
		if !s.end.After(e.at) {
			ended = append(ended, s)
		}
	}
	slices.SortStableFunc(ended, func(x, y span) int { return y.end.Compare(x.end) })
	for _, s := range append(ended, b.segments...) {
		return s.id
	}
	return ""
}

// statuses are those of invoices. One that is missing is final.
type statuses map[string]string

// raw is the sum of what counts of a segment that is active at t.
func (b *book) raw(s span, t time.Time, final bool, invoices statuses) (sum decimal.Decimal) {
	for _, e := range b.entries {
		if b.owner(e) != s.id || invoices[e.invoice] == "VOID" {
			continue
		}
		switch e.kind {
		case "AUTOMATED_INVOICE_DEDUCTION":
			if final && invoices[e.invoice] == "DRAFT" {
				continue
			}
		case "EXPIRATION", "ROLLOVER", "TRUEUP":
			if e.at.After(t) {
				continue
			}
		}
		sum = sum.Add(e.amount)
	}
	return sum
}

// left is the balance at t: of each active segment what is above 0.
func (b *book) left(t time.Time, final bool, invoices statuses) (sum decimal.Decimal) {
	for _, s := range b.segments {
		if s.covers(t) {
			sum = sum.Add(decimal.Max(decimal.Zero, b.raw(s, t, final, invoices)))
		}
	}
	return sum
}

// reason is why an entry of the segment counts at t or does not.
func (s span) reason(e movement, t time.Time, final bool, invoices statuses) string {
	status := invoices[e.invoice]
	switch {
	case status == "VOID":
		return "INVOICE_VOID"
	case e.kind == "AUTOMATED_INVOICE_DEDUCTION" && status == "DRAFT" && final:
		return "INVOICE_DRAFT"
	case ranks[e.kind] >= ranks["ROLLOVER"] && t.Before(e.at):
		return "AFTER_AS_OF"
	case !s.covers(t):
		return "SEGMENT_NOT_ACTIVE"
	}
	return "COUNTED"
}

// running are the running balances by the numbers of the entries.
func (b *book) running(invoices statuses) map[int]decimal.Decimal {
	var sum decimal.Decimal
	at := map[int]decimal.Decimal{}
	for _, e := range b.inOrder() {
		if invoices[e.invoice] != "VOID" {
			sum = sum.Add(e.amount)
		}
		at[e.number] = sum
	}
	return at
}

// chosen reports whether a filter by dates chooses the balance: whether one segment
// passes all that is given, each nil if it is not.
func (b *book) chosen(covering, starting, before *time.Time) bool {
	if covering == nil && starting == nil && before == nil {
		return true
	}
	return slices.ContainsFunc(b.segments, func(s span) bool {
		return (covering == nil || s.covers(*covering)) &&
			(starting == nil || s.end.After(*starting)) &&
			(before == nil || s.start.Before(*before))
	})
}
