package models

import "github.com/usagegraph/usagegraph/graph/relay"

// EntitlementConnection is a page of entitlement definitions.
type (
	EntitlementConnection = relay.Connection[*Entitlement]
	EntitlementEdge       = relay.Edge[*Entitlement]
)

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

// EntitlementByID finds a row by its key.
var EntitlementByID = newKey(Entitlements, func(row *Entitlement) EntitlementID { return row.ID })

// IsNode marks what Query.node reaches.
func (Entitlement) IsNode() {}

// DatabaseID is the raw key.
func (e *Entitlement) DatabaseID() string { return e.ID.String() }
