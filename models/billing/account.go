package billing

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Account is what a balance is reckoned from: its sums, those of a segment together.
type Account []*models.BalanceSum

// Balance is what may be used at an instant: the sum over the segments that are
// active then, none less than 0. It is access as of the instant by today's
// ledger.
//
// Source: Metronome, BalanceForCommitsAndCredits.
func (a Account) Balance(at scalar.DateTime, mode models.InvoiceInclusionMode) (balance scalar.Decimal) {
	var left scalar.Decimal
	for i, sum := range a {
		if sum.StartingAt <= at && at < sum.EndingBefore && sum.Kind.Counts(sum.At, at, mode) {
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
func (a Account) segment(segment *models.AccessSegment, at scalar.DateTime, mode models.InvoiceInclusionMode) (left scalar.Decimal) {
	for _, sum := range a {
		if sum.SegmentID == segment.ID && segment.ActiveAt(at) && sum.Kind.Counts(sum.At, at, mode) {
			left += sum.Amount
		}
	}
	return max(0, left)
}

// segments is what may be used of each segment that is active at an instant.
func (a Account) segments(at scalar.DateTime, mode models.InvoiceInclusionMode) map[string]scalar.Decimal {
	left := map[string]scalar.Decimal{}
	for _, sum := range a {
		if sum.StartingAt <= at && at < sum.EndingBefore && sum.Kind.Counts(sum.At, at, mode) {
			left[sum.SegmentID] += sum.Amount
		}
	}
	for id, sum := range left {
		left[id] = max(0, sum)
	}
	return left
}
