package models

import (
	"fmt"
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
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
	relay.WriteID(w, "EntitlementBalance", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *EntitlementBalanceID) UnmarshalGQL(v any) error {
	return relay.ReadTextID("EntitlementBalance", v, id)
}

// EntitlementBalance is one grant of an entitlement to a customer, valid from
// ActiveFrom, included, to ExpiryAt, excluded; a missing bound is open.
//
// Source: Zenskar GET /entitlements/customers_balances.
type EntitlementBalance struct {
	Read[EntitlementBalance] `gorm:"-"`

	ID            EntitlementBalanceID `gorm:"primaryKey"`
	CustomerID    CustomerID
	EntitlementID *EntitlementID
	ContractID    *ContractID
	ProductID     *string
	InvoiceID     *string
	InvoiceName   *string `json:",omitempty"` // as this row shows the invoice
	InvoiceNumber *string `json:",omitempty"` // as this row shows the invoice
	Name          *string `fold:"yes"`
	Units         *string
	Type          *EntitlementType
	Quantity      *Decimal // granted, in Units
	QuantityUsed  *Decimal // in Units
	ActiveFrom    *DateTime
	ExpiryAt      *DateTime
	Event         *string
	SourceType    *string
	SourceID      *string
	Status        *string `fold:"yes"`
	CreatedAt     *DateTime
	UpdatedAt     DateTime
	Digest        []byte
}

// EntitlementBalances is the table of entitlement balances.
var EntitlementBalances = newTable[EntitlementBalance]("customer_id").names(Invoices).
	filters("id", "customerId", "entitlementId", "contractId", "productId", "quantity", "quantityUsed", "createdAt", "activeFrom", "expiryAt", "status", "updatedAt").
	filterBy("quantityRemaining", filterField{operand: quantityRemaining}).
	filterBy("usedRatio", filterField{operand: grantRatio}).
	filterBy("available", testOf(func(v any) (bool, error) { return v == true, nil }, available)).
	filterBy("activeAt", testOf(scalar[DateTime], activeAt)).
	filterBy("search", testOf(wordsOf, searchEntitlementBalances)).
	orderable("CREATED_AT", "QUANTITY", "QUANTITY_USED", "ACTIVE_FROM", "EXPIRY_AT", "UPDATED_AT")

// AllEntitlementBalances is the list at the root, Query.entitlementBalances.
var AllEntitlementBalances = all(EntitlementBalances).field("Query.entitlementBalances")

// grantRatio is UsedRatio in SQL.
var grantRatio = ratio(func(alias string) (string, string) {
	return alias + `."quantity_used"`, alias + `."quantity"`
})

// quantityRemaining is QuantityRemaining in SQL.
var quantityRemaining = operand{
	column: column{kind: kindInt},
	sql:    func(alias string) string { return fmt.Sprintf(`(%[1]s."quantity" - %[1]s."quantity_used")`, alias) },
	parse: func(v any) (any, error) {
		d, err := scalar[Decimal](v)
		return int64(d), err
	},
}

// available asks whether anything is left.
func available(w *filterWriter, alias string, is bool) {
	w.add("(COALESCE("+quantityRemaining.sql(alias)+", 0) > 0) = ?", is)
}

// activeAt asks whether a grant is in force at an instant.
func activeAt(w *filterWriter, alias string, at DateTime) { inForce(w.statement, alias, at) }

// inForce writes ActiveAt of the grants called alias.
func inForce(s *statement, alias string, at DateTime) *statement {
	return s.add(fmt.Sprintf(`((%[1]s."active_from" <= ? OR %[1]s."active_from" IS NULL) AND (%[1]s."expiry_at" > ? OR %[1]s."expiry_at" IS NULL))`, alias), at, at)
}

// searchEntitlementBalances looks for each word in the name and in the
// description of what is granted.
func searchEntitlementBalances(w *filterWriter, alias string, words []string) {
	w.search(searched{texts{w.table, alias, []string{"name"}},
		texts{Entitlements, "e", []string{"description"}}, "entitlement_id", "id"}, words)
}

// EntitlementBalanceByID finds a row by its key.
var EntitlementBalanceByID = newNode("EntitlementBalance", EntitlementBalances, func(row *EntitlementBalance) EntitlementBalanceID { return row.ID }, readID[EntitlementBalanceID]).field("Query.entitlementBalance")

// How entitlement balances are reached, and what they reach.
var (
	EntitlementBalancesOfCustomer = newRelation(EntitlementBalances, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(e *EntitlementBalance) CustomerID { return e.CustomerID }).field("Customer.entitlementBalances")
	CustomerOfEntitlementBalance = newLookup(CustomerByID, func(e *EntitlementBalance) CustomerID { return e.CustomerID }, "customer_id").field("EntitlementBalance.customer")
	EntitlementOfBalance         = newLookup(EntitlementByID, func(e *EntitlementBalance) EntitlementID { return orZero(e.EntitlementID) }, "entitlement_id").field("EntitlementBalance.entitlement")
	ContractOfEntitlementBalance = newLookup(ContractByID, func(e *EntitlementBalance) ContractID { return orZero(e.ContractID) }, "contract_id").field("EntitlementBalance.contract")
	ProductOfEntitlementBalance  = newLookup(ProductByID, func(e *EntitlementBalance) string { return orZero(e.ProductID) }, "product_id").field("EntitlementBalance.product")
	InvoiceOfEntitlementBalance  = newLookup(EntitlementInvoiceByGrant, func(e *EntitlementBalance) EntitlementBalanceID { return e.ID }, "id").field("EntitlementBalance.invoice")
)

// IsNode marks what Query.node reaches.
func (EntitlementBalance) IsNode() {}

// DatabaseID is the raw key.
func (e *EntitlementBalance) DatabaseID() string { return e.ID.String() }

// QuantityRemaining is what is left, in Units, below 0 after overuse; nil when
// the source lacks one of the two.
func (e *EntitlementBalance) QuantityRemaining() *Decimal {
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

// ActiveAt tells whether the grant is in force at an instant.
func (e *EntitlementBalance) ActiveAt(at DateTime) bool {
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
