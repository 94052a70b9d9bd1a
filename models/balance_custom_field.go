package models

// BalanceCustomField is a custom field of a balance.
//
// Source: Metronome custom_fields.
type BalanceCustomField struct {
	Read[BalanceCustomField] `gorm:"-"`

	BalanceID  BalanceID `gorm:"primaryKey"`
	Key        string    `gorm:"primaryKey"`
	CustomerID CustomerID
	Value      string
}

// BalanceCustomFields is the table of custom fields.
var BalanceCustomFields = newTable[BalanceCustomField]("customer_id")

// CustomFieldsOfBalance are in order of key.
var CustomFieldsOfBalance = newRelation(BalanceCustomFields, []string{"balance_id"},
	func(b *Balance) BalanceID { return b.ID },
	func(f *BalanceCustomField) BalanceID { return f.BalanceID }).field("Balance.customFields")
