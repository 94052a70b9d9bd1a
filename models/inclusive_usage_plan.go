package models

import "github.com/usagegraph/usagegraph/graph/relay"

// InclusiveUsagePlanConnection is a page of plans.
type (
	InclusiveUsagePlanConnection = relay.Connection[*InclusiveUsagePlan]
	InclusiveUsagePlanEdge       = relay.Edge[*InclusiveUsagePlan]
)

// InclusiveUsagePlan is a bundle sold with a product, such as 500 minutes. A row
// that was only named by a balance has nothing but its key.
//
// Source: Elevate GET /inclusive-usage-plans.
type InclusiveUsagePlan struct {
	Read[InclusiveUsagePlan] `gorm:"-"`

	ID                    InclusiveUsagePlanID `gorm:"primaryKey"`
	Name                  *string              `fold:"yes"`
	UsageProductID        *UsageProductID
	AvailableFrom         *Date
	AvailableTo           *Date
	BoltOn                *bool
	TaxBandID             *int64
	NominalCode           *string
	RolloverPeriods       *int
	Frequency             *string // MONTHLY, DAILY or WEEKLY
	TriggerChargeID       *int64
	MinQualifyingQuantity *Decimal
	MaxPerEventQuantity   *Decimal
	UpdatedAt             DateTime
	Digest                []byte
}

// InclusiveUsagePlans is the catalogue of plans.
var InclusiveUsagePlans = newTable[InclusiveUsagePlan]("").filters("id", "name").orderable("NAME")

// InclusiveUsagePlanByID finds a row by its key.
var InclusiveUsagePlanByID = newKey(InclusiveUsagePlans, func(row *InclusiveUsagePlan) InclusiveUsagePlanID { return row.ID })

// ProductOfPlan is the product that a plan is sold with.
var ProductOfPlan = newLookup(UsageProductByID,
	func(p *InclusiveUsagePlan) UsageProductID { return orZero(p.UsageProductID) }, "usage_product_id")

// IsNode marks what Query.node reaches.
func (InclusiveUsagePlan) IsNode() {}

// DatabaseID is the raw key.
func (p *InclusiveUsagePlan) DatabaseID() string { return p.ID.String() }
