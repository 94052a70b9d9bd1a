package models

import "github.com/usagegraph/usagegraph/models/store"

// Invoice is an invoice that a ledger entry or an entitlement names. It has no
// customer of its own: it is read only through a row that names it, whose scope
// decides. Its name and number come from a list of invoices; an entitlement shows
// those of its own row instead.
//
// Source: Metronome and Zenskar invoices.
type Invoice struct {
	store.Siblings[Invoice] `gorm:"-"`

	ID     string `gorm:"primaryKey"`
	Status InvoiceStatus
	Name   *string
	Number *string
	Digest []byte
}

// Invoices is the catalogue of invoices.
var Invoices = store.NewTable[Invoice]("")

// InvoiceByID finds a row by its key.
var InvoiceByID = store.NewKey(Invoices, func(row *Invoice) string { return row.ID })
