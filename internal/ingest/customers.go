package ingest

import (
	"slices"
	"strings"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// customer is a row of Elevate's GET /customers, with external IDs and an e-mail
// address added by whoever exported it, or a row of another system's list.
type customer struct {
	models.Customer
	system      string // the other system, whose external IDs are those of the row; "" for Elevate
	externalIDs []models.ExternalID
	hasExternal bool
}

func importCustomers(imp *importer, s *stream) error {
	claimed, err := store.NewSeen(imp.tx, models.ExternalIDByKey)
	if err != nil {
		return err
	}
	err = load(imp, s, source[models.Customer, customer, scalar.CustomerID]{
		by: models.CustomerByID, root: func(c *customer) *models.Customer { return &c.Customer }, keyPath: "id",
		read:    readCustomer,
		resolve: func(batch []*record[customer]) error { return resolveCustomers(imp, claimed, batch) },
		content: func(c *customer) any { return []any{c.Customer, c.hasExternal, c.externalIDs} },
		accept: func(batch []*record[customer]) error {
			return claimUnique(claimed, externalClaims(batch), "an external id of one customer")
		},
		release: func(ids []scalar.CustomerID) error { return claimed.ForgetNoted(notes(ids)) },
		write:   func(changed []*record[customer]) error { return writeCustomers(imp, changed) },
		finish:  func(*store.Seen[models.Customer, scalar.CustomerID]) error { return writeExternalIDs(imp, claimed) },
	})
	if err != nil {
		return err
	}
	return claimed.Drop()
}

// readCustomer reads a row of any of the three systems' lists.
func readCustomer(f fields) customer {
	if system := systemOf(f); system != "" {
		return readListed(f, system)
	}
	c := customer{Customer: models.Customer{
		ID:            requireID[scalar.CustomerID](f, "id"),
		Name:          f.text("customerName"),
		AccountNumber: f.text("customerAccountNumber"),
		Type:          label(f, "customerType", models.AllCustomerType),
		Email:         f.text("email"),
		StartDate:     f.date("startDate"),
		EndDate:       f.date("endDate"),
		CreatedAt:     f.stamp("createdDate"),
	}}
	f.ignore("updatedDate") // updatedAt is when usagegraph changed the row
	c.hasExternal = f.has("externalIds")
	for _, item := range f.objects("externalIds") {
		id := models.ExternalID{System: requireTextID[string](item, "system"), Value: requireTextID[string](item, "value"), CustomerID: c.ID}
		if slices.ContainsFunc(c.externalIDs, func(e models.ExternalID) bool { return e.System == id.System && e.Value == id.Value }) {
			item.fail("value", "each external id once")
		}
		c.externalIDs = append(c.externalIDs, id)
	}
	sortExternalIDs(c.externalIDs)
	return c
}

func sortExternalIDs(ids []models.ExternalID) {
	slices.SortFunc(ids, func(a, b models.ExternalID) int {
		return strings.Compare(a.System+"\x00"+a.Value, b.System+"\x00"+b.Value)
	})
}

func externalClaims(batch []*record[customer]) (claims []claim[models.ExternalIDKey]) {
	for _, r := range batch {
		for _, id := range r.value.externalIDs {
			claims = append(claims, claim[models.ExternalIDKey]{
				key: models.ExternalIDKey{System: id.System, Value: id.Value}, note: r.value.ID.String(),
				row: &r.rowContext, path: r.value.idsPath(), found: quoted(id.System + ":" + id.Value),
			})
		}
	}
	return claims
}

// writeCustomers writes customers and takes away the external IDs that they had:
// those of the file are written at its end, when all that move have been given up.
func writeCustomers(imp *importer, changed []*record[customer]) error {
	err := put(imp, models.Customers, changed, func(r *record[customer]) models.Customer {
		row := r.value.Customer
		row.UpdatedAt, row.Digest = imp.now, r.digest
		return row
	})
	if err != nil {
		return err
	}
	err = store.DeleteChildren(imp.tx, models.ExternalIDsOfCustomer, keysOf(changed,
		func(r *record[customer]) scalar.CustomerID { return r.value.ID },
		func(r *record[customer]) bool { return r.stored != nil && r.value.hasExternal }))
	if err != nil {
		return err
	}
	return store.DeleteChildren(imp.tx, models.ExternalIDsOfSystem, keysOf(changed,
		func(r *record[customer]) models.CustomerInSystem {
			return models.CustomerInSystem{CustomerID: r.value.ID, System: r.value.system}
		},
		func(r *record[customer]) bool { return r.stored != nil && r.value.system != "" }))
}

// writeExternalIDs writes what the file's customers are called, unless a customer
// that does not give it up is called so. A file with other errors may mean to give
// it up in a row that was not read.
func writeExternalIDs(imp *importer, claimed *store.Seen[models.ExternalID, models.ExternalIDKey]) error {
	if imp.report.total > 0 {
		return nil
	}
	conflicts, err := models.ExternalIDConflicts(claimed, maxIssues)
	if err != nil {
		return err
	}
	imp.conflicts(conflicts, "externalIds", func(c models.Conflict) string {
		return "an external id that no other customer has: Customer:" + c.Other + " has it"
	})
	if len(conflicts) > 0 {
		return nil
	}
	return models.InsertExternalIDs(claimed)
}

// conflicts reports rows that can't stand beside others.
func (imp *importer) conflicts(conflicts []models.Conflict, path string, expected func(models.Conflict) string) {
	if len(conflicts) == 0 {
		return
	}
	var issues []issue
	for _, c := range conflicts {
		issues = append(issues, issue{c.Row, path, quoted(c.Value), expected(c)})
	}
	imp.report.addAll(issues, conflicts[0].Total)
}
