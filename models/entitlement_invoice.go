package models

import "github.com/usagegraph/usagegraph/models/store"

// EntitlementInvoice is the invoice that granted an entitlement, as the row of the
// grant shows it: two grants of one invoice may differ in its name and number, and each
// shows its own.
type EntitlementInvoice struct {
	store.Siblings[EntitlementInvoice] `gorm:"-"`

	EntitlementBalanceID EntitlementBalanceID `gorm:"primaryKey"`
	ID                   string               // of the invoice, not global
	Status               InvoiceStatus        // of the invoice, whatever row shows it
	Name                 *string
	Number               *string
}

// EntitlementInvoices are made of grants and invoices; there is no such table.
var EntitlementInvoices = store.NewRows[EntitlementInvoice]("").MadeFrom(entitlementInvoices)

// entitlementInvoices selects the invoices of the grants in scope.
func entitlementInvoices(s *store.Statement) {
	s.Add(`SELECT e."id" AS "entitlement_balance_id", i."id", i."status", e."invoice_name" AS "name", e."invoice_number" AS "number" FROM `).From(EntitlementBalances, "e").
		Add(" JOIN ").From(Invoices, "i").
		Add(` ON i."id" = e."invoice_id"`)
}

// EntitlementInvoiceByGrant finds a row by its key.
var EntitlementInvoiceByGrant = store.NewKey(EntitlementInvoices, func(row *EntitlementInvoice) EntitlementBalanceID { return row.EntitlementBalanceID })
