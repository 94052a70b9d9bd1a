package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// importSites imports Elevate's GET /sites.
func importSites(imp *importer, s *stream) error {
	return load(imp, s, source[models.Site, models.Site, models.SiteID]{
		by: models.SiteByID, root: func(s *models.Site) *models.Site { return s }, keyPath: "id",
		read:      readSite,
		resolve:   func(batch []*record[models.Site]) error { return resolveSites(imp, batch) },
		content:   func(s *models.Site) any { return s },
		write:     func(changed []*record[models.Site]) error { return writeSites(imp, changed) },
		replaceBy: "customer_id",
		deletes: []deletes{
			{"usage-product-inventories", &models.InventoriesOfSite.Edge},
			{"inclusive-usage-balances", &models.UsageBalancesOfSite.Edge},
		},
	})
}

func readSite(f fields) models.Site {
	s := models.Site{
		ID:         requireID[models.SiteID](f, "id"),
		CustomerID: requireID[scalar.CustomerID](f, "customerId"),
		Name:       f.text("siteName"),
		Reference:  f.text("siteReference"),
		StartDate:  f.date("startDate"),
		EndDate:    f.date("endDate"),
		CreatedAt:  f.stamp("createdDate"),
	}
	f.ignore("updatedDate") // updatedAt is when usagegraph changed the row
	if a, ok := f.object("siteAddress"); ok {
		s.BusinessName = a.text("businessName")
		s.Address1, s.Address2, s.Address3 = a.text("address1"), a.text("address2"), a.text("address3")
		s.Town, s.County, s.Postcode, s.Country = a.text("town"), a.text("county"), a.text("postcode"), a.text("country")
	}
	return s
}

func resolveSites(imp *importer, batch []*record[models.Site]) error {
	customers, err := store.Children(imp.ctx, imp.reader, models.CustomerByID,
		distinct(values(batch, func(r *record[models.Site]) scalar.CustomerID { return r.value.CustomerID })))
	if err != nil {
		return err
	}
	for _, r := range batch {
		if id := r.value.CustomerID; len(customers[id]) == 0 {
			r.fail("customerId", id.String(), "the id of a customer that was imported")
		}
	}
	return nil
}

// writeSites writes sites. What is at a site that moves to another customer moves
// with it.
func writeSites(imp *importer, changed []*record[models.Site]) error {
	err := put(imp, models.Sites, changed, func(r *record[models.Site]) models.Site {
		row := r.value
		row.UpdatedAt, row.Digest = imp.now, r.digest
		return row
	})
	if err != nil {
		return err
	}
	moved := keysOf(changed,
		func(r *record[models.Site]) models.SiteID { return r.value.ID },
		func(r *record[models.Site]) bool { return r.stored != nil && r.stored.CustomerID != r.value.CustomerID })
	if err := store.Touch(imp.tx, models.InventoriesOfSite, moved, imp.now); err != nil {
		return err
	}
	return store.Touch(imp.tx, models.UsageBalancesOfSite, moved, imp.now)
}
