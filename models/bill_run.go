package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// BillRunConnection is a page of bill runs.
type (
	BillRunConnection = relay.Connection[*BillRun]
	BillRunEdge       = relay.Edge[*BillRun]
)

// BillRunID is the key of a BillRun, Elevate's bill run id.
type BillRunID int64

// String is the raw key, the databaseId of GraphQL.
func (id BillRunID) String() string { return relay.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id BillRunID) MarshalGQL(w io.Writer) { relay.WriteID(w, "BillRun", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *BillRunID) UnmarshalGQL(v any) error { return relay.ReadIntID("BillRun", v, id) }

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

// AllBillRuns is the list at the root, Query.billRuns.
var AllBillRuns = all(BillRuns).field("Query.billRuns")

// BillRunByID finds a row by its key.
var BillRunByID = newNode("BillRun", BillRuns, func(row *BillRun) BillRunID { return row.ID }, readID[BillRunID])

// IsNode marks what Query.node reaches.
func (BillRun) IsNode() {}

// DatabaseID is the raw key.
func (b *BillRun) DatabaseID() string { return b.ID.String() }
