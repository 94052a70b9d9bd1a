package models

import (
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// AccessSegment is an amount that may be used from StartingAt, included, to
// EndingBefore, excluded.
//
// Source: Metronome access_schedule.schedule_items[].
type AccessSegment struct {
	store.Siblings[AccessSegment] `gorm:"-"`

	BalanceID    BalanceID `gorm:"primaryKey"`
	ID           string    `gorm:"primaryKey"` // unique in its balance only
	CustomerID   scalar.CustomerID
	Amount       scalar.Decimal
	StartingAt   scalar.DateTime
	EndingBefore scalar.DateTime
}

// AccessSegments is the table of segments.
var AccessSegments = store.NewTable[AccessSegment]("customer_id")

// SegmentsOfBalance are in order of start and ID.
var SegmentsOfBalance = store.NewRelation(AccessSegments, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(s *AccessSegment) BalanceID { return s.BalanceID }).By("starting_at").Field("Balance.accessSchedule")

// ActiveAt reports whether the segment may be used at an instant.
func (s *AccessSegment) ActiveAt(at scalar.DateTime) bool {
	return s.StartingAt <= at && at < s.EndingBefore
}
