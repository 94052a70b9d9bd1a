package billing

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// BalanceBreakdown is how a balance comes about at an instant.
type BalanceBreakdown struct {
	AsOf                 scalar.DateTime
	InvoiceInclusionMode models.InvoiceInclusionMode
	Balance              scalar.Decimal
	Segments             []*SegmentBreakdown
	WithoutSegment       []*EntryBreakdown // which name a segment that the balance lacks
}

// SegmentBreakdown is how one segment adds to a balance.
type SegmentBreakdown struct {
	Segment *models.AccessSegment
	Active  bool           // the instant lies in the segment
	Sum     scalar.Decimal // of the entries that count; may be below 0
	Balance scalar.Decimal // what the segment adds: Sum if it is active and above 0, else 0
	Entries []*EntryBreakdown
}

// EntryBreakdown is whether one entry counts, and why.
type EntryBreakdown struct {
	Entry  *models.LedgerEntry
	Reason models.EntryReason
}

// Counted reports whether the entry is in the sum.
func (e *EntryBreakdown) Counted() bool { return e.Reason == models.EntryReasonCounted }
