package models

// AccessSegment is an amount that may be used from StartingAt, included, to
// EndingBefore, excluded.
//
// Source: Metronome access_schedule.schedule_items[].
type AccessSegment struct {
	Read[AccessSegment] `gorm:"-"`

	BalanceID    BalanceID `gorm:"primaryKey"`
	ID           string    `gorm:"primaryKey"` // unique in its balance only
	CustomerID   CustomerID
	Amount       Decimal
	StartingAt   DateTime
	EndingBefore DateTime
}

// AccessSegments is the table of segments.
var AccessSegments = newTable[AccessSegment]("customer_id")

// SegmentsOfBalance are in order of start and ID.
var SegmentsOfBalance = newRelation(AccessSegments, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(s *AccessSegment) BalanceID { return s.BalanceID }).by("starting_at").field("Balance.accessSchedule")

// ActiveAt tells whether the segment may be used at an instant.
func (s *AccessSegment) ActiveAt(at DateTime) bool { return s.StartingAt <= at && at < s.EndingBefore }
