package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// EntitlementConnection is a page of entitlement definitions.
type (
	EntitlementConnection = relay.Connection[*Entitlement]
	EntitlementEdge       = relay.Edge[*Entitlement]
)

// EntitlementID is the key of an Entitlement, Zenskar's id.
type EntitlementID string

// String is the raw key, the databaseId of GraphQL.
func (id EntitlementID) String() string { return string(id) }

// MarshalGQL writes the global ID.
func (id EntitlementID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "Entitlement", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *EntitlementID) UnmarshalGQL(v any) error { return scalar.ReadTextID("Entitlement", v, id) }

// Entitlement is the definition of something that customers may be granted. Every
// token reads it, so its texts come from a definition that the source gave in full, and
// never from what a customer's row says of itself; they are nil until then.
//
// Source: Zenskar entitlements.
type Entitlement struct {
	store.Siblings[Entitlement] `gorm:"-"`

	ID          EntitlementID `gorm:"primaryKey"`
	Name        *string       `fold:"yes"`
	Description *string       `fold:"yes"`
	Type        *EntitlementType
	Units       *string
	IsActive    *bool
	UpdatedAt   scalar.DateTime
}

// Entitlements is the catalogue of entitlement definitions.
var Entitlements = store.NewTable[Entitlement]("").Filters("id", "name").Orderable("NAME")

// AllEntitlements is the list at the root, Query.entitlements.
var AllEntitlements = store.NewList(Entitlements).Field("Query.entitlements")

// EntitlementByID finds a row by its key.
var EntitlementByID = store.NewNode("Entitlement", Entitlements, func(row *Entitlement) EntitlementID { return row.ID }, scalar.ReadID[EntitlementID])

// IsNode marks what Query.node reaches.
func (Entitlement) IsNode() {}

// DatabaseID is the raw key.
func (e *Entitlement) DatabaseID() string { return e.ID.String() }
