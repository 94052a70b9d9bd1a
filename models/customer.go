package models

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
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
	store.Siblings[Customer] `gorm:"-"`

	ID            scalar.CustomerID `gorm:"primaryKey"`
	Name          *string           `fold:"yes"` // customerName
	AccountNumber *string           `fold:"yes"` // customerAccountNumber
	Type          *CustomerType
	Email         *string
	SourceKey     *string `json:",omitempty"` // SYSTEM:ID, the external id under which another system lists a customer that Elevate lacks; nil for Elevate's
	StartDate     *scalar.Date
	EndDate       *scalar.Date // last day; nil while the account is open
	CreatedAt     *scalar.DateTime
	UpdatedAt     scalar.DateTime // when usagegraph last changed the row
	Digest        []byte          // of the row as imported, to report whether it changed
}

// Customers is the table of customers, each owned by itself.
var Customers = store.NewTable[Customer]("id").
	Filters("id", "name", "accountNumber", "type", "startDate", "endDate", "updatedAt").
	Orderable("NAME", "ACCOUNT_NUMBER", "START_DATE", "UPDATED_AT").
	SearchIn("name", "account_number")

// AllCustomers is the list at the root, Query.customers.
var AllCustomers = store.NewList(Customers).Field("Query.customers")

// CustomerByID finds a row by its key.
var CustomerByID = store.NewNode("Customer", Customers, func(row *Customer) scalar.CustomerID { return row.ID }, scalar.ReadID[scalar.CustomerID]).Field("Query.customer")

// IsNode marks what Query.node reaches.
func (Customer) IsNode() {}

// DatabaseID is the raw key.
func (c *Customer) DatabaseID() string { return c.ID.String() }

// ExternalID is what another billing system calls a customer. A value names one
// customer in its system.
type ExternalID struct {
	store.Siblings[ExternalID] `gorm:"-"`

	System     string `gorm:"primaryKey"`
	Value      string `gorm:"primaryKey"`
	CustomerID scalar.CustomerID
}

// ExternalIDs is the table of external IDs.
var ExternalIDs = store.NewTable[ExternalID]("customer_id").Filters("system", "value")

// AllExternalIDs is the list at the root.
var AllExternalIDs = store.NewList(ExternalIDs)

// ExternalIDsOfCustomer are in order of system and value.
var ExternalIDsOfCustomer = store.NewRelation(ExternalIDs, []string{"customer_id"},
	func(c *Customer) scalar.CustomerID { return c.ID },
	func(e *ExternalID) scalar.CustomerID { return e.CustomerID }).Field("Customer.externalIds")

// ExternalIDsOfSystem are the external IDs that one system has for a customer.
var ExternalIDsOfSystem = store.NewRelation(ExternalIDs, []string{"customer_id", "system"},
	func(*store.Root) (none CustomerInSystem) { return none },
	func(e *ExternalID) CustomerInSystem { return CustomerInSystem{e.CustomerID, e.System} })

// CustomerInSystem is the key of what one system calls a customer.
type CustomerInSystem struct {
	CustomerID scalar.CustomerID
	System     string
}

// CustomersByExternalID are the customers that a system calls id, which is a bare
// value or SYSTEM:VALUE.
func CustomersByExternalID(ctx context.Context, r *store.Reader, id string) ([]scalar.CustomerID, error) {
	system, value, _ := strings.Cut(id, ":")
	equals := func(s string) any { return map[string]any{"eq": s} }
	query, err := AllExternalIDs.Prepare(store.Request{Page: store.PageArguments{First: new(store.MaxLimit)}, Filters: []store.Filter{{"or": []any{
		map[string]any{"value": equals(id)},
		map[string]any{"system": equals(system), "value": equals(value)},
	}}}})
	if err != nil {
		return nil, err
	}
	read, err := store.Pages(ctx, r, AllExternalIDs, []struct{}{{}}, query)
	var customers []scalar.CustomerID
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
var ExternalIDByKey = store.NewKey(ExternalIDs, func(row *ExternalID) ExternalIDKey { return ExternalIDKey{row.System, row.Value} })

// ExternalIDsByValue are the external IDs with a value, in any system.
var ExternalIDsByValue = store.NewRelation(ExternalIDs, []string{"value"},
	func(*store.Root) (none string) { return none },
	func(row *ExternalID) string { return row.Value })

// UnknownCustomers are those of the customers that are not there.
func UnknownCustomers(ctx context.Context, db *gorm.DB, customers []scalar.CustomerID) (unknown []scalar.CustomerID, err error) {
	found, err := store.Children(ctx, store.NewReader(db, store.Scope{All: true}), CustomerByID, customers)
	for _, id := range customers {
		if found[id] == nil && err == nil {
			unknown = append(unknown, id)
		}
	}
	return unknown, err
}
