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

// How entitlement balances are reached, and what they reach.
var (
	EntitlementBalancesOfCustomer = newRelation(EntitlementBalances, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(e *EntitlementBalance) CustomerID { return e.CustomerID })
	CustomerOfEntitlementBalance = newLookup(Customers, func(e *EntitlementBalance) CustomerID { return e.CustomerID },
		func(c *Customer) CustomerID { return c.ID })
	EntitlementOfBalance = newLookup(Entitlements, func(e *EntitlementBalance) EntitlementID { return orZero(e.EntitlementID) },
		func(e *Entitlement) EntitlementID { return e.ID })
	ContractOfEntitlementBalance = newLookup(Contracts, func(e *EntitlementBalance) ContractID { return orZero(e.ContractID) },
		func(c *Contract) ContractID { return c.ID })
	ProductOfEntitlementBalance = newLookup(Products, func(e *EntitlementBalance) string { return orZero(e.ProductID) },
		func(p *Product) string { return p.ID })
	InvoiceOfEntitlementBalance = newLookup(Invoices, func(e *EntitlementBalance) string { return orZero(e.InvoiceID) },
		func(i *Invoice) string { return i.ID })
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
