package models

import (
	"fmt"
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// UsageProductInventoryConnection is a page of usage product inventories.
type (
	UsageProductInventoryConnection = relay.Connection[*UsageProductInventory]
	UsageProductInventoryEdge       = relay.Edge[*UsageProductInventory]
)

// UsageProductInventoryID is the key of a UsageProductInventory, Elevate's usage product inventory id.
type UsageProductInventoryID int64

// String is the raw key, the databaseId of GraphQL.
func (id UsageProductInventoryID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id UsageProductInventoryID) MarshalGQL(w io.Writer) {
	scalar.WriteID(w, "UsageProductInventory", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *UsageProductInventoryID) UnmarshalGQL(v any) error {
	return scalar.ReadIntID("UsageProductInventory", v, id)
}

// UsageProductInventory is one usage product in service at a site, from StartDate
// to EndDate, both included.
//
// Source: Elevate GET /usage-product-inventories.
type UsageProductInventory struct {
	store.Siblings[UsageProductInventory] `gorm:"-"`

	ID                            UsageProductInventoryID `gorm:"primaryKey"`
	CustomerID                    scalar.CustomerID       // of the site, which keeps it so
	SiteID                        SiteID
	UsageProductID                UsageProductID
	StartDate                     scalar.Date
	EndDate                       *scalar.Date // last live day
	SupplierAccountID             *int64
	BillByServiceID               bool
	ServiceID                     *string `fold:"yes"`
	Billable                      bool
	InFlightOrder                 bool
	ExternalOrderReference        *string
	ExternalNetworkOrderReference *string
	PendingEndDate                *scalar.Date // in the order in flight; without effect
	UsageCapEnabled               bool
	DefaultUsageCap               *scalar.Decimal // minor units
	OverrideUsageCap              *scalar.Decimal // minor units
	ApplySurcharges               bool
	TripwirePlanID                *int64
	UpdatedAt                     scalar.DateTime
	Digest                        []byte
}

// UsageProductInventories is the table of usage product inventories.
var UsageProductInventories = store.NewTable[UsageProductInventory]("customer_id").
	Filters("id", "usageProductId", "startDate", "endDate", "serviceId", "siteId", "customerId", "billable", "inFlightOrder", "usageCapEnabled", "tripwirePlanId", "updatedAt").
	FilterBy("liveOn", store.FilterWith(store.Scalar[scalar.Date], liveOn)).
	FilterBy("productReference", referenceField("product_reference")).
	FilterBy("label", referenceField("label")).
	FilterBy("search", store.FilterWith(store.ReadWords, func(w *store.FilterWriter, alias string, words []string) { searchInventories(w, w.Table, alias, words) })).
	Orderable("SITE_ID", "USAGE_PRODUCT_ID", "START_DATE", "END_DATE", "SERVICE_ID", "UPDATED_AT")

// AllUsageProductInventories is the list at the root, Query.usageProductInventories.
var AllUsageProductInventories = store.NewList(UsageProductInventories).Field("Query.usageProductInventories")

// liveOn holds on a day from the first to the last live one.
func liveOn(w *store.FilterWriter, alias string, day scalar.Date) {
	w.Add(fmt.Sprintf(`(%[1]s."start_date" <= ? AND (%[1]s."end_date" >= ? OR %[1]s."end_date" IS NULL))`, alias), day, day)
}

// referenceField compares a column of any of the inventory's references.
func referenceField(name string) store.FilterField {
	return store.FilterField{Operand: ProductReferences.ColumnOperand(name), Rows: "r", Rare: true, Path: &store.Path{
		Row: []string{`t."id"`}, Far: []string{`r."usage_product_inventory_id"`},
		From: func(s *store.Statement, _ map[string]bool) { s.From(ProductReferences, "r") },
	}}
}

// searchInventories looks for each word in the service ID and the references of the rows of
// inventories called alias.
func searchInventories(w *store.FilterWriter, inventories store.AnyTable, alias string, words []string) {
	w.Search(store.Searched{
		Own:    store.TextColumns{From: inventories, Alias: alias, Columns: []string{"service_id"}},
		Beside: store.TextColumns{From: ProductReferences, Alias: "r", Columns: []string{"product_reference", "label"}}, Ours: "id", Theirs: "usage_product_inventory_id",
	}, words)
}

// UsageProductInventoryByID finds a row by its key.
var UsageProductInventoryByID = store.NewNode("UsageProductInventory", UsageProductInventories, func(row *UsageProductInventory) UsageProductInventoryID { return row.ID }, scalar.ReadID[UsageProductInventoryID]).Field("Query.usageProductInventory")

// How usage product inventories are reached, and what they reach.
var (
	InventoriesOfCustomer = store.NewRelation(UsageProductInventories, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(u *UsageProductInventory) scalar.CustomerID { return u.CustomerID }).Field("Customer.usageProductInventories")
	InventoriesOfSite = store.NewRelation(UsageProductInventories, []string{"site_id"},
		func(s *Site) SiteID { return s.ID },
		func(u *UsageProductInventory) SiteID { return u.SiteID }).Field("Site.usageProductInventories")
	SiteOfInventory     = store.NewLookup(SiteByID, func(u *UsageProductInventory) SiteID { return u.SiteID }, "site_id").Field("UsageProductInventory.site")
	CustomerOfInventory = store.NewLookup(CustomerByID, func(u *UsageProductInventory) scalar.CustomerID { return u.CustomerID }, "customer_id").Field("UsageProductInventory.customer")
	ProductOfInventory  = store.NewLookup(UsageProductByID, func(u *UsageProductInventory) UsageProductID { return u.UsageProductID }, "usage_product_id").Field("UsageProductInventory.usageProduct")
)

// IsNode marks what Query.node reaches.
func (UsageProductInventory) IsNode() {}

// DatabaseID is the raw key.
func (u *UsageProductInventory) DatabaseID() string { return u.ID.String() }

// EffectiveUsageCap is the cap that holds, in minor units; nil when none does.
func (u *UsageProductInventory) EffectiveUsageCap() *scalar.Decimal {
	switch {
	case !u.UsageCapEnabled:
		return nil
	case u.OverrideUsageCap != nil:
		return u.OverrideUsageCap
	default:
		return u.DefaultUsageCap
	}
}

// Status is where the inventory is in its life on a day. A pending end date
// has no effect on whether it is live.
func (u *UsageProductInventory) Status(on scalar.Date) UsageProductInventoryStatus {
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
