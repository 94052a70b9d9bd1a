package seed

import (
	"cmp"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// An account is a balance in the making, with its segments and its ledger.
type account struct {
	*customer
	row     models.Balance
	parts   []models.AccessSegment
	entries []models.LedgerEntry
}

// A segment is an amount for a time. left is what its entries sum up to, those of
// void invoices not counted.
type segment struct {
	id           string
	from, to     scalar.DateTime
	amount, left scalar.Decimal
}

// segment adds a segment of so many cents, and the entry that begins it.
func (a *account) segment(from, to scalar.DateTime, cents int) *segment {
	s := &segment{id: a.uuid(), from: from, to: to, amount: units(cents)}
	a.parts = append(a.parts, models.AccessSegment{
		BalanceID: a.row.ID, ID: s.id, CustomerID: a.id, Amount: s.amount, StartingAt: from, EndingBefore: to,
	})
	a.add(start, s, s.amount, from)
	return s
}

// add adds an entry to the ledger.
func (a *account) add(m movement, s *segment, amount scalar.Decimal, at scalar.DateTime) *models.LedgerEntry {
	kind := m.in(a.row.Type)
	a.entries = append(a.entries, models.LedgerEntry{
		BalanceID: a.row.ID, CustomerID: a.id, Type: kind, TypeRank: kind.Rank(), Amount: amount, Timestamp: at,
	})
	if m.namesSegment(a.row.Type) {
		a.entries[len(a.entries)-1].SegmentID = &s.id
	}
	s.left += amount
	return &a.entries[len(a.entries)-1]
}

// use takes usage of the months from one to another, the last not included, off
// the segment: an entry for each invoice.
func (a *account) use(s *segment, from, to int) {
	for i := range a.invoices {
		inv := &a.invoices[i]
		if inv.month < from || inv.month >= to || s.left <= 0 {
			continue
		}
		amount := a.part(s.left, 8, 35)
		if inv.month == to-1 && a.chance(8) {
			amount = s.left
		}
		a.onInvoice(a.add(deduction, s, -amount, a.months[inv.month].to), inv)
		if inv.status == models.InvoiceStatusVoid {
			s.left += amount
		}
		if inv.status == models.InvoiceStatusFinalized && inv.month+1 < to && a.chance(5) {
			a.giveBack(s, inv, amount)
		}
	}
}

// giveBack credits a part of what an invoice took, or cancels it.
func (a *account) giveBack(s *segment, inv *invoice, amount scalar.Decimal) {
	m, at := credited, a.instantNear(a.months[inv.month+1].to, 20)
	if a.row.Type == models.BalanceTypePostpaidCommit {
		m = manual // the source has neither for these
	} else if a.chance(40) {
		m = canceled
	}
	if m == credited {
		amount = a.part(amount, 10, 90)
	}
	entry := a.add(m, s, amount, at)
	if m == manual {
		entry.Reason = new(a.dated(pick(a.random, reasons)))
		return
	}
	a.onInvoice(entry, inv)
}

func (a *account) onInvoice(entry *models.LedgerEntry, inv *invoice) {
	entry.InvoiceID, entry.ContractID = &inv.id, a.row.ContractID
}

// part is some hundredths of an amount, to a cent as a rule, and never nothing.
func (a *account) part(of scalar.Decimal, lo, hi int) scalar.Decimal {
	cents := of / units(100) * scalar.Decimal(a.between(lo, hi))
	amount := cents * units(1)
	if a.chance(12) {
		amount += scalar.Decimal(a.between(1, 3)) * 250_000
	}
	return min(of, max(amount, units(1)))
}

// adjust adds an entry made by hand.
func (a *account) adjust(s *segment) {
	amount := a.part(s.amount, 2, 10)
	if a.chance(50) && amount < s.left {
		amount = -amount
	}
	at := s.from
	if a.chance(70) {
		at = a.instantNear(s.from+60*day, 50)
	}
	a.add(manual, s, amount, at).Reason = new(a.dated(pick(a.random, reasons)))
}

// end closes a segment at an instant: what is left moves on or is lost, so that
// its entries sum up to 0. It returns how much moved to another contract.
func (a *account) end(s *segment, at scalar.DateTime, rollover *float64, to models.ContractID) (moved scalar.Decimal) {
	if rollover != nil && s.left > 0 {
		if moved = scalar.Decimal(float64(s.left/units(1))**rollover) * units(1); moved > 0 {
			a.add(rolledOver, s, -moved, at).NewContractID = new(to)
		}
	}
	if s.left > 0 {
		a.add(expiration, s, -s.left, at)
	}
	return moved
}

// ledgerDigest marks the ledgers as known.
var ledgerDigest = []byte("usagegraph: seed")

// finish puts the ledger in order and all rows of the balance into the batch.
func (a *account) finish() {
	slices.SortStableFunc(a.entries, func(x, y models.LedgerEntry) int {
		return cmp.Or(cmp.Compare(x.Timestamp, y.Timestamp), x.TypeRank-y.TypeRank)
	})
	for i := range a.entries {
		a.entries[i].Number = int64(i + 1)
	}
	statuses := map[string]models.InvoiceStatus{}
	for _, inv := range a.invoices {
		statuses[inv.id] = inv.status
	}
	a.sums = append(a.sums, billing.NewLedger(a.parts, a.entries, statuses).Settle()...)
	a.segments = append(a.segments, a.parts...)
	a.batch.entries = append(a.batch.entries, a.entries...)
	a.balances = append(a.balances, a.row)
}
