package models

import "github.com/usagegraph/usagegraph/graph/relay"

// EntitlementBalanceConnection is a page of entitlement balances.
type (
	EntitlementBalanceConnection = relay.Connection[*EntitlementBalance]
	EntitlementBalanceEdge       = relay.Edge[*EntitlementBalance]
)

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
	Name          *string
	Units         *string
	Type          *EntitlementType
	Quantity      *Decimal // granted, in Units
	QuantityUsed  *Decimal // in Units
	ActiveFrom    *DateTime
	ExpiryAt      *DateTime
	Event         *string
	SourceType    *string
	SourceID      *string
	Status        *string
	CreatedAt     *DateTime
	UpdatedAt     DateTime
	Digest        []byte
}

// EntitlementBalances is the table of entitlement balances.
var EntitlementBalances = newTable[EntitlementBalance]("customer_id")

// EntitlementBalanceByID finds a row by its key.
var EntitlementBalanceByID = newKey(EntitlementBalances, func(row *EntitlementBalance) EntitlementBalanceID { return row.ID })

// How entitlement balances are reached, and what they reach.
var (
	EntitlementBalancesOfCustomer = newRelation(EntitlementBalances, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(e *EntitlementBalance) CustomerID { return e.CustomerID })
	CustomerOfEntitlementBalance = newLookup(CustomerByID, func(e *EntitlementBalance) CustomerID { return e.CustomerID })
	EntitlementOfBalance         = newLookup(EntitlementByID, func(e *EntitlementBalance) EntitlementID { return orZero(e.EntitlementID) })
	ContractOfEntitlementBalance = newLookup(ContractByID, func(e *EntitlementBalance) ContractID { return orZero(e.ContractID) })
	ProductOfEntitlementBalance  = newLookup(ProductByID, func(e *EntitlementBalance) string { return orZero(e.ProductID) })
	InvoiceOfEntitlementBalance  = newLookup(InvoiceByID, func(e *EntitlementBalance) string { return orZero(e.InvoiceID) })
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
