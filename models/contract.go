package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// ContractConnection is a page of contracts.
type (
	ContractConnection = relay.Connection[*Contract]
	ContractEdge       = relay.Edge[*Contract]
)

// ContractID is the key of a Contract, the source's id.
type ContractID string

// String is the raw key, the databaseId of GraphQL.
func (id ContractID) String() string { return string(id) }

// MarshalGQL writes the global ID.
func (id ContractID) MarshalGQL(w io.Writer) { relay.WriteID(w, "Contract", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *ContractID) UnmarshalGQL(v any) error { return relay.ReadTextID("Contract", v, id) }

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

// AllContracts is the list at the root, Query.contracts.
var AllContracts = all(Contracts).field("Query.contracts")

// ContractByID finds a row by its key.
var ContractByID = newNode("Contract", Contracts, func(row *Contract) ContractID { return row.ID }, readID[ContractID])

// How contracts are reached, and what they reach.
var (
	ContractsOfCustomer = newRelation(Contracts, []string{"customer_id"},
		func(c *Customer) CustomerID { return c.ID },
		func(c *Contract) CustomerID { return c.CustomerID }).field("Customer.contracts")
	CustomerOfContract = newLookup(CustomerByID, func(c *Contract) CustomerID { return c.CustomerID }, "customer_id").field("Contract.customer")
)

// IsNode marks what Query.node reaches.
func (Contract) IsNode() {}

// DatabaseID is the raw key.
func (c *Contract) DatabaseID() string { return c.ID.String() }
