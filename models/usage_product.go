package models

import (
	"io"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// UsageProductConnection is a page of usage products.
type (
	UsageProductConnection = relay.Connection[*UsageProduct]
	UsageProductEdge       = relay.Edge[*UsageProduct]
)

// UsageProductID is the key of a UsageProduct, Elevate's usage product id.
type UsageProductID int64

// String is the raw key, the databaseId of GraphQL.
func (id UsageProductID) String() string { return relay.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id UsageProductID) MarshalGQL(w io.Writer) { relay.WriteID(w, "UsageProduct", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *UsageProductID) UnmarshalGQL(v any) error { return relay.ReadIntID("UsageProduct", v, id) }

// UsageProduct is something sold that is measured as it is used. A row that was
// only named by another has nothing but its key.
//
// Source: Elevate GET /usage-products.
type UsageProduct struct {
	Read[UsageProduct] `gorm:"-"`

	ID                         UsageProductID `gorm:"primaryKey"`
	Name                       *string        `fold:"yes"`
	NominalCode                *string
	UsageProductCategoryID     *int64
	Direction                  *string // INBOUND or OUTBOUND
	AvailableFrom              *Date
	AvailableTo                *Date
	ProductReferenceCanBeRange *bool
	ServiceIDRequired          *bool
	UpdatedAt                  DateTime
	Digest                     []byte
}

// UsageProducts is the catalogue of usage products.
var UsageProducts = newTable[UsageProduct]("").filters("id", "name").orderable("NAME")

// AllUsageProducts is the list at the root, Query.usageProducts.
var AllUsageProducts = all(UsageProducts).field("Query.usageProducts")

// UsageProductByID finds a row by its key.
var UsageProductByID = newNode("UsageProduct", UsageProducts, func(row *UsageProduct) UsageProductID { return row.ID }, readID[UsageProductID])

// IsNode marks what Query.node reaches.
func (UsageProduct) IsNode() {}

// DatabaseID is the raw key.
func (p *UsageProduct) DatabaseID() string { return p.ID.String() }
