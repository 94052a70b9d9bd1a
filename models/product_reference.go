package models

// ProductReference identifies a usage product inventory in call records.
//
// Source: Elevate GET /usage-product-inventories, productReferences[].
type ProductReference struct {
	Read[ProductReference] `gorm:"-"`

	ID                      ProductReferenceID `gorm:"primaryKey"`
	CustomerID              CustomerID
	UsageProductInventoryID UsageProductInventoryID
	ProductReference        string  `fold:"yes"` // a phone number, as a rule
	Primary                 bool    // the main billing number
	Label                   *string `fold:"yes"`
	UserID                  *string
	UserEmail               *string
	CostCentreCode          *string
	DepartmentCode          *string
	Notes                   *string
	StartDate               *Date
	EndDate                 *Date
}

// ProductReferences is the table of references.
var ProductReferences = newTable[ProductReference]("customer_id")

// ProductReferenceByID finds a row by its key.
var ProductReferenceByID = newKey(ProductReferences, func(row *ProductReference) ProductReferenceID { return row.ID })

// ReferencesOfInventory are in order of ID.
var ReferencesOfInventory = newRelation(ProductReferences, []string{"usage_product_inventory_id"},
	func(u *UsageProductInventory) UsageProductInventoryID { return u.ID },
	func(r *ProductReference) UsageProductInventoryID { return r.UsageProductInventoryID })

// IsNode marks what Query.node reaches.
func (ProductReference) IsNode() {}

// DatabaseID is the raw key.
func (r *ProductReference) DatabaseID() string { return r.ID.String() }
