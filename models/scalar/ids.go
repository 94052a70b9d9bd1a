package scalar

import (
	"io"
)

// The keys of nodes. Each is a type of its own, beside its rows, so that the key of a
// site is never taken for that of a customer, and so that GraphQL writes it as the
// global ID wherever it stands: Site:10. A text or number that comes in may be the
// global ID or the raw key.

// CustomerID is the key of a Customer, Elevate's customer id. It is here because rows of
// all tables are of customers.
type CustomerID int64

// String is the raw key, the databaseId of GraphQL.
func (id CustomerID) String() string { return FormatInt(id) }

// MarshalGQL writes the global ID.
func (id CustomerID) MarshalGQL(w io.Writer) { WriteID(w, "Customer", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *CustomerID) UnmarshalGQL(v any) error { return ReadIntID("Customer", v, id) }

// ReadID reads an ID, global or raw, as a key. The error is BAD_USER_INPUT.
func ReadID[K any, P interface {
	*K
	UnmarshalGQL(any) error
}](id string) (key K, err error) {
	err = P(&key).UnmarshalGQL(id)
	return key, err
}
