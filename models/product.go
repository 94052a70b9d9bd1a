package models

import "github.com/usagegraph/usagegraph/models/store"

// Product is a product of Metronome or Zenskar, as a balance names it.
type Product struct {
	store.Siblings[Product] `gorm:"-"`

	ID   string `gorm:"primaryKey"`
	Name *string
}

// Products is the catalogue of products.
var Products = store.NewTable[Product]("")

// ProductByID finds a row by its key.
var ProductByID = store.NewKey(Products, func(row *Product) string { return row.ID })

// CreditType is a currency or custom unit that balances are kept in.
type CreditType struct {
	store.Siblings[CreditType] `gorm:"-"`

	ID   string `gorm:"primaryKey"`
	Name *string
}

// USDCents is the credit type of a net balance unless another is asked for.
const USDCents = "2714e483-4ff1-48e4-9e25-ac732e8f24f2"

// CreditTypes is the catalogue of credit types.
var CreditTypes = store.NewTable[CreditType]("")

// CreditTypeByID finds a row by its key, and CreditTypeNamed from one that has no
// more than that.
var (
	CreditTypeByID  = store.NewKey(CreditTypes, func(row *CreditType) string { return row.ID })
	CreditTypeNamed = store.NewLookup(CreditTypeByID, func(row *CreditType) string { return row.ID })
)
