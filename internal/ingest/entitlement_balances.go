package ingest

import "github.com/usagegraph/usagegraph/models"

// entitlementBalance is a row of Zenskar's GET /entitlements/customers_balances.
type entitlementBalance struct {
	models.EntitlementBalance
	customers  []customerName
	definition *models.Entitlement
	contract   *named
	product    *named
	invoice    *models.Invoice
}

func importEntitlementBalances(imp *importer, s *stream) error {
	return load(imp, s, source[models.EntitlementBalance, entitlementBalance, models.EntitlementBalanceID]{
		by: models.EntitlementBalanceByID, root: func(e *entitlementBalance) *models.EntitlementBalance { return &e.EntitlementBalance }, keyPath: "id",
		read: readEntitlementBalance,
		resolve: func(batch []*record[entitlementBalance]) error {
			return owners(imp, batch, func(e *entitlementBalance) []customerName { return e.customers },
				func(e *entitlementBalance, id models.CustomerID) { e.CustomerID = id })
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
		replaceBy: "customer_id",
	})
}

func readEntitlementBalance(f fields) entitlementBalance {
	e := entitlementBalance{EntitlementBalance: models.EntitlementBalance{
		ID:           requireTextID[models.EntitlementBalanceID](f, "id"),
		Name:         f.text("name"),
		Units:        f.text("units"),
		Type:         enumAnyCase(f, "type", models.AllEntitlementType),
		Quantity:     f.decimal("quantity"),
		QuantityUsed: f.decimal("quantity_used"),
		ActiveFrom:   f.instant("active_from"),
		ExpiryAt:     f.instant("expiry_at"),
		Event:        f.text("event"),
		SourceType:   f.text("source_type"),
		SourceID:     textID[string](f, "source_id"),
		Status:       f.text("status"),
		CreatedAt:    f.instant("created_at"),
	}}
	f.ignore("quantity_remaining") // computed
	e.customers = customerNames(f)
	e.contract, e.product = namedIn(f, "contract", "contract_id"), namedIn(f, "product", "product_id")
	e.ContractID, e.ProductID = ref[models.ContractID](e.contract), ref[string](e.product)
	readDefinition(f, &e)
	if invoice := namedIn(f, "invoice", "invoice_id"); invoice != nil {
		e.InvoiceID = &invoice.id
		e.invoice = &models.Invoice{ID: invoice.id, Status: models.InvoiceStatusFinalized, Name: invoice.name}
		if populated, ok := f.object("invoice"); ok {
			e.invoice.Number = populated.text("number")
		}
	}
	if e.Quantity != nil && e.QuantityUsed != nil && !e.Quantity.Differs(*e.QuantityUsed) {
		f.fail("quantity_used", "a number that leaves a remainder within 9.2e12")
	}
	f.breaches(e.Breaches())
	return e
}

// readDefinition reads the entitlement that the row grants: its id, or a populated
// object. The row's own name, type and units are the definition's too.
func readDefinition(f fields, e *entitlementBalance) {
	d := models.Entitlement{Name: e.Name, Description: f.prose("description"), Type: e.Type, Units: e.Units}
	if n := f.get("entitlement"); n == nil {
		return
	} else if n.kind == object {
		inner, _ := f.object("entitlement")
		d.ID = requireTextID[models.EntitlementID](inner, "id")
		d.Name, d.Description = or(inner.text("name"), d.Name), or(inner.prose("description"), d.Description)
		d.IsActive = inner.boolOrNil("is_active")
	} else if id := textID[models.EntitlementID](f, "entitlement"); id != nil {
		d.ID = *id
	}
	e.EntitlementID, e.definition = &d.ID, &d
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
		from := movedFrom(r.stored, e.CustomerID)
		if from != nil {
			imp.summary.warn("an entitlement balance moved to another customer")
		}
		if e.contract != nil {
			contracts = append(contracts, contractMention{*e.contract, e.CustomerID, from, true})
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
		if i := e.invoice; i != nil {
			invoices.add(*i, func(there *models.Invoice) {
				there.Name, there.Number = or(there.Name, i.Name), or(there.Number, i.Number)
			})
		}
	}
	if err := imp.mentionContracts(contracts); err != nil {
		return err
	}
	if err := imp.mentionProducts(products); err != nil {
		return err
	}
	if err := models.InsertMissing(imp.tx, models.Entitlements, definitions.rows, "name", "description", "type", "units", "is_active"); err != nil {
		return err
	}
	return models.InsertMissing(imp.tx, models.Invoices, invoices.rows, "name", "number")
}
