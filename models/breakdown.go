package models

// BalanceBreakdown is how a balance comes about at an instant.
type BalanceBreakdown struct {
	AsOf                 DateTime
	InvoiceInclusionMode InvoiceInclusionMode
	Balance              Decimal
	Segments             []*SegmentBreakdown
	WithoutSegment       []*EntryBreakdown // which name a segment that the balance lacks
}

// SegmentBreakdown is how one segment adds to a balance.
type SegmentBreakdown struct {
	Segment *AccessSegment
	Active  bool    // the instant lies in the segment
	Sum     Decimal // of the entries that count; may be below 0
	Balance Decimal // what the segment adds: Sum if it is active and above 0, else 0
	Entries []*EntryBreakdown
}

// EntryBreakdown is whether one entry counts, and why.
type EntryBreakdown struct {
	Entry  *LedgerEntry
	Reason EntryReason
}

// Counted tells whether the entry is in the sum.
func (e *EntryBreakdown) Counted() bool { return e.Reason == EntryReasonCounted }
