package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
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
func (id ContractID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "Contract", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *ContractID) UnmarshalGQL(v any) error { return scalar.ReadTextID("Contract", v, id) }

// Contract is a contract as a balance or an entitlement first named it. It
// belongs to the customer of that row.
type Contract struct {
	store.Siblings[Contract] `gorm:"-"`

	ID         ContractID `gorm:"primaryKey"`
	CustomerID scalar.CustomerID
	Name       *string `fold:"yes"`
	UpdatedAt  scalar.DateTime
}

// Contracts is the table of contracts.
var Contracts = store.NewTable[Contract]("customer_id").Filters("id", "name").Orderable("NAME")

// AllContracts is the list at the root, Query.contracts.
var AllContracts = store.NewList(Contracts).Field("Query.contracts")

// ContractByID finds a row by its key.
var ContractByID = store.NewNode("Contract", Contracts, func(row *Contract) ContractID { return row.ID }, scalar.ReadID[ContractID])

// How contracts are reached, and what they reach.
var (
	ContractsOfCustomer = store.NewRelation(Contracts, []string{"customer_id"},
		func(c *Customer) scalar.CustomerID { return c.ID },
		func(c *Contract) scalar.CustomerID { return c.CustomerID }).Field("Customer.contracts")
	CustomerOfContract = store.NewLookup(CustomerByID, func(c *Contract) scalar.CustomerID { return c.CustomerID }, "customer_id").Field("Contract.customer")
)

// IsNode marks what Query.node reaches.
func (Contract) IsNode() {}

// DatabaseID is the raw key.
func (c *Contract) DatabaseID() string { return c.ID.String() }
