package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// InclusiveUsagePlanConnection is a page of plans.
type (
	InclusiveUsagePlanConnection = relay.Connection[*InclusiveUsagePlan]
	InclusiveUsagePlanEdge       = relay.Edge[*InclusiveUsagePlan]
)

// InclusiveUsagePlanID is the key of an InclusiveUsagePlan, Elevate's plan id.
type InclusiveUsagePlanID int64

// String is the raw key, the databaseId of GraphQL.
func (id InclusiveUsagePlanID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id InclusiveUsagePlanID) MarshalGQL(w io.Writer) {
	scalar.WriteID(w, "InclusiveUsagePlan", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *InclusiveUsagePlanID) UnmarshalGQL(v any) error {
	return scalar.ReadIntID("InclusiveUsagePlan", v, id)
}

// InclusiveUsagePlan is a bundle sold with a product, such as 500 minutes. A row
// that was only named by a balance has nothing but its key.
//
// Source: Elevate GET /inclusive-usage-plans.
type InclusiveUsagePlan struct {
	store.Siblings[InclusiveUsagePlan] `gorm:"-"`

	ID                    InclusiveUsagePlanID `gorm:"primaryKey"`
	Name                  *string              `fold:"yes"`
	UsageProductID        *UsageProductID
	AvailableFrom         *scalar.Date
	AvailableTo           *scalar.Date
	BoltOn                *bool
	TaxBandID             *int64
	NominalCode           *string
	RolloverPeriods       *int
	Frequency             *string // MONTHLY, DAILY or WEEKLY
	TriggerChargeID       *int64
	MinQualifyingQuantity *scalar.Decimal
	MaxPerEventQuantity   *scalar.Decimal
	UpdatedAt             scalar.DateTime
	Digest                []byte
}

// InclusiveUsagePlans is the catalogue of plans.
var InclusiveUsagePlans = store.NewTable[InclusiveUsagePlan]("").Filters("id", "name").Orderable("NAME")

// AllInclusiveUsagePlans is the list at the root, Query.inclusiveUsagePlans.
var AllInclusiveUsagePlans = store.NewList(InclusiveUsagePlans).Field("Query.inclusiveUsagePlans")

// InclusiveUsagePlanByID finds a row by its key.
var InclusiveUsagePlanByID = store.NewNode("InclusiveUsagePlan", InclusiveUsagePlans, func(row *InclusiveUsagePlan) InclusiveUsagePlanID { return row.ID }, scalar.ReadID[InclusiveUsagePlanID])

// ProductOfPlan is the product that a plan is sold with.
var ProductOfPlan = store.NewLookup(UsageProductByID,
	func(p *InclusiveUsagePlan) UsageProductID { return scalar.OrZero(p.UsageProductID) }, "usage_product_id").Field("InclusiveUsagePlan.usageProduct")

// IsNode marks what Query.node reaches.
func (InclusiveUsagePlan) IsNode() {}

// DatabaseID is the raw key.
func (p *InclusiveUsagePlan) DatabaseID() string { return p.ID.String() }
