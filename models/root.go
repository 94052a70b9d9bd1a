package models

// The lists at the root.
var (
	AllCustomers               = all(Customers)
	AllSites                   = all(Sites)
	AllUsageProductInventories = all(UsageProductInventories)
	AllInclusiveUsageBalances  = all(InclusiveUsageBalances)
	AllBalances                = all(Balances)
	AllEntitlementBalances     = all(EntitlementBalances)
	AllBillRuns                = all(BillRuns)
	AllUsageProducts           = all(UsageProducts)
	AllInclusiveUsagePlans     = all(InclusiveUsagePlans)
	AllEntitlements            = all(Entitlements)
	AllContracts               = all(Contracts)
	AllImports                 = all(Imports)
	AllExternalIDs             = all(ExternalIDs)
	AllLowBalances             = all(LowBalances)
)
