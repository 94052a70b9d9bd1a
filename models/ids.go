package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// The keys of nodes. Each is a type of its own, so that the key of a site is never
// taken for that of a customer, and so that GraphQL writes it as the global ID
// wherever it stands: Site:10. A text or number that comes in may be the global
// ID or the raw key.
type (
	// CustomerID is the key of a Customer, Elevate's customer id.
	CustomerID int64
	// SiteID is the key of a Site, Elevate's site id.
	SiteID int64
	// UsageProductID is the key of a UsageProduct, Elevate's usage product id.
	UsageProductID int64
	// UsageProductInventoryID is the key of a UsageProductInventory, Elevate's usage product inventory id.
	UsageProductInventoryID int64
	// ProductReferenceID is the key of a ProductReference, Elevate's reference id.
	ProductReferenceID int64
	// BillRunID is the key of a BillRun, Elevate's bill run id.
	BillRunID int64
	// InclusiveUsagePlanID is the key of a InclusiveUsagePlan, Elevate's plan id.
	InclusiveUsagePlanID int64
	// ImportID is the key of a Import, counted from 1.
	ImportID int64
	// BalanceID is the key of a Balance, Metronome's id.
	BalanceID string
	// ContractID is the key of a Contract, the source's id.
	ContractID string
	// EntitlementID is the key of a Entitlement, Zenskar's id.
	EntitlementID string
	// EntitlementBalanceID is the key of a EntitlementBalance, Zenskar's id.
	EntitlementBalanceID string
)

// The types that have global IDs.
func init() {
	for _, name := range []string{
		"Customer",
		"Site",
		"UsageProduct",
		"UsageProductInventory",
		"ProductReference",
		"BillRun",
		"InclusiveUsagePlan",
		"Import",
		"Balance",
		"Contract",
		"Entitlement",
		"EntitlementBalance",
		"InclusiveUsageBalance", "LedgerEntry",
	} {
		relay.RegisterNode(name)
	}
}

// String is the raw key, the databaseId of GraphQL.

func (id CustomerID) String() string              { return relay.FormatInt(id) }
func (id SiteID) String() string                  { return relay.FormatInt(id) }
func (id UsageProductID) String() string          { return relay.FormatInt(id) }
func (id UsageProductInventoryID) String() string { return relay.FormatInt(id) }
func (id ProductReferenceID) String() string      { return relay.FormatInt(id) }
func (id BillRunID) String() string               { return relay.FormatInt(id) }
func (id InclusiveUsagePlanID) String() string    { return relay.FormatInt(id) }
func (id ImportID) String() string                { return relay.FormatInt(id) }
func (id BalanceID) String() string               { return string(id) }
func (id ContractID) String() string              { return string(id) }
func (id EntitlementID) String() string           { return string(id) }
func (id EntitlementBalanceID) String() string    { return string(id) }

// MarshalGQL writes the global ID.

func (id CustomerID) MarshalGQL(w io.Writer)     { relay.WriteID(w, "Customer", id.String()) }
func (id SiteID) MarshalGQL(w io.Writer)         { relay.WriteID(w, "Site", id.String()) }
func (id UsageProductID) MarshalGQL(w io.Writer) { relay.WriteID(w, "UsageProduct", id.String()) }
func (id UsageProductInventoryID) MarshalGQL(w io.Writer) {
	relay.WriteID(w, "UsageProductInventory", id.String())
}
func (id ProductReferenceID) MarshalGQL(w io.Writer) {
	relay.WriteID(w, "ProductReference", id.String())
}
func (id BillRunID) MarshalGQL(w io.Writer) { relay.WriteID(w, "BillRun", id.String()) }
func (id InclusiveUsagePlanID) MarshalGQL(w io.Writer) {
	relay.WriteID(w, "InclusiveUsagePlan", id.String())
}
func (id ImportID) MarshalGQL(w io.Writer)      { relay.WriteID(w, "Import", id.String()) }
func (id BalanceID) MarshalGQL(w io.Writer)     { relay.WriteID(w, "Balance", id.String()) }
func (id ContractID) MarshalGQL(w io.Writer)    { relay.WriteID(w, "Contract", id.String()) }
func (id EntitlementID) MarshalGQL(w io.Writer) { relay.WriteID(w, "Entitlement", id.String()) }
func (id EntitlementBalanceID) MarshalGQL(w io.Writer) {
	relay.WriteID(w, "EntitlementBalance", id.String())
}

// UnmarshalGQL takes the global ID or the raw key.

func (id *CustomerID) UnmarshalGQL(v any) error     { return relay.ReadIntID("Customer", v, id) }
func (id *SiteID) UnmarshalGQL(v any) error         { return relay.ReadIntID("Site", v, id) }
func (id *UsageProductID) UnmarshalGQL(v any) error { return relay.ReadIntID("UsageProduct", v, id) }
func (id *UsageProductInventoryID) UnmarshalGQL(v any) error {
	return relay.ReadIntID("UsageProductInventory", v, id)
}
func (id *ProductReferenceID) UnmarshalGQL(v any) error {
	return relay.ReadIntID("ProductReference", v, id)
}
func (id *BillRunID) UnmarshalGQL(v any) error { return relay.ReadIntID("BillRun", v, id) }
func (id *InclusiveUsagePlanID) UnmarshalGQL(v any) error {
	return relay.ReadIntID("InclusiveUsagePlan", v, id)
}
func (id *ImportID) UnmarshalGQL(v any) error      { return relay.ReadIntID("Import", v, id) }
func (id *BalanceID) UnmarshalGQL(v any) error     { return relay.ReadTextID("Balance", v, id) }
func (id *ContractID) UnmarshalGQL(v any) error    { return relay.ReadTextID("Contract", v, id) }
func (id *EntitlementID) UnmarshalGQL(v any) error { return relay.ReadTextID("Entitlement", v, id) }
func (id *EntitlementBalanceID) UnmarshalGQL(v any) error {
	return relay.ReadTextID("EntitlementBalance", v, id)
}
