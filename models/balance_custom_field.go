package models

import (
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// BalanceCustomField is a custom field of a balance.
//
// Source: Metronome custom_fields.
type BalanceCustomField struct {
	store.Siblings[BalanceCustomField] `gorm:"-"`

	BalanceID  BalanceID `gorm:"primaryKey"`
	Key        string    `gorm:"primaryKey"`
	CustomerID scalar.CustomerID
	Value      string
}

// BalanceCustomFields is the table of custom fields.
var BalanceCustomFields = store.NewTable[BalanceCustomField]("customer_id")

// CustomFieldsOfBalance are in order of key.
var CustomFieldsOfBalance = store.NewRelation(BalanceCustomFields, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(f *BalanceCustomField) BalanceID { return f.BalanceID }).Field("Balance.customFields")
