package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
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
func (id EntitlementID) MarshalGQL(w io.Writer) { relay.WriteID(w, "Entitlement", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *EntitlementID) UnmarshalGQL(v any) error { return relay.ReadTextID("Entitlement", v, id) }

// Entitlement is the definition of something that customers may be granted. Every
// token reads it, so its texts come from a definition that the source gave in full, and
// never from what a customer's row says of itself; they are nil until then.
//
// Source: Zenskar entitlements.
type Entitlement struct {
	Read[Entitlement] `gorm:"-"`

	ID          EntitlementID `gorm:"primaryKey"`
	Name        *string       `fold:"yes"`
	Description *string       `fold:"yes"`
	Type        *EntitlementType
	Units       *string
	IsActive    *bool
	UpdatedAt   DateTime
}

// Entitlements is the catalogue of entitlement definitions.
var Entitlements = newTable[Entitlement]("").filters("id", "name").orderable("NAME")

// AllEntitlements is the list at the root, Query.entitlements.
var AllEntitlements = all(Entitlements).field("Query.entitlements")

// EntitlementByID finds a row by its key.
var EntitlementByID = newNode("Entitlement", Entitlements, func(row *Entitlement) EntitlementID { return row.ID }, readID[EntitlementID])

// IsNode marks what Query.node reaches.
func (Entitlement) IsNode() {}

// DatabaseID is the raw key.
func (e *Entitlement) DatabaseID() string { return e.ID.String() }
