package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// entitlementBalance is a row of Zenskar's GET /entitlements/customers_balances.
type entitlementBalance struct {
	models.EntitlementBalance
	customers  []customerName
	definition *models.Entitlement
	contract   *named
	product    *named
}

func importEntitlementBalances(imp *importer, s *stream) error {
	return load(imp, s, source[models.EntitlementBalance, entitlementBalance, models.EntitlementBalanceID]{
		by: models.EntitlementBalanceByID, root: func(e *entitlementBalance) *models.EntitlementBalance { return &e.EntitlementBalance }, keyPath: "id",
		read: readEntitlementBalance,
		resolve: func(batch []*record[entitlementBalance]) error {
			return owners(imp, batch, func(e *entitlementBalance) []customerName { return e.customers },
				func(e *entitlementBalance, id scalar.CustomerID) { e.CustomerID = id })
		},
		content: func(e *entitlementBalance) any { return e.EntitlementBalance },
		mention: func(batch []*record[entitlementBalance]) error { return mentionOfEntitlements(imp, batch) },
		write: func(changed []*record[entitlementBalance]) error {
			return put(imp, models.EntitlementBalances, changed, func(r *record[entitlementBalance]) models.EntitlementBalance {
				row := r.value.EntitlementBalance
				row.UpdatedAt, row.Digest = imp.now, r.digest
				return row
			})
		},
		finish: func(*store.Seen[models.EntitlementBalance, models.EntitlementBalanceID]) error {
			return imp.settleContracts()
		},
		replaceBy: "customer_id",
	})
}

func readEntitlementBalance(f fields) entitlementBalance {
	e := entitlementBalance{EntitlementBalance: models.EntitlementBalance{
		ID:           requireTextID[models.EntitlementBalanceID](f, "id"),
		Name:         f.text("name"),
		Units:        f.text("units"),
		Type:         labelAnyCase(f, "type", models.AllEntitlementType),
		Quantity:     f.decimal("quantity"),
		QuantityUsed: f.decimal("quantity_used"),
		ActiveFrom:   f.instantUTC("active_from"),
		ExpiryAt:     f.instantUTC("expiry_at"),
		Event:        f.text("event"),
		SourceType:   f.text("source_type"),
		SourceID:     textID[string](f, "source_id"),
		Status:       f.text("status"),
		CreatedAt:    f.instantUTC("created_at"),
	}}
	e.customers = customerNames(f)
	e.contract, e.product = namedIn(f, "contract", "contract_id"), namedIn(f, "product", "product_id")
	e.ContractID, e.ProductID = ref[models.ContractID](e.contract), ref[string](e.product)
	readDefinition(f, &e)
	readInvoice(f, &e)
	readQuantities(f, &e)
	f.breaches(e.Breaches())
	return e
}

// readDefinition reads the entitlement that the row grants: its id, or a populated
// object. Everybody reads the definition, so that what the row says of itself is none
// of its texts.
func readDefinition(f fields, e *entitlementBalance) {
	d := models.Entitlement{}
	if n := f.get("entitlement"); n == nil {
		return
	} else if n.kind == object {
		inner, _ := f.object("entitlement")
		d.ID = requireTextID[models.EntitlementID](inner, "id")
		d.Name, d.Description = inner.text("name"), inner.prose("description")
		d.Type, d.Units = labelAnyCase(inner, "type", models.AllEntitlementType), inner.text("units")
		d.IsActive = inner.boolOrNil("is_active")
	} else if id := textID[models.EntitlementID](f, "entitlement"); id != nil {
		d.ID = *id
	}
	e.EntitlementID, e.definition = &d.ID, &d
}

// readInvoice reads the invoice that granted the row, of which each row has its own
// name and number.
func readInvoice(f fields, e *entitlementBalance) {
	invoice := namedIn(f, "invoice", "invoice_id")
	if invoice == nil {
		return
	}
	e.InvoiceID, e.InvoiceName = &invoice.id, invoice.name
	if populated, ok := f.object("invoice"); ok {
		e.InvoiceNumber = populated.text("number")
	}
}

// readQuantities judges what is granted and used.
func readQuantities(f fields, e *entitlementBalance) {
	remaining := f.get("quantity_remaining")
	switch {
	case e.Quantity == nil || e.QuantityUsed == nil:
	case !e.Quantity.CanSubtract(*e.QuantityUsed):
		f.fail("quantity_used", "a number that leaves a remainder within 9.2e12")
	case remaining != nil && !remaining.is(*e.Quantity-*e.QuantityUsed):
		f.row.warn("quantity_remaining is not quantity less quantity_used, which is what usagegraph shows")
	}
}

// mentionOfEntitlements makes the definitions, contracts, products and invoices
// that rows name.
func mentionOfEntitlements(imp *importer, batch []*record[entitlementBalance]) error {
	var contracts []contractMention
	var products []*named
	definitions := newMentions(func(d *models.Entitlement) models.EntitlementID { return d.ID })
	invoices := newMentions(func(i *models.Invoice) string { return i.ID })
	for _, r := range batch {
		e := &r.value
		if moves(r.stored, e.CustomerID) {
			imp.summary.warn("an entitlement balance moved to another customer")
		}
		if e.contract != nil {
			contracts = append(contracts, contractMention{*e.contract, e.CustomerID})
		}
		products = append(products, e.product)
		if d := e.definition; d != nil {
			d.UpdatedAt = imp.now
			definitions.add(*d, func(there *models.Entitlement) {
				there.Name, there.Description = or(there.Name, d.Name), or(there.Description, d.Description)
				there.Type, there.Units = or(there.Type, d.Type), or(there.Units, d.Units)
				there.IsActive = or(there.IsActive, d.IsActive)
			})
		}
		if e.InvoiceID != nil {
			invoices.add(models.Invoice{ID: *e.InvoiceID, Status: models.InvoiceStatusFinalized}, nil)
		}
	}
	if err := imp.mentionContracts(contracts); err != nil {
		return err
	}
	if err := imp.mentionProducts(products); err != nil {
		return err
	}
	if err := store.InsertMissing(imp.tx, models.Entitlements, definitions.rows, "name", "description", "type", "units", "is_active"); err != nil {
		return err
	}
	return store.InsertMissing(imp.tx, models.Invoices, invoices.rows)
}
