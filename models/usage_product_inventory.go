package models

import "github.com/usagegraph/usagegraph/graph/relay"

// UsageProductInventoryConnection is a page of usage product inventories.
type (
	UsageProductInventoryConnection = relay.Connection[*UsageProductInventory]
	UsageProductInventoryEdge       = relay.Edge[*UsageProductInventory]
)

// UsageProductInventory is one usage product in service at a site, from StartDate
// to EndDate, both included.
//
// Source: Elevate GET /usage-product-inventories.
type UsageProductInventory struct {
	Read[UsageProductInventory] `gorm:"-"`

	ID                            UsageProductInventoryID `gorm:"primaryKey"`
	CustomerID                    CustomerID              // of the site, which keeps it so
	SiteID                        SiteID
	UsageProductID                UsageProductID
	StartDate                     Date
	EndDate                       *Date // last live day
	SupplierAccountID             *int64
	BillByServiceID               bool
	ServiceID                     *string
	Billable                      bool
	InFlightOrder                 bool
	ExternalOrderReference        *string
	ExternalNetworkOrderReference *string
	PendingEndDate                *Date // in the order in flight; without effect
	UsageCapEnabled               bool
	DefaultUsageCap               *Decimal // minor units
	OverrideUsageCap              *Decimal // minor units
	ApplySurcharges               bool
	TripwirePlanID                *int64
	UpdatedAt                     DateTime
	Digest                        []byte
}

// UsageProductInventories is the table of usage product inventories.
var UsageProductInventories = newTable[UsageProductInventory]("customer_id")

// UsageProductInventoryByID finds a row by its key.
var UsageProductInventoryByID = newKey(UsageProductInventories, func(row *UsageProductInventory) UsageProductInventoryID { return row.ID })

// How usage product inventories are reached, and what they reach.
var (
	InventoriesOfCustomer = newRelation(UsageProductInventories, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(u *UsageProductInventory) CustomerID { return u.CustomerID })
	InventoriesOfSite = newRelation(UsageProductInventories, []string{"site_id"},
		func(s *Site) SiteID { return s.ID },
		func(u *UsageProductInventory) SiteID { return u.SiteID })
	SiteOfInventory     = newLookup(SiteByID, func(u *UsageProductInventory) SiteID { return u.SiteID })
	CustomerOfInventory = newLookup(CustomerByID, func(u *UsageProductInventory) CustomerID { return u.CustomerID })
	ProductOfInventory  = newLookup(UsageProductByID, func(u *UsageProductInventory) UsageProductID { return u.UsageProductID })
)

// IsNode marks what Query.node reaches.
func (UsageProductInventory) IsNode() {}

// DatabaseID is the raw key.
func (u *UsageProductInventory) DatabaseID() string { return u.ID.String() }

// EffectiveUsageCap is the cap that holds, in minor units; nil when none does.
func (u *UsageProductInventory) EffectiveUsageCap() *Decimal {
	switch {
	case !u.UsageCapEnabled:
		return nil
	case u.OverrideUsageCap != nil:
		return u.OverrideUsageCap
	default:
		return u.DefaultUsageCap
	}
}

// Status tells where the inventory is in its life on a day. A pending end date
// has no effect on whether it is live.
func (u *UsageProductInventory) Status(on Date) UsageProductInventoryStatus {
	switch {
	case on < u.StartDate:
		return UsageProductInventoryStatusPending
	case u.InFlightOrder && u.PendingEndDate != nil:
		return UsageProductInventoryStatusCeasePending
	case u.InFlightOrder:
		return UsageProductInventoryStatusOrderInFlight
	case u.EndDate != nil && on > *u.EndDate:
		return UsageProductInventoryStatusCeased
	default:
		return UsageProductInventoryStatusActive
	}
}
