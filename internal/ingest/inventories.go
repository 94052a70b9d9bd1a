package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

// inventory is a row of Elevate's GET /usage-product-inventories.
type inventory struct {
	models.UsageProductInventory
	references []models.ProductReference
}

func importInventories(imp *importer, s *stream) error {
	claimed, err := store.NewSeen(imp.tx, models.ProductReferenceByID)
	if err != nil {
		return err
	}
	err = load(imp, s, source[models.UsageProductInventory, inventory, models.UsageProductInventoryID]{
		by: models.UsageProductInventoryByID, root: func(u *inventory) *models.UsageProductInventory { return &u.UsageProductInventory }, keyPath: "id",
		read:    readInventory,
		resolve: func(batch []*record[inventory]) error { return resolveInventories(imp, batch) },
		content: func(u *inventory) any {
			row := u.UsageProductInventory
			row.CustomerID = 0 // the site's, whatever the file says
			return []any{row, u.references}
		},
		accept: func(batch []*record[inventory]) error {
			return claimUnique(claimed, referenceClaims(batch), "a reference of one inventory")
		},
		mention: func(batch []*record[inventory]) error {
			products := newMentions(func(p *models.UsageProduct) models.UsageProductID { return p.ID })
			for _, r := range batch {
				products.add(models.UsageProduct{ID: r.value.UsageProductID, UpdatedAt: imp.now}, nil)
			}
			return store.InsertMissing(imp.tx, models.UsageProducts, products.rows)
		},
		write: func(changed []*record[inventory]) error { return writeInventories(imp, changed) },
		release: func(ids []models.UsageProductInventoryID) error {
			return claimed.ForgetNoted(notes(ids))
		},
		replaceBy: "customer_id",
		deletes:   []deletes{{"inclusive-usage-balances", &models.UsageBalancesOfInventory.Edge}},
	})
	if err != nil {
		return err
	}
	return claimed.Drop()
}

func readInventory(f fields) inventory {
	u := inventory{UsageProductInventory: models.UsageProductInventory{
		ID:                            requireID[models.UsageProductInventoryID](f, "id"),
		SiteID:                        requireID[models.SiteID](f, "siteId"),
		UsageProductID:                requireID[models.UsageProductID](f, "usageProductId"),
		StartDate:                     required(f, "startDate", aDate, f.date("startDate")),
		EndDate:                       f.date("endDate"),
		SupplierAccountID:             sourceID(f, "supplierAccountId"),
		BillByServiceID:               f.bool("billByServiceId", false),
		ServiceID:                     f.text("serviceId"),
		Billable:                      f.bool("billable", true),
		InFlightOrder:                 f.bool("inFlightOrder", false),
		ExternalOrderReference:        f.text("externalOrderReference"),
		ExternalNetworkOrderReference: f.text("externalNetworkOrderReference"),
		PendingEndDate:                f.date("pendingEndDate"),
		UsageCapEnabled:               f.bool("usageCapEnabled", false),
		DefaultUsageCap:               f.decimal("defaultUsageCap"),
		OverrideUsageCap:              f.decimal("overrideUsageCap"),
		ApplySurcharges:               f.bool("applySurcharges", false),
		TripwirePlanID:                sourceID(f, "tripwirePlanId"),
	}}
	readReferences(f, &u)
	return u
}

func readReferences(f fields, u *inventory) {
	const key = "productReferences"
	seen := map[models.ProductReferenceID]bool{}
	for _, item := range f.objects(key) {
		r := models.ProductReference{
			ID:               requireID[models.ProductReferenceID](item, "id"),
			ProductReference: required(item, "productReference", "a string", item.text("productReference")),
			Primary:          item.bool("primary", false),
			Label:            item.text("label"),
			UserID:           item.text("userId"),
			UserEmail:        item.text("userEmail"),
			CostCentreCode:   item.text("costCentreCode"),
			DepartmentCode:   item.text("departmentCode"),
			Notes:            item.prose("notes"),
			StartDate:        item.date("startDate"),
			EndDate:          item.date("endDate"),
		}
		if seen[r.ID] && r.ID != 0 {
			item.fail("id", "each reference once")
		}
		seen[r.ID] = true
		r.UsageProductInventoryID = u.ID
		u.references = append(u.references, r)
	}
	if n := f.get(key); n == nil || n.kind == list && len(n.items) == len(u.references) {
		f.breaches(u.Breaches(pointers(u.references)))
	}
}

