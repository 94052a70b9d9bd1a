package models

import (
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// InclusiveUsageBalanceKey is the key of an InclusiveUsageBalance, in GraphQL
// InclusiveUsageBalance:BILLRUN/INVENTORY.
type InclusiveUsageBalanceKey struct {
	BillRunID               BillRunID
	UsageProductInventoryID UsageProductInventoryID
}

// InclusiveUsageBalanceConnection is a page of inclusive usage balances.
type (
	InclusiveUsageBalanceConnection = relay.Connection[*InclusiveUsageBalance]
	InclusiveUsageBalanceEdge       = relay.Edge[*InclusiveUsageBalance]
)

// InclusiveUsageBalance is where the assigned plans of one inventory stand in one
// bill run.
//
// Source: Elevate GET /inclusive-usage-balances.
type InclusiveUsageBalance struct {
	store.Siblings[InclusiveUsageBalance] `gorm:"-"`

	BillRunID               BillRunID               `gorm:"primaryKey"`
	UsageProductInventoryID UsageProductInventoryID `gorm:"primaryKey"`
	CustomerID              scalar.CustomerID       // of the inventory, which keeps it so
	SiteID                  SiteID                  // of the inventory, which keeps it so
	PeriodStartDate         *scalar.Date
	PeriodEndDate           *scalar.Date // last day, included
	UpdatedAt               scalar.DateTime
	Digest                  []byte
}

// InclusiveUsageBalances is the table of inclusive usage balances, in order of
// bill run and inventory.
var InclusiveUsageBalances = store.NewTable[InclusiveUsageBalance]("customer_id").
	Filters("customerId", "siteId", "usageProductInventoryId", "billRunId", "periodStartDate", "periodEndDate", "updatedAt").
	FilterBy("assignmentId", onUsagePath(InclusiveUsageAssignments.ColumnOperand("assignment_id"), "a")).
	FilterBy("inclusiveUsagePlanId", onUsagePath(InclusiveUsageAssignments.ColumnOperand("inclusive_usage_plan_id"), "a")).
	FilterBy("assignmentLevel", onUsagePath(InclusiveUsageAssignments.ColumnOperand("assignment_level"), "a")).
	FilterBy("componentId", onUsagePath(InclusiveUsageComponents.ColumnOperand("component_id"), "c")).
	FilterBy("chargingType", onUsagePath(InclusiveUsageComponents.ColumnOperand("charging_type"), "c")).
	FilterBy("remaining", onUsagePath(InclusiveUsageComponents.ColumnOperand("remaining"), "c")).
	FilterBy("usedRatio", onUsagePath(usedRatio, "c")).
	FilterBy("search", store.FilterWith(store.ReadWords, searchUsageBalances)).
	Orderable("BILL_RUN_ID", "PERIOD_START_DATE", "PERIOD_END_DATE", "USAGE_PRODUCT_INVENTORY_ID", "UPDATED_AT")

// AllInclusiveUsageBalances is the list at the root, Query.inclusiveUsageBalances.
var AllInclusiveUsageBalances = store.NewList(InclusiveUsageBalances).Field("Query.inclusiveUsageBalances")

// usagePath leads to the assignments of a balance and, where they are asked for,
// to their components.
var usagePath = &store.Path{
	Row: []string{`t."bill_run_id"`, `t."usage_product_inventory_id"`}, Far: []string{`a."bill_run_id"`, `a."usage_product_inventory_id"`},
	From: func(s *store.Statement, aliases map[string]bool) {
		s.From(InclusiveUsageAssignments, "a")
		if aliases["c"] {
			s.Add(" JOIN ").From(InclusiveUsageComponents, "c").Add(` ON c."bill_run_id" = a."bill_run_id"` +
				` AND c."usage_product_inventory_id" = a."usage_product_inventory_id" AND c."assignment_id" = a."assignment_id"`)
		}
	},
}

func onUsagePath(o store.Operand, alias string) store.FilterField {
	return store.FilterField{Operand: o, Path: usagePath, Rows: alias, Rare: strings.HasSuffix(o.Name, "_id")}
}

// searchUsageBalances searches the inventories.
func searchUsageBalances(w *store.FilterWriter, alias string, words []string) {
	if w.Few {
		w.Add("EXISTS (SELECT 1 FROM ").From(UsageProductInventories, "u")
		w.Add(` WHERE u."id" = ` + alias + `."usage_product_inventory_id" AND `)
	} else {
		w.Add(alias+`."usage_product_inventory_id" IN (SELECT u."id" FROM `).From(UsageProductInventories, "u").Add(" WHERE ")
	}
	searchInventories(w, UsageProductInventories, "u", words)
	w.Add(")")
}

// InclusiveUsageBalanceByKey finds a row by its key.
var InclusiveUsageBalanceByKey = store.NewNode("InclusiveUsageBalance", InclusiveUsageBalances, (*InclusiveUsageBalance).Key, ParseInclusiveUsageBalanceKey).Field("Query.inclusiveUsageBalance")

// How inclusive usage balances are reached, and what they reach.
var (
	UsageBalancesOfCustomer = store.NewRelation(InclusiveUsageBalances, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(b *InclusiveUsageBalance) scalar.CustomerID { return b.CustomerID }).Field("Customer.inclusiveUsageBalances")
	UsageBalancesOfSite = store.NewRelation(InclusiveUsageBalances, []string{"site_id"},
		func(s *Site) SiteID { return s.ID },
		func(b *InclusiveUsageBalance) SiteID { return b.SiteID }).Field("Site.inclusiveUsageBalances")
	UsageBalancesOfInventory = store.NewRelation(InclusiveUsageBalances, []string{"usage_product_inventory_id"},
		func(u *UsageProductInventory) UsageProductInventoryID { return u.ID },
		func(b *InclusiveUsageBalance) UsageProductInventoryID { return b.UsageProductInventoryID }).Field("UsageProductInventory.inclusiveUsageBalances")
	BillRunOfUsageBalance   = store.NewLookup(BillRunByID, func(b *InclusiveUsageBalance) BillRunID { return b.BillRunID }, "bill_run_id").Field("InclusiveUsageBalance.billRun")
	InventoryOfUsageBalance = store.NewLookup(UsageProductInventoryByID,
		func(b *InclusiveUsageBalance) UsageProductInventoryID { return b.UsageProductInventoryID }, "usage_product_inventory_id").Field("InclusiveUsageBalance.usageProductInventory")
	SiteOfUsageBalance     = store.NewLookup(SiteByID, func(b *InclusiveUsageBalance) SiteID { return b.SiteID }, "site_id").Field("InclusiveUsageBalance.site")
	CustomerOfUsageBalance = store.NewLookup(CustomerByID, func(b *InclusiveUsageBalance) scalar.CustomerID { return b.CustomerID }, "customer_id").Field("InclusiveUsageBalance.customer")
)

// IsNode marks what Query.node reaches.
func (InclusiveUsageBalance) IsNode() {}

// Key is the primary key.
func (b *InclusiveUsageBalance) Key() InclusiveUsageBalanceKey {
	return InclusiveUsageBalanceKey{b.BillRunID, b.UsageProductInventoryID}
}

// DatabaseID is the raw key, BILLRUN/INVENTORY.
func (b *InclusiveUsageBalance) DatabaseID() string {
	return b.BillRunID.String() + "/" + b.UsageProductInventoryID.String()
}

// NodeID is the global ID.
func (b *InclusiveUsageBalance) NodeID() string { return "InclusiveUsageBalance:" + b.DatabaseID() }

// ParseInclusiveUsageBalanceKey reads a global ID or BILLRUN/INVENTORY.
func ParseInclusiveUsageBalanceKey(id string) (key InclusiveUsageBalanceKey, err error) {
	raw, err := scalar.ParseID("InclusiveUsageBalance", id)
	if err != nil {
		return key, err
	}
	run, inventory, _ := strings.Cut(raw, "/")
	a, err1 := strconv.ParseInt(run, 10, 64)
	b, err2 := strconv.ParseInt(inventory, 10, 64)
	key = InclusiveUsageBalanceKey{BillRunID(a), UsageProductInventoryID(b)}
	if err1 != nil || err2 != nil || key.BillRunID.String()+"/"+key.UsageProductInventoryID.String() != raw {
		return key, fault.Invalid("%q is not the ID of an InclusiveUsageBalance: want InclusiveUsageBalance:BILLRUN/INVENTORY or BILLRUN/INVENTORY", scalar.Cut(id))
	}
	return key, nil
}
