package models

import "github.com/usagegraph/usagegraph/graph/relay"

// UsageProductConnection is a page of usage products.
type (
	UsageProductConnection = relay.Connection[*UsageProduct]
	UsageProductEdge       = relay.Edge[*UsageProduct]
)

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

// UsageProductByID finds a row by its key.
var UsageProductByID = newKey(UsageProducts, func(row *UsageProduct) UsageProductID { return row.ID })

// IsNode marks what Query.node reaches.
func (UsageProduct) IsNode() {}

// DatabaseID is the raw key.
func (p *UsageProduct) DatabaseID() string { return p.ID.String() }
