package models

import (
	"fmt"
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// UsageProductInventoryConnection is a page of usage product inventories.
type (
	UsageProductInventoryConnection = relay.Connection[*UsageProductInventory]
	UsageProductInventoryEdge       = relay.Edge[*UsageProductInventory]
)

// UsageProductInventoryID is the key of a UsageProductInventory, Elevate's usage product inventory id.
type UsageProductInventoryID int64

// String is the raw key, the databaseId of GraphQL.
func (id UsageProductInventoryID) String() string { return relay.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id UsageProductInventoryID) MarshalGQL(w io.Writer) {
	relay.WriteID(w, "UsageProductInventory", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *UsageProductInventoryID) UnmarshalGQL(v any) error {
	return relay.ReadIntID("UsageProductInventory", v, id)
}

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
	ServiceID                     *string `fold:"yes"`
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
var UsageProductInventories = newTable[UsageProductInventory]("customer_id").
	filters("id", "usageProductId", "startDate", "endDate", "serviceId", "siteId", "customerId", "billable", "inFlightOrder", "usageCapEnabled", "tripwirePlanId", "updatedAt").
	filterBy("liveOn", testOf(scalar[Date], liveOn)).
	filterBy("productReference", referenceField("product_reference")).
	filterBy("label", referenceField("label")).
	filterBy("search", testOf(wordsOf, func(w *filterWriter, alias string, words []string) { searchInventories(w, w.table, alias, words) })).
	orderable("SITE_ID", "USAGE_PRODUCT_ID", "START_DATE", "END_DATE", "SERVICE_ID", "UPDATED_AT")

// AllUsageProductInventories is the list at the root, Query.usageProductInventories.
var AllUsageProductInventories = all(UsageProductInventories).field("Query.usageProductInventories")

// liveOn holds on a day from the first to the last live one.
func liveOn(w *filterWriter, alias string, day Date) {
	w.add(fmt.Sprintf(`(%[1]s."start_date" <= ? AND (%[1]s."end_date" >= ? OR %[1]s."end_date" IS NULL))`, alias), day, day)
}

// referenceField compares a column of any of the inventory's references.
func referenceField(name string) filterField {
	return filterField{operand: ProductReferences.columnOperand(name), rows: "r", rare: true, path: &path{
		row: []string{`t."id"`}, far: []string{`r."usage_product_inventory_id"`},
		from: func(s *statement, _ map[string]bool) { s.from(ProductReferences, "r") },
	}}
}

// searchInventories looks for each word in the service ID and the references of the rows of
// inventories called alias.
func searchInventories(w *filterWriter, inventories AnyTable, alias string, words []string) {
	w.search(searched{texts{inventories, alias, []string{"service_id"}},
		texts{ProductReferences, "r", []string{"product_reference", "label"}}, "id", "usage_product_inventory_id"}, words)
}

// UsageProductInventoryByID finds a row by its key.
var UsageProductInventoryByID = newNode("UsageProductInventory", UsageProductInventories, func(row *UsageProductInventory) UsageProductInventoryID { return row.ID }, readID[UsageProductInventoryID]).field("Query.usageProductInventory")

// How usage product inventories are reached, and what they reach.
var (
	InventoriesOfCustomer = newRelation(UsageProductInventories, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(u *UsageProductInventory) CustomerID { return u.CustomerID }).field("Customer.usageProductInventories")
	InventoriesOfSite = newRelation(UsageProductInventories, []string{"site_id"},
		func(s *Site) SiteID { return s.ID },
		func(u *UsageProductInventory) SiteID { return u.SiteID }).field("Site.usageProductInventories")
	SiteOfInventory     = newLookup(SiteByID, func(u *UsageProductInventory) SiteID { return u.SiteID }, "site_id").field("UsageProductInventory.site")
	CustomerOfInventory = newLookup(CustomerByID, func(u *UsageProductInventory) CustomerID { return u.CustomerID }, "customer_id").field("UsageProductInventory.customer")
	ProductOfInventory  = newLookup(UsageProductByID, func(u *UsageProductInventory) UsageProductID { return u.UsageProductID }, "usage_product_id").field("UsageProductInventory.usageProduct")
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
