package models

import "github.com/usagegraph/usagegraph/graph/relay"

// CustomerConnection is a page of customers.
type (
	CustomerConnection = relay.Connection[*Customer]
	CustomerEdge       = relay.Edge[*Customer]
)

// Customer is a company or person that is billed.
//
// Source: Elevate GET /customers.
type Customer struct {
	Read[Customer] `gorm:"-"`

	ID            CustomerID `gorm:"primaryKey"`
	Name          *string    // customerName
	AccountNumber *string    // customerAccountNumber
	Type          *CustomerType
	Email         *string
	StartDate     *Date
	EndDate       *Date // last day; nil while the account is open
	CreatedAt     *DateTime
	UpdatedAt     DateTime // when usagegraph last changed the row
	Digest        []byte   // of the row as imported, to tell whether it changed
}

// Customers is the table of customers, each owned by itself.
var Customers = newTable[Customer]("id")

// IsNode marks what Query.node reaches.
func (Customer) IsNode() {}

// DatabaseID is the raw key.
func (c *Customer) DatabaseID() string { return c.ID.String() }

// ExternalID is what another billing system calls a customer. A value names one
// customer in its system.
type ExternalID struct {
	Read[ExternalID] `gorm:"-"`

	System     string `gorm:"primaryKey"`
	Value      string `gorm:"primaryKey"`
	CustomerID CustomerID
}

// ExternalIDs is the table of external IDs.
var ExternalIDs = newTable[ExternalID]("customer_id")

// ExternalIDsOfCustomer are in order of system and value.
var ExternalIDsOfCustomer = newRelation(ExternalIDs, []string{"customer_id"},
	func(c *Customer) CustomerID { return c.ID },
	func(e *ExternalID) CustomerID { return e.CustomerID })
