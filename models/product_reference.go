package models

import (
	"io"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// ProductReferenceID is the key of a ProductReference, Elevate's reference id.
type ProductReferenceID int64

// String is the raw key, the databaseId of GraphQL.
func (id ProductReferenceID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id ProductReferenceID) MarshalGQL(w io.Writer) {
	scalar.WriteID(w, "ProductReference", id.String())
}

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *ProductReferenceID) UnmarshalGQL(v any) error {
	return scalar.ReadIntID("ProductReference", v, id)
}

// ProductReference identifies a usage product inventory in call records.
//
// Source: Elevate GET /usage-product-inventories, productReferences[].
type ProductReference struct {
	store.Siblings[ProductReference] `gorm:"-"`

	ID                      ProductReferenceID `gorm:"primaryKey"`
	CustomerID              scalar.CustomerID
	UsageProductInventoryID UsageProductInventoryID
	ProductReference        string  `fold:"yes"` // a phone number, as a rule
	Primary                 bool    // the main billing number
	Label                   *string `fold:"yes"`
	UserID                  *string
	UserEmail               *string
	CostCentreCode          *string
	DepartmentCode          *string
	Notes                   *string
	StartDate               *scalar.Date
	EndDate                 *scalar.Date
}

// ProductReferences is the table of references.
var ProductReferences = store.NewTable[ProductReference]("customer_id")

// ProductReferenceByID finds a row by its key.
var ProductReferenceByID = store.NewNode("ProductReference", ProductReferences, func(row *ProductReference) ProductReferenceID { return row.ID }, scalar.ReadID[ProductReferenceID])

// ReferencesOfInventory are in order of ID.
var ReferencesOfInventory = store.NewRelation(ProductReferences, []string{"usage_product_inventory_id"},
	func(u *UsageProductInventory) UsageProductInventoryID { return u.ID },
	func(r *ProductReference) UsageProductInventoryID { return r.UsageProductInventoryID }).Field("UsageProductInventory.productReferences").FirstField("UsageProductInventory.primaryProductReference", "primary")

// IsNode marks what Query.node reaches.
func (ProductReference) IsNode() {}

// DatabaseID is the raw key.
func (r *ProductReference) DatabaseID() string { return r.ID.String() }
