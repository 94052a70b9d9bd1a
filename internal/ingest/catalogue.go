package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/store"
)

// importUsageProducts imports Elevate's GET /usage-products.
func importUsageProducts(imp *importer, s *stream) error {
	return load(imp, s, source[models.UsageProduct, models.UsageProduct, models.UsageProductID]{
		by: models.UsageProductByID, root: func(p *models.UsageProduct) *models.UsageProduct { return p }, keyPath: "id",
		read: func(f fields) models.UsageProduct {
			return models.UsageProduct{
				ID:                         requireID[models.UsageProductID](f, "id"),
				Name:                       f.text("name"),
				NominalCode:                f.text("nominalCode"),
				UsageProductCategoryID:     sourceID(f, "usageProductCategoryId"),
				Direction:                  f.text("direction"),
				AvailableFrom:              f.date("availableFrom"),
				AvailableTo:                f.date("availableTo"),
				ProductReferenceCanBeRange: f.boolOrNil("productReferenceCanBeRange"),
				ServiceIDRequired:          f.boolOrNil("serviceIdRequired"),
			}
		},
		content: func(p *models.UsageProduct) any { return p },
		write: func(changed []*record[models.UsageProduct]) error {
			return put(imp, models.UsageProducts, changed, func(r *record[models.UsageProduct]) models.UsageProduct {
				row := r.value
				row.UpdatedAt, row.Digest = imp.now, r.digest
				return row
			})
		},
	})
}

// importBillRuns imports Elevate's GET /bill-runs.
func importBillRuns(imp *importer, s *stream) error {
	return load(imp, s, source[models.BillRun, models.BillRun, models.BillRunID]{
		by: models.BillRunByID, root: func(b *models.BillRun) *models.BillRun { return b }, keyPath: "id",
		read:    readBillRun,
		content: func(b *models.BillRun) any { return b },
		write: func(changed []*record[models.BillRun]) error {
			return put(imp, models.BillRuns, changed, func(r *record[models.BillRun]) models.BillRun {
				row := r.value
				row.UpdatedAt, row.Digest = imp.now, r.digest
				return row
			})
		},
	})
}

func readBillRun(f fields) models.BillRun {
	b := models.BillRun{
		ID:                    requireID[models.BillRunID](f, "id"),
		Name:                  f.text("name"),
		BillingCycleID:        sourceID(f, "billingCycleId"),
		PeriodStartDate:       f.date("periodStartDate"),
		PeriodEndDate:         f.date("periodEndDate"),
		InvoiceDate:           f.date("invoiceDate"),
		IncludeUsageUntilDate: f.date("includeUsageUntilDate"),
		Status:                label(f, "billRunStatus", models.AllBillRunStatus),
		SummaryStatus:         f.text("summaryStatus"),
		Parallel:              f.boolOrNil("parallel"),
		Paused:                f.boolOrNil("paused"),
		CreatedAt:             f.stamp("created"),
	}
	if status := label(f, "status", models.AllBillRunStatus); b.Status == nil {
		b.Status = status
	}
	return b
}

// importPlans imports Elevate's GET /inclusive-usage-plans.
func importPlans(imp *importer, s *stream) error {
	type plan = models.InclusiveUsagePlan
	return load(imp, s, source[plan, plan, models.InclusiveUsagePlanID]{
		by: models.InclusiveUsagePlanByID, root: func(p *plan) *plan { return p }, keyPath: "id",
		read:    readPlan,
		content: func(p *plan) any { return p },
		mention: func(batch []*record[plan]) error {
			products := newMentions(func(p *models.UsageProduct) models.UsageProductID { return p.ID })
			for _, r := range batch {
				if id := r.value.UsageProductID; id != nil {
					products.add(models.UsageProduct{ID: *id, UpdatedAt: imp.now}, nil)
				}
			}
			return store.InsertMissing(imp.tx, models.UsageProducts, products.rows)
		},
		write: func(changed []*record[plan]) error {
			return put(imp, models.InclusiveUsagePlans, changed, func(r *record[plan]) plan {
				row := r.value
				row.UpdatedAt, row.Digest = imp.now, r.digest
				return row
			})
		},
	})
}

func readPlan(f fields) models.InclusiveUsagePlan {
	return models.InclusiveUsagePlan{
		ID:                    requireID[models.InclusiveUsagePlanID](f, "id"),
		Name:                  f.text("name"),
		UsageProductID:        id[models.UsageProductID](f, "usageProductId"),
		AvailableFrom:         f.date("availableFrom"),
		AvailableTo:           f.date("availableTo"),
		BoltOn:                f.boolOrNil("boltOn"),
		TaxBandID:             sourceID(f, "taxBandId"),
		NominalCode:           f.text("nominalCode"),
		RolloverPeriods:       f.count("rolloverPeriods"),
		Frequency:             f.text("frequency"),
		TriggerChargeID:       sourceID(f, "triggerChargeId"),
		MinQualifyingQuantity: f.decimal("minQualifyingQuantity"),
		MaxPerEventQuantity:   f.decimal("maxPerEventQuantity"),
	}
}

// importInvoices imports invoices of Metronome or Zenskar: their status, of which
// ledgers do not say.
func importInvoices(imp *importer, s *stream) error {
	return load(imp, s, source[models.Invoice, models.Invoice, string]{
		by: models.InvoiceByID, root: func(i *models.Invoice) *models.Invoice { return i }, keyPath: "id",
		read: func(f fields) models.Invoice {
			const statuses = "one of DRAFT, FINALIZED, VOID"
			return models.Invoice{
				ID:     requireTextID[string](f, "id"),
				Status: required(f, "status", statuses, enumAnyCase(f, "status", models.AllInvoiceStatus)),
				Name:   f.text("name"),
				Number: f.text("number"),
			}
		},
		content: func(i *models.Invoice) any { return i },
		write:   func(changed []*record[models.Invoice]) error { return writeInvoices(imp, changed) },
	})
}

// writeInvoices writes invoices, with the names and numbers of the file alone: what an
// entitlement says of an invoice stays with that.
func writeInvoices(imp *importer, changed []*record[models.Invoice]) error {
	before, err := store.Children(imp.ctx, imp.reader, models.InvoiceByID,
		values(changed, func(r *record[models.Invoice]) string { return r.value.ID }))
	if err != nil {
		return err
	}
	var turned []string // whose status is another
	err = put(imp, models.Invoices, changed, func(r *record[models.Invoice]) models.Invoice {
		row := r.value
		if old := before[row.ID]; len(old) > 0 && row.Status != old[0].Status {
			turned = append(turned, row.ID)
		}
		row.Digest = r.digest
		return row
	})
	if err != nil {
		return err
	}
	return billing.SettleInvoices(imp.tx, turned, imp.now)
}