func pointers[T any](rows []T) []*T {
	out := make([]*T, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}

func resolveInventories(imp *importer, batch []*record[inventory]) error {
	sites, err := store.Children(imp.ctx, imp.reader, models.SiteByID,
		distinct(values(batch, func(r *record[inventory]) models.SiteID { return r.value.SiteID })))
	if err != nil {
		return err
	}
	for _, r := range batch {
		site := sites[r.value.SiteID]
		if len(site) == 0 {
			r.fail("siteId", r.value.SiteID.String(), "the id of a site that was imported")
			continue
		}
		r.value.CustomerID = site[0].CustomerID
	}
	return nil
}

func referenceClaims(batch []*record[inventory]) (claims []claim[models.ProductReferenceID]) {
	for _, r := range batch {
		for i, reference := range r.value.references {
			claims = append(claims, claim[models.ProductReferenceID]{
				key: reference.ID, note: r.value.ID.String(), row: &r.rowContext, path: "productReferences" + index(i) + ".id", found: reference.ID.String(),
			})
		}
	}
	return claims
}

// writeInventories writes inventories and their references. What an inventory that
// moves to another site has moves with it.
func writeInventories(imp *importer, changed []*record[inventory]) error {
	err := put(imp, models.UsageProductInventories, changed, func(r *record[inventory]) models.UsageProductInventory {
		row := r.value.UsageProductInventory
		row.UpdatedAt, row.Digest = imp.now, r.digest
		return row
	})
	if err != nil {
		return err
	}
	keyOf := func(r *record[inventory]) models.UsageProductInventoryID { return r.value.ID }
	moved := keysOf(changed, keyOf, func(r *record[inventory]) bool {
		return r.stored != nil && (r.stored.SiteID != r.value.SiteID || r.stored.CustomerID != r.value.CustomerID)
	})
	if err := store.Touch(imp.tx, models.UsageBalancesOfInventory, moved, imp.now); err != nil {
		return err
	}
	if err := store.DeleteChildren(imp.tx, models.ReferencesOfInventory, keysOf(changed, keyOf, isStored)); err != nil {
		return err
	}
	var references []models.ProductReference
	for _, r := range changed {
		for _, reference := range r.value.references {
			reference.CustomerID = r.value.CustomerID
			references = append(references, reference)
		}
	}
	if err := takeReferences(imp, references); err != nil {
		return err
	}
	return store.Insert(imp.tx, models.ProductReferences, references)
}

// takeReferences takes the references from the inventories that have them. What
// was imported of those no longer holds, so that importing it anew must write it.
func takeReferences(imp *importer, references []models.ProductReference) error {
	ids := make([]models.ProductReferenceID, len(references))
	for i, reference := range references {
		ids[i] = reference.ID
	}
	there, err := store.Children(imp.ctx, imp.reader, models.ProductReferenceByID, ids)
	if err != nil || len(there) == 0 {
		return err
	}
	var taken []models.ProductReferenceID
	var from []models.UsageProductInventoryID
	for id, rows := range there {
		taken, from = append(taken, id), append(from, rows[0].UsageProductInventoryID)
	}
	if err := store.DeleteChildren(imp.tx, models.ProductReferenceByID, taken); err != nil {
		return err
	}
	return store.Forget(imp.tx, models.UsageProductInventoryByID, distinct(from), imp.now)
}
