package models

import (
	"fmt"
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// EntitlementBalanceConnection is a page of entitlement balances.
type (
	EntitlementBalanceConnection = relay.Connection[*EntitlementBalance]
	EntitlementBalanceEdge       = relay.Edge[*EntitlementBalance]
)

// EntitlementBalanceID is the key of an EntitlementBalance, Zenskar's id.
type EntitlementBalanceID string

// String is the raw key, the databaseId of GraphQL.
func (id EntitlementBalanceID) String() string { return string(id) }

// MarshalGQL writes the global ID.
func (id EntitlementBalanceID) MarshalGQL(w io.Writer) {
	scalar.WriteID(w, "EntitlementBalance", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *EntitlementBalanceID) UnmarshalGQL(v any) error {
	return scalar.ReadTextID("EntitlementBalance", v, id)
}

// EntitlementBalance is one grant of an entitlement to a customer, valid from
// ActiveFrom, included, to ExpiryAt, excluded; a missing bound is open.
//
// Source: Zenskar GET /entitlements/customers_balances.
type EntitlementBalance struct {
	store.Siblings[EntitlementBalance] `gorm:"-"`

	ID            EntitlementBalanceID `gorm:"primaryKey"`
	CustomerID    scalar.CustomerID
	EntitlementID *EntitlementID
	ContractID    *ContractID
	ProductID     *string
	InvoiceID     *string
	InvoiceName   *string `json:",omitempty"` // as this row shows the invoice
	InvoiceNumber *string `json:",omitempty"` // as this row shows the invoice
	Name          *string `fold:"yes"`
	Units         *string
	Type          *EntitlementType
	Quantity      *scalar.Decimal // granted, in Units
	QuantityUsed  *scalar.Decimal // in Units
	ActiveFrom    *scalar.DateTime
	ExpiryAt      *scalar.DateTime
	Event         *string
	SourceType    *string
	SourceID      *string
	Status        *string `fold:"yes"`
	CreatedAt     *scalar.DateTime
	UpdatedAt     scalar.DateTime
	Digest        []byte
}

// EntitlementBalances is the table of entitlement balances.
var EntitlementBalances = store.NewTable[EntitlementBalance]("customer_id").Names(Invoices).
	Filters("id", "customerId", "entitlementId", "contractId", "productId", "quantity", "quantityUsed", "createdAt", "activeFrom", "expiryAt", "status", "updatedAt").
	FilterBy("quantityRemaining", store.FilterField{Operand: quantityRemaining}).
	FilterBy("usedRatio", store.FilterField{Operand: grantRatio}).
	FilterBy("available", store.FilterWith(func(v any) (bool, error) { return v == true, nil }, available)).
	FilterBy("activeAt", store.FilterWith(store.Scalar[scalar.DateTime], activeAt)).
	FilterBy("search", store.FilterWith(store.ReadWords, searchEntitlementBalances)).
	Orderable("CREATED_AT", "QUANTITY", "QUANTITY_USED", "ACTIVE_FROM", "EXPIRY_AT", "UPDATED_AT")

// AllEntitlementBalances is the list at the root, Query.entitlementBalances.
var AllEntitlementBalances = store.NewList(EntitlementBalances).Field("Query.entitlementBalances")

// grantRatio is UsedRatio in SQL.
var grantRatio = store.Ratio(func(alias string) (string, string) {
	return alias + `."quantity_used"`, alias + `."quantity"`
})

// quantityRemaining is QuantityRemaining in SQL.
var quantityRemaining = store.Operand{
	Column: store.Column{Kind: store.KindInt},
	SQL:    func(alias string) string { return fmt.Sprintf(`(%[1]s."quantity" - %[1]s."quantity_used")`, alias) },
	Parse: func(v any) (any, error) {
		d, err := store.Scalar[scalar.Decimal](v)
		return int64(d), err
	},
}

// available asks whether anything is left.
func available(w *store.FilterWriter, alias string, is bool) {
	w.Add("(COALESCE("+quantityRemaining.SQL(alias)+", 0) > 0) = ?", is)
}

// activeAt asks whether a grant is in force at an instant.
func activeAt(w *store.FilterWriter, alias string, at scalar.DateTime) {
	inForce(w.Statement, alias, at)
}

// inForce writes ActiveAt of the grants called alias.
func inForce(s *store.Statement, alias string, at scalar.DateTime) *store.Statement {
	return s.Add(fmt.Sprintf(`((%[1]s."active_from" <= ? OR %[1]s."active_from" IS NULL) AND (%[1]s."expiry_at" > ? OR %[1]s."expiry_at" IS NULL))`, alias), at, at)
}

// searchEntitlementBalances looks for each word in the name and in the
// description of what is granted.
func searchEntitlementBalances(w *store.FilterWriter, alias string, words []string) {
	w.Search(store.Searched{
		Own:    store.TextColumns{From: w.Table, Alias: alias, Columns: []string{"name"}},
		Beside: store.TextColumns{From: Entitlements, Alias: "e", Columns: []string{"description"}}, Ours: "entitlement_id", Theirs: "id",
	}, words)
}

// EntitlementBalanceByID finds a row by its key.
var EntitlementBalanceByID = store.NewNode("EntitlementBalance", EntitlementBalances, func(row *EntitlementBalance) EntitlementBalanceID { return row.ID }, scalar.ReadID[EntitlementBalanceID]).Field("Query.entitlementBalance")

// How entitlement balances are reached, and what they reach.
var (
	EntitlementBalancesOfCustomer = store.NewRelation(EntitlementBalances, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(e *EntitlementBalance) scalar.CustomerID { return e.CustomerID }).Field("Customer.entitlementBalances")
	CustomerOfEntitlementBalance = store.NewLookup(CustomerByID, func(e *EntitlementBalance) scalar.CustomerID { return e.CustomerID }, "customer_id").Field("EntitlementBalance.customer")
	EntitlementOfBalance         = store.NewLookup(EntitlementByID, func(e *EntitlementBalance) EntitlementID { return scalar.OrZero(e.EntitlementID) }, "entitlement_id").Field("EntitlementBalance.entitlement")
	ContractOfEntitlementBalance = store.NewLookup(ContractByID, func(e *EntitlementBalance) ContractID { return scalar.OrZero(e.ContractID) }, "contract_id").Field("EntitlementBalance.contract")
	ProductOfEntitlementBalance  = store.NewLookup(ProductByID, func(e *EntitlementBalance) string { return scalar.OrZero(e.ProductID) }, "product_id").Field("EntitlementBalance.product")
	InvoiceOfEntitlementBalance  = store.NewLookup(EntitlementInvoiceByGrant, func(e *EntitlementBalance) EntitlementBalanceID { return e.ID }, "id").Field("EntitlementBalance.invoice")
)

// IsNode marks what Query.node reaches.
func (EntitlementBalance) IsNode() {}

// DatabaseID is the raw key.
func (e *EntitlementBalance) DatabaseID() string { return e.ID.String() }

// QuantityRemaining is what is left, in Units, below 0 after overuse; nil when
// the source lacks one of the two.
func (e *EntitlementBalance) QuantityRemaining() *scalar.Decimal {
	if e.Quantity == nil || e.QuantityUsed == nil {
		return nil
	}
	remaining := *e.Quantity - *e.QuantityUsed
	return &remaining
}

// UsedRatio is the part that was used, nil when nothing was granted.
func (e *EntitlementBalance) UsedRatio() *float64 {
	if e.Quantity == nil || e.QuantityUsed == nil {
		return nil
	}
	return e.QuantityUsed.Ratio(*e.Quantity)
}

// ActiveAt reports whether the grant is in force at an instant.
func (e *EntitlementBalance) ActiveAt(at scalar.DateTime) bool {
	return (e.ActiveFrom == nil || *e.ActiveFrom <= at) && (e.ExpiryAt == nil || at < *e.ExpiryAt)
}

// Breaches are whether the use is within the grant, and the grant a period.
func (e *EntitlementBalance) Breaches() (found []Breach) {
	switch used := e.QuantityUsed; {
	case used == nil || *used >= 0 && (e.Quantity == nil || *used <= *e.Quantity):
	case e.Quantity == nil:
		found = append(found, Breach{RuleQuantityUsed, "", "quantity_used", used.String(), "0 or more"})
	default:
		found = append(found, Breach{RuleQuantityUsed, "", "quantity_used", used.String(), "0 to the quantity, " + e.Quantity.String()})
	}
	if e.ActiveFrom != nil && e.ExpiryAt != nil && *e.ExpiryAt < *e.ActiveFrom {
		found = append(found, Breach{RuleGrantDates, "", "expiry_at", e.ExpiryAt.String(), "an instant not before active_from, " + e.ActiveFrom.String()})
	}
	return found
}
