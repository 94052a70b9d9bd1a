package models

import (
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
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
	Read[InclusiveUsageBalance] `gorm:"-"`

	BillRunID               BillRunID               `gorm:"primaryKey"`
	UsageProductInventoryID UsageProductInventoryID `gorm:"primaryKey"`
	CustomerID              CustomerID              // of the inventory, which keeps it so
	SiteID                  SiteID                  // of the inventory, which keeps it so
	PeriodStartDate         *Date
	PeriodEndDate           *Date // last day, included
	UpdatedAt               DateTime
	Digest                  []byte
}

// InclusiveUsageBalances is the table of inclusive usage balances, in order of
// bill run and inventory.
var InclusiveUsageBalances = newTable[InclusiveUsageBalance]("customer_id").
	filters("customerId", "siteId", "usageProductInventoryId", "billRunId", "periodStartDate", "periodEndDate", "updatedAt").
	filterBy("assignmentId", onUsagePath(InclusiveUsageAssignments.columnOperand("assignment_id"), "a")).
	filterBy("inclusiveUsagePlanId", onUsagePath(InclusiveUsageAssignments.columnOperand("inclusive_usage_plan_id"), "a")).
	filterBy("assignmentLevel", onUsagePath(InclusiveUsageAssignments.columnOperand("assignment_level"), "a")).
	filterBy("componentId", onUsagePath(InclusiveUsageComponents.columnOperand("component_id"), "c")).
	filterBy("chargingType", onUsagePath(InclusiveUsageComponents.columnOperand("charging_type"), "c")).
	filterBy("remaining", onUsagePath(InclusiveUsageComponents.columnOperand("remaining"), "c")).
	filterBy("usedRatio", onUsagePath(usedRatio, "c")).
	filterBy("search", testOf(wordsOf, searchUsageBalances)).
	orderable("BILL_RUN_ID", "PERIOD_START_DATE", "PERIOD_END_DATE", "USAGE_PRODUCT_INVENTORY_ID", "UPDATED_AT")

// AllInclusiveUsageBalances is the list at the root, Query.inclusiveUsageBalances.
var AllInclusiveUsageBalances = all(InclusiveUsageBalances).field("Query.inclusiveUsageBalances")

// usagePath leads to the assignments of a balance and, where they are asked for,
// to their components.
var usagePath = &path{
	row: []string{`t."bill_run_id"`, `t."usage_product_inventory_id"`}, far: []string{`a."bill_run_id"`, `a."usage_product_inventory_id"`},
	from: func(s *statement, aliases map[string]bool) {
		s.from(InclusiveUsageAssignments, "a")
		if aliases["c"] {
			s.add(" JOIN ").from(InclusiveUsageComponents, "c").add(` ON c."bill_run_id" = a."bill_run_id"` +
				` AND c."usage_product_inventory_id" = a."usage_product_inventory_id" AND c."assignment_id" = a."assignment_id"`)
		}
	}}

func onUsagePath(o operand, alias string) filterField {
	return filterField{operand: o, path: usagePath, rows: alias, rare: strings.HasSuffix(o.name, "_id")}
}

// searchUsageBalances searches the inventories.
func searchUsageBalances(w *filterWriter, alias string, words []string) {
	if w.few {
		w.add("EXISTS (SELECT 1 FROM ").from(UsageProductInventories, "u")
		w.add(` WHERE u."id" = ` + alias + `."usage_product_inventory_id" AND `)
	} else {
		w.add(alias+`."usage_product_inventory_id" IN (SELECT u."id" FROM `).from(UsageProductInventories, "u").add(" WHERE ")
	}
	searchInventories(w, UsageProductInventories, "u", words)
	w.add(")")
}

// InclusiveUsageBalanceByKey finds a row by its key.
var InclusiveUsageBalanceByKey = newNode("InclusiveUsageBalance", InclusiveUsageBalances, (*InclusiveUsageBalance).Key, ParseInclusiveUsageBalanceKey).field("Query.inclusiveUsageBalance")

// How inclusive usage balances are reached, and what they reach.
var (
	UsageBalancesOfCustomer = newRelation(InclusiveUsageBalances, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(b *InclusiveUsageBalance) CustomerID { return b.CustomerID }).field("Customer.inclusiveUsageBalances")
	UsageBalancesOfSite = newRelation(InclusiveUsageBalances, []string{"site_id"},
		func(s *Site) SiteID { return s.ID },
		func(b *InclusiveUsageBalance) SiteID { return b.SiteID }).field("Site.inclusiveUsageBalances")
	UsageBalancesOfInventory = newRelation(InclusiveUsageBalances, []string{"usage_product_inventory_id"},
		func(u *UsageProductInventory) UsageProductInventoryID { return u.ID },
		func(b *InclusiveUsageBalance) UsageProductInventoryID { return b.UsageProductInventoryID }).field("UsageProductInventory.inclusiveUsageBalances")
	BillRunOfUsageBalance   = newLookup(BillRunByID, func(b *InclusiveUsageBalance) BillRunID { return b.BillRunID }, "bill_run_id").field("InclusiveUsageBalance.billRun")
	InventoryOfUsageBalance = newLookup(UsageProductInventoryByID,
		func(b *InclusiveUsageBalance) UsageProductInventoryID { return b.UsageProductInventoryID }, "usage_product_inventory_id").field("InclusiveUsageBalance.usageProductInventory")
	SiteOfUsageBalance     = newLookup(SiteByID, func(b *InclusiveUsageBalance) SiteID { return b.SiteID }, "site_id").field("InclusiveUsageBalance.site")
	CustomerOfUsageBalance = newLookup(CustomerByID, func(b *InclusiveUsageBalance) CustomerID { return b.CustomerID }, "customer_id").field("InclusiveUsageBalance.customer")
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
	raw, err := relay.ParseID("InclusiveUsageBalance", id)
	if err != nil {
		return key, err
	}
	run, inventory, _ := strings.Cut(raw, "/")
	a, err1 := strconv.ParseInt(run, 10, 64)
	b, err2 := strconv.ParseInt(inventory, 10, 64)
	key = InclusiveUsageBalanceKey{BillRunID(a), UsageProductInventoryID(b)}
	if err1 != nil || err2 != nil || key.BillRunID.String()+"/"+key.UsageProductInventoryID.String() != raw {
		return key, apierror.Invalid("%q is not the ID of an InclusiveUsageBalance: want InclusiveUsageBalance:BILLRUN/INVENTORY or BILLRUN/INVENTORY", relay.Cut(id))
	}
	return key, nil
}
