package billing

import (
	"cmp"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// BalanceHistoryWindow is what moved balances in a window of time.
type BalanceHistoryWindow struct {
	StartingAt   scalar.DateTime
	EndingBefore scalar.DateTime
	Opening      scalar.Decimal
	Granted      scalar.Decimal
	Used         scalar.Decimal
	Expired      scalar.Decimal
	Adjusted     scalar.Decimal
	Closing      scalar.Decimal // Opening + Granted − Used − Expired + Adjusted
	Balance      scalar.Decimal // as of EndingBefore
	Differences  []*BalanceDifference
}

// Difference is Balance less Closing, the sum of Differences.
func (w *BalanceHistoryWindow) Difference() scalar.Decimal { return w.Balance - w.Closing }

// BalanceDifference is a part of the difference of a balance and its ledger.
type BalanceDifference struct {
	Reason models.BalanceDifferenceReason
	Amount scalar.Decimal
}

// A BalanceHistory adds up the ledgers of balances, window by window.
type BalanceHistory struct {
	Windows []*BalanceHistoryWindow
	mode    models.InvoiceInclusionMode
	moved   scalar.Decimal // whatever the sign
}

// NewBalanceHistory makes the windows between borders, which ascend.
func NewBalanceHistory(borders []scalar.DateTime, mode models.InvoiceInclusionMode) *BalanceHistory {
	h := &BalanceHistory{mode: mode}
	for i, end := range borders[1:] {
		h.Windows = append(h.Windows, &BalanceHistoryWindow{StartingAt: borders[i], EndingBefore: end, Differences: []*BalanceDifference{}})
	}
	return h
}

// Add adds a ledger. It is an error if the sum of all amounts is past what a Decimal
// holds.
func (h *BalanceHistory) Add(l *Ledger) error {
	bySegment := map[*models.AccessSegment][]*models.LedgerEntry{}
	for _, entry := range l.Entries {
		kind, ever := l.kind(entry)
		if !ever || !kind.Counts(entry.Timestamp, entry.Timestamp, h.mode) {
			continue
		}
		segment := l.segment(entry) // nil for an entry that names one which the balance lacks
		bySegment[segment] = append(bySegment[segment], entry)
		size := max(entry.Amount, -entry.Amount)
		if !h.moved.CanSubtract(-size) {
			return fault.Invalid("the history is past 9.2e12")
		}
		h.moved += size
	}
	for segment, entries := range bySegment {
		h.addSegment(l, segment, entries)
	}
	return nil
}

// stamped is the instant at which an entry moves a history: what invoices deduct, just before its
// timestamp, for that is the end of the period that the invoice bills.
func stamped(e *models.LedgerEntry) scalar.DateTime {
	if e.TypeRank == models.RankDeduction {
		return e.Timestamp - 1
	}
	return e.Timestamp
}

// addSegment adds the entries of a segment that count.
func (h *BalanceHistory) addSegment(l *Ledger, segment *models.AccessSegment, entries []*models.LedgerEntry) {
	slices.SortStableFunc(entries, func(a, b *models.LedgerEntry) int { return cmp.Compare(stamped(a), stamped(b)) })
	var sum, raw scalar.Decimal       // of the entries before the window; of all that count at any time
	var endings []*models.LedgerEntry // which count from their timestamp on
	for _, entry := range entries {
		if kind, _ := l.kind(entry); kind == models.SumEnded {
			endings = append(endings, entry)
		} else {
			raw += entry.Amount
		}
	}
	for i, w := 0, -1; w < len(h.Windows); w++ {
		end := h.Windows[0].StartingAt // of what is before the first window
		if w >= 0 {
			end = h.Windows[w].EndingBefore
			h.Windows[w].Opening += sum
		}
		for ; i < len(entries) && stamped(entries[i]) < end; i++ {
			sum += entries[i].Amount
			if w >= 0 {
				h.Windows[w].move(entries[i])
			}
		}
		for len(endings) > 0 && endings[0].Timestamp <= end {
			raw += endings[0].Amount
			endings = endings[1:]
		}
		if w >= 0 {
			h.Windows[w].close(segment, sum, raw)
		}
	}
}

// move adds an entry to its column.
func (w *BalanceHistoryWindow) move(entry *models.LedgerEntry) {
	switch {
	case entry.TypeRank == models.RankStart:
		w.Granted += entry.Amount
	case entry.TypeRank == models.RankDeduction:
		w.Used -= entry.Amount
	case entry.TypeRank == models.RankExpiration:
		w.Expired -= entry.Amount
	default:
		w.Adjusted += entry.Amount
	}
}

// close adds what a segment, or none, has at the end of the window: sum by the entries so
// far, and raw by all entries that count there if the segment is active. It says why
// the balance differs.
func (w *BalanceHistoryWindow) close(segment *models.AccessSegment, sum, raw scalar.Decimal) {
	w.Closing += sum
	switch {
	case segment == nil:
		w.differs(models.BalanceDifferenceReasonNoSegment, -sum)
	case segment.ActiveAt(w.EndingBefore):
		w.Balance += max(0, raw)
		w.differs(models.BalanceDifferenceReasonLaterEntries, raw-sum)
		w.differs(models.BalanceDifferenceReasonBelowZero, max(0, raw)-raw)
	case segment.EndingBefore <= w.EndingBefore:
		w.differs(models.BalanceDifferenceReasonEndedSegments, -sum)
	default:
		w.differs(models.BalanceDifferenceReasonUpcomingSegments, -sum)
	}
}

// differs adds to a reason. Reasons that add up to 0 are left out.
func (w *BalanceHistoryWindow) differs(reason models.BalanceDifferenceReason, amount scalar.Decimal) {
	i := slices.IndexFunc(w.Differences, func(d *BalanceDifference) bool { return d.Reason >= reason })
	switch {
	case amount == 0:
	case i < 0:
		w.Differences = append(w.Differences, &BalanceDifference{reason, amount})
	case w.Differences[i].Reason != reason:
		w.Differences = slices.Insert(w.Differences, i, &BalanceDifference{reason, amount})
	default:
		if w.Differences[i].Amount += amount; w.Differences[i].Amount == 0 {
			w.Differences = slices.Delete(w.Differences, i, i+1)
		}
	}
}
