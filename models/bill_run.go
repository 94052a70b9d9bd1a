package models

import "github.com/usagegraph/usagegraph/graph/relay"

// BillRunConnection is a page of bill runs.
type (
	BillRunConnection = relay.Connection[*BillRun]
	BillRunEdge       = relay.Edge[*BillRun]
)

// BillRun is one production of invoices over a period, both days included. A row
// that was only named by a balance has its key and period.
//
// Source: Elevate GET /bill-runs.
type BillRun struct {
	Read[BillRun] `gorm:"-"`

	ID                    BillRunID `gorm:"primaryKey"`
	Name                  *string   `fold:"yes"`
	BillingCycleID        *int64
	PeriodStartDate       *Date
	PeriodEndDate         *Date
	Status                *BillRunStatus // billRunStatus
	InvoiceDate           *Date
	IncludeUsageUntilDate *Date
	SummaryStatus         *string
	Parallel              *bool
	Paused                *bool
	CreatedAt             *DateTime // created
	UpdatedAt             DateTime
	Digest                []byte
}

// BillRuns is the catalogue of bill runs.
var BillRuns = newTable[BillRun]("").filters("id", "name").orderable("NAME")

// BillRunByID finds a row by its key.
var BillRunByID = newKey(BillRuns, func(row *BillRun) BillRunID { return row.ID })

// IsNode marks what Query.node reaches.
func (BillRun) IsNode() {}

// DatabaseID is the raw key.
func (b *BillRun) DatabaseID() string { return b.ID.String() }
