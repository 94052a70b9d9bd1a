package models

import "github.com/usagegraph/usagegraph/graph/relay"

// ContractConnection is a page of contracts.
type (
	ContractConnection = relay.Connection[*Contract]
	ContractEdge       = relay.Edge[*Contract]
)

// Contract is a contract as a balance or an entitlement first named it. It
// belongs to the customer of that row.
type Contract struct {
	Read[Contract] `gorm:"-"`

	ID         ContractID `gorm:"primaryKey"`
	CustomerID CustomerID
	Name       *string `fold:"yes"`
	UpdatedAt  DateTime
}

// Contracts is the table of contracts.
var Contracts = newTable[Contract]("customer_id").filters("id", "name").orderable("NAME")

// ContractByID finds a row by its key.
var ContractByID = newKey(Contracts, func(row *Contract) ContractID { return row.ID })

// How contracts are reached, and what they reach.
var (
	ContractsOfCustomer = newRelation(Contracts, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(c *Contract) CustomerID { return c.CustomerID })
	CustomerOfContract = newLookup(CustomerByID, func(c *Contract) CustomerID { return c.CustomerID }, "customer_id")
)

// IsNode marks what Query.node reaches.
func (Contract) IsNode() {}

// DatabaseID is the raw key.
func (c *Contract) DatabaseID() string { return c.ID.String() }
