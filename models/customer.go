package models

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// CustomerConnection is a page of customers.
type (
	CustomerConnection = relay.Connection[*Customer]
	CustomerEdge       = relay.Edge[*Customer]
)

// Customer is a company or person that is billed.
//
// Source: Elevate GET /customers, and for customers that Elevate does not have Metronome
// GET /v1/customers and Zenskar GET /customers.
type Customer struct {
	Read[Customer] `gorm:"-"`

	ID            CustomerID `gorm:"primaryKey"`
	Name          *string    `fold:"yes"` // customerName
	AccountNumber *string    `fold:"yes"` // customerAccountNumber
	Type          *CustomerType
	Email         *string
	SourceKey     *string `json:",omitempty"` // SYSTEM:ID, the external id under which another system lists a customer that Elevate lacks; nil for Elevate's
	StartDate     *Date
	EndDate       *Date // last day; nil while the account is open
	CreatedAt     *DateTime
	UpdatedAt     DateTime // when usagegraph last changed the row
	Digest        []byte   // of the row as imported, to tell whether it changed
}

// Customers is the table of customers, each owned by itself.
var Customers = newTable[Customer]("id").
	filters("id", "name", "accountNumber", "type", "startDate", "endDate", "updatedAt").
	orderable("NAME", "ACCOUNT_NUMBER", "START_DATE", "UPDATED_AT").
	searchIn("name", "account_number")

// AllCustomers is the list at the root, Query.customers.
var AllCustomers = all(Customers).field("Query.customers")

// CustomerByID finds a row by its key.
var CustomerByID = newNode("Customer", Customers, func(row *Customer) CustomerID { return row.ID }, readID[CustomerID]).field("Query.customer")

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
var ExternalIDs = newTable[ExternalID]("customer_id").filters("system", "value")

// AllExternalIDs is the list at the root.
var AllExternalIDs = all(ExternalIDs)

// ExternalIDsOfCustomer are in order of system and value.
var ExternalIDsOfCustomer = newRelation(ExternalIDs, []string{"customer_id"},
	func(c *Customer) CustomerID { return c.ID },
	func(e *ExternalID) CustomerID { return e.CustomerID }).field("Customer.externalIds")

// ExternalIDsOfSystem are the external IDs that one system has for a customer.
var ExternalIDsOfSystem = newRelation(ExternalIDs, []string{"customer_id", "system"},
	func(*Root) (none CustomerInSystem) { return none },
	func(e *ExternalID) CustomerInSystem { return CustomerInSystem{e.CustomerID, e.System} })

// CustomerInSystem is the key of what one system calls a customer.
type CustomerInSystem struct {
	CustomerID CustomerID
	System     string
}

// CustomersByExternalID are the customers that a system calls id, which is a bare
// value or SYSTEM:VALUE.
func CustomersByExternalID(ctx context.Context, r *Reader, id string) ([]CustomerID, error) {
	system, value, _ := strings.Cut(id, ":")
	equals := func(s string) any { return map[string]any{"eq": s} }
	query, err := AllExternalIDs.Prepare(Request{Page: relay.Args{First: new(relay.MaxLimit)}, Filters: []Filter{{"or": []any{
		map[string]any{"value": equals(id)},
		map[string]any{"system": equals(system), "value": equals(value)},
	}}}})
	if err != nil {
		return nil, err
	}
	read, err := Pages(ctx, r, AllExternalIDs, []struct{}{{}}, query)
	var customers []CustomerID
	for _, row := range read[struct{}{}].Rows {
		if !slices.Contains(customers, row.CustomerID) {
			customers = append(customers, row.CustomerID)
		}
	}
	return customers, err
}

// ExternalIDKey is the key of an ExternalID.
type ExternalIDKey struct{ System, Value string }

// ExternalIDByKey finds an external ID by its key.
var ExternalIDByKey = newKey(ExternalIDs, func(row *ExternalID) ExternalIDKey { return ExternalIDKey{row.System, row.Value} })

// ExternalIDsByValue are the external IDs with a value, in any system.
var ExternalIDsByValue = newRelation(ExternalIDs, []string{"value"},
	func(*Root) (none string) { return none },
	func(row *ExternalID) string { return row.Value })

// UnknownCustomers are those of the customers that are not there.
func UnknownCustomers(ctx context.Context, db *gorm.DB, customers []CustomerID) (unknown []CustomerID, err error) {
	found, err := Children(ctx, NewReader(db, Scope{All: true}), CustomerByID, customers)
	for _, id := range customers {
		if found[id] == nil && err == nil {
			unknown = append(unknown, id)
		}
	}
	return unknown, err
}
