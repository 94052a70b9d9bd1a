package models

// Edges are the edges behind the fields of GraphQL that lead to rows, by Type.field.
// What a type's rows are follows from them: those of the table that its edges lead
// to. A row's other fields are Outputs of its columns.
var Edges = map[string]*Edge{
	"Query.customers":               &AllCustomers.Edge,
	"Query.sites":                   &AllSites.Edge,
	"Query.usageProductInventories": &AllUsageProductInventories.Edge,
	"Query.inclusiveUsageBalances":  &AllInclusiveUsageBalances.Edge,
	"Query.balances":                &AllBalances.Edge,
	"Query.entitlementBalances":     &AllEntitlementBalances.Edge,
	"Query.billRuns":                &AllBillRuns.Edge,
	"Query.usageProducts":           &AllUsageProducts.Edge,
	"Query.inclusiveUsagePlans":     &AllInclusiveUsagePlans.Edge,
	"Query.entitlements":            &AllEntitlements.Edge,
	"Query.contracts":               &AllContracts.Edge,
	"Query.imports":                 &AllImports.Edge,

	"Query.customer":              &CustomerByID.Edge,
	"Query.site":                  &SiteByID.Edge,
	"Query.usageProductInventory": &UsageProductInventoryByID.Edge,
	"Query.inclusiveUsageBalance": &InclusiveUsageBalanceByKey.Edge,
	"Query.balance":               &BalanceByID.Edge,
	"Query.entitlementBalance":    &EntitlementBalanceByID.Edge,

	"Customer.externalIds":             &ExternalIDsOfCustomer.Edge,
	"Customer.sites":                   &SitesOfCustomer.Edge,
	"Customer.usageProductInventories": &InventoriesOfCustomer.Edge,
	"Customer.inclusiveUsageBalances":  &UsageBalancesOfCustomer.Edge,
	"Customer.balances":                &BalancesOfCustomer.Edge,
	"Customer.entitlementBalances":     &EntitlementBalancesOfCustomer.Edge,
	"Customer.contracts":               &ContractsOfCustomer.Edge,

	"Site.customer":                &CustomerOfSite.Edge,
	"Site.usageProductInventories": &InventoriesOfSite.Edge,
	"Site.inclusiveUsageBalances":  &UsageBalancesOfSite.Edge,

	"UsageProductInventory.site":                    &SiteOfInventory.Edge,
	"UsageProductInventory.customer":                &CustomerOfInventory.Edge,
	"UsageProductInventory.usageProduct":            &ProductOfInventory.Edge,
	"UsageProductInventory.productReferences":       &ReferencesOfInventory.Edge,
	"UsageProductInventory.primaryProductReference": &ReferencesOfInventory.Edge,
	"UsageProductInventory.inclusiveUsageBalances":  &UsageBalancesOfInventory.Edge,

	"InclusiveUsagePlan.usageProduct": &ProductOfPlan.Edge,

	"InclusiveUsageBalance.billRun":               &BillRunOfUsageBalance.Edge,
	"InclusiveUsageBalance.usageProductInventory": &InventoryOfUsageBalance.Edge,
	"InclusiveUsageBalance.site":                  &SiteOfUsageBalance.Edge,
	"InclusiveUsageBalance.customer":              &CustomerOfUsageBalance.Edge,
	"InclusiveUsageBalance.assignments":           &AssignmentsOfUsageBalance.Edge,
	"InclusiveUsageBalance.components":            &ComponentsOfUsageBalance.Edge,

	"InclusiveUsageAssignment.inclusiveUsagePlan": &PlanOfAssignment.Edge,
	"InclusiveUsageAssignment.components":         &ComponentsOfAssignment.Edge,

	"Balance.customer":       &CustomerOfBalance.Edge,
	"Balance.contract":       &ContractOfBalance.Edge,
	"Balance.product":        &ProductOfBalance.Edge,
	"Balance.creditType":     &CreditTypeOfBalance.Edge,
	"Balance.accessSchedule": &SegmentsOfBalance.Edge,
	"Balance.ledger":         &LedgerOfBalance.Edge,
	"Balance.customFields":   &CustomFieldsOfBalance.Edge,

	"LedgerEntry.invoice": &InvoiceOfEntry.Edge,

	"EntitlementBalance.entitlement": &EntitlementOfBalance.Edge,
	"EntitlementBalance.customer":    &CustomerOfEntitlementBalance.Edge,
	"EntitlementBalance.contract":    &ContractOfEntitlementBalance.Edge,
	"EntitlementBalance.product":     &ProductOfEntitlementBalance.Edge,
	"EntitlementBalance.invoice":     &InvoiceOfEntitlementBalance.Edge,

	"Contract.customer": &CustomerOfContract.Edge,
}

// Firsts are the fields that are the first row, of those that their edge leads to,
// which has true in a column.
var Firsts = map[string]string{"UsageProductInventory.primaryProductReference": "primary"}

// Nodes are the edges that find the rows of the types that have global IDs by their
// key.
var Nodes = map[string]*Edge{
	"BillRun":               &BillRunByID.Edge,
	"Balance":               &BalanceByID.Edge,
	"Contract":              &ContractByID.Edge,
	"Customer":              &CustomerByID.Edge,
	"Entitlement":           &EntitlementByID.Edge,
	"EntitlementBalance":    &EntitlementBalanceByID.Edge,
	"Import":                &ImportByID.Edge,
	"InclusiveUsageBalance": &InclusiveUsageBalanceByKey.Edge,
	"InclusiveUsagePlan":    &InclusiveUsagePlanByID.Edge,
	"LedgerEntry":           &LedgerEntryByKey.Edge,
	"ProductReference":      &ProductReferenceByID.Edge,
	"Site":                  &SiteByID.Edge,
	"UsageProduct":          &UsageProductByID.Edge,
	"UsageProductInventory": &UsageProductInventoryByID.Edge,
}
