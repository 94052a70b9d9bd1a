package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// BillRunConnection is a page of bill runs.
type (
	BillRunConnection = relay.Connection[*BillRun]
	BillRunEdge       = relay.Edge[*BillRun]
)

// BillRunID is the key of a BillRun, Elevate's bill run id.
type BillRunID int64

// String is the raw key, the databaseId of GraphQL.
func (id BillRunID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id BillRunID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "BillRun", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *BillRunID) UnmarshalGQL(v any) error { return scalar.ReadIntID("BillRun", v, id) }

// BillRun is one production of invoices over a period, both days included. A row
// that was only named by a balance has its key and period.
//
// Source: Elevate GET /bill-runs.
type BillRun struct {
	store.Siblings[BillRun] `gorm:"-"`

	ID                    BillRunID `gorm:"primaryKey"`
	Name                  *string   `fold:"yes"`
	BillingCycleID        *int64
	PeriodStartDate       *scalar.Date
	PeriodEndDate         *scalar.Date
	Status                *BillRunStatus // billRunStatus
	InvoiceDate           *scalar.Date
	IncludeUsageUntilDate *scalar.Date
	SummaryStatus         *string
	Parallel              *bool
	Paused                *bool
	CreatedAt             *scalar.DateTime // created
	UpdatedAt             scalar.DateTime
	Digest                []byte
}

// BillRuns is the catalogue of bill runs.
var BillRuns = store.NewTable[BillRun]("").Filters("id", "name").Orderable("NAME")

// AllBillRuns is the list at the root, Query.billRuns.
var AllBillRuns = store.NewList(BillRuns).Field("Query.billRuns")

// BillRunByID finds a row by its key.
var BillRunByID = store.NewNode("BillRun", BillRuns, func(row *BillRun) BillRunID { return row.ID }, scalar.ReadID[BillRunID])

// IsNode marks what Query.node reaches.
func (BillRun) IsNode() {}

// DatabaseID is the raw key.
func (b *BillRun) DatabaseID() string { return b.ID.String() }
