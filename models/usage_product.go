package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// UsageProductConnection is a page of usage products.
type (
	UsageProductConnection = relay.Connection[*UsageProduct]
	UsageProductEdge       = relay.Edge[*UsageProduct]
)

// UsageProductID is the key of a UsageProduct, Elevate's usage product id.
type UsageProductID int64

// String is the raw key, the databaseId of GraphQL.
func (id UsageProductID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id UsageProductID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "UsageProduct", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *UsageProductID) UnmarshalGQL(v any) error { return scalar.ReadIntID("UsageProduct", v, id) }

// UsageProduct is something sold that is measured as it is used. A row that was
// only named by another has nothing but its key.
//
// Source: Elevate GET /usage-products.
type UsageProduct struct {
	store.Siblings[UsageProduct] `gorm:"-"`

	ID                         UsageProductID `gorm:"primaryKey"`
	Name                       *string        `fold:"yes"`
	NominalCode                *string
	UsageProductCategoryID     *int64
	Direction                  *string // INBOUND or OUTBOUND
	AvailableFrom              *scalar.Date
	AvailableTo                *scalar.Date
	ProductReferenceCanBeRange *bool
	ServiceIDRequired          *bool
	UpdatedAt                  scalar.DateTime
	Digest                     []byte
}

// UsageProducts is the catalogue of usage products.
var UsageProducts = store.NewTable[UsageProduct]("").Filters("id", "name").Orderable("NAME")

// AllUsageProducts is the list at the root, Query.usageProducts.
var AllUsageProducts = store.NewList(UsageProducts).Field("Query.usageProducts")

// UsageProductByID finds a row by its key.
var UsageProductByID = store.NewNode("UsageProduct", UsageProducts, func(row *UsageProduct) UsageProductID { return row.ID }, scalar.ReadID[UsageProductID])

// IsNode marks what Query.node reaches.
func (UsageProduct) IsNode() {}

// DatabaseID is the raw key.
func (p *UsageProduct) DatabaseID() string { return p.ID.String() }
