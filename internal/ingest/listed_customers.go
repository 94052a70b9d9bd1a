package ingest

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// The systems whose lists of customers are taken beside Elevate's, as external IDs
// call them.
const (
	metronome = "metronome"
	zenskar   = "zenskar"
)

// systemOf is the system whose list of customers has such a row, "" for Elevate.
func systemOf(f fields) string {
	has := func(key string) bool { return f.node.fields[key] != nil }
	switch {
	case has("ingest_aliases") || has("customer_config"):
		return metronome
	case has("customer_name"):
		return zenskar
	}
	return ""
}

// readListed reads a row of Metronome's GET /v1/customers or of Zenskar's GET
// /customers. What the system calls the customer are external IDs.
func readListed(f fields, system string) customer {
	id := requireTextID[string](f, "id")
	c := customer{system: system, Customer: models.Customer{SourceKey: new(system + ":" + id)}}
	names := []string{id}
	if system == metronome {
		c.Name, c.CreatedAt = f.text("name"), f.instant("created_at")
		names = append(names, textIDs[string](f, "ingest_aliases")...)
	} else {
		c.Name, c.Email, c.CreatedAt = f.text("customer_name"), f.text("email"), f.instantUTC("created_at")
	}
	f.ignore("updated_at") // updatedAt is when usagegraph changed the row
	if n := f.get("external_id"); n != nil && n.text != "" {
		if external := textID[string](f, "external_id"); external != nil {
			names = append(names, *external)
		}
	}
	for _, name := range distinct(names) {
		c.externalIDs = append(c.externalIDs, models.ExternalID{System: system, Value: name})
	}
	sortExternalIDs(c.externalIDs)
	return c
}

// idsPath is where the row has its external IDs.
func (c *customer) idsPath() string {
	switch c.system {
	case metronome:
		return "ingest_aliases"
	case zenskar:
		return "external_id"
	}
	return "externalIds"
}

// own is the external ID under which the row's system lists the customer.
func (c *customer) own() models.ExternalIDKey {
	return models.ExternalIDKey{System: c.system, Value: (*c.SourceKey)[len(c.system)+1:]}
}

func keyOf(id models.ExternalID) models.ExternalIDKey {
	return models.ExternalIDKey{System: id.System, Value: id.Value}
}

// resolveCustomers finds the customers that rows of other systems' lists are, by
// their external IDs, and gives IDs to those that are new. A row that is a customer of
// another list changes nothing of that but its external IDs.
func resolveCustomers(imp *importer, claimed *store.Seen[models.ExternalID, models.ExternalIDKey], batch []*record[customer]) error {
	listed := slices.DeleteFunc(slices.Clone(batch), func(r *record[customer]) bool { return r.value.system == "" })
	if err := imp.keepOwnIDs(batch); err != nil || len(listed) == 0 {
		return err
	}
	finder, err := newCustomerFinder(imp, claimed, listed)
	if err != nil {
		return err
	}
	var absorbed []*record[customer]
	for _, r := range listed {
		id, joins := finder.find(r)
		if r.failed {
			continue
		}
		r.value.ID = id
		for i := range r.value.externalIDs {
			r.value.externalIDs[i].CustomerID = id
		}
		if joins {
			r.absorbed = true
			absorbed = append(absorbed, r)
		}
	}
	if finder.err != nil {
		return finder.err
	}
	return finder.absorb(absorbed)
}

// keepOwnIDs refuses rows of Elevate whose ID a customer of another system has got.
func (imp *importer) keepOwnIDs(batch []*record[customer]) error {
	var ids []scalar.CustomerID
	for _, r := range batch {
		if r.value.system == "" && r.value.ID >= models.FirstOwnCustomer {
			ids = append(ids, r.value.ID)
		}
	}
	stored, err := store.Children(imp.ctx, imp.reader, models.CustomerByID, distinct(ids))
	if err != nil {
		return err
	}
	for _, r := range batch {
		if there := stored[r.value.ID]; r.value.system == "" && len(there) > 0 && there[0].SourceKey != nil {
			r.fail("id", r.value.ID.String(), "an id that no customer of another system has: "+quoted(*there[0].SourceKey)+" has it")
		}
	}
	return nil
}

// customerFinder finds the customers of a batch of rows.
type customerFinder struct {
	imp       *importer
	claimed   *store.Seen[models.ExternalID, models.ExternalIDKey]
	marks     map[models.ExternalIDKey]store.Mark        // what rows before, in the file, are called
	holders   map[models.ExternalIDKey]*models.Customer  // what customers in the database are called
	customers map[scalar.CustomerID]*models.Customer     // those of both
	inBatch   map[models.ExternalIDKey]scalar.CustomerID // of rows that have been found
	free      []scalar.CustomerID
	needed    int // IDs at most, from now on
	err       error
}

func newCustomerFinder(imp *importer, claimed *store.Seen[models.ExternalID, models.ExternalIDKey], listed []*record[customer]) (*customerFinder, error) {
	f := &customerFinder{
		imp: imp, claimed: claimed, needed: len(listed), inBatch: map[models.ExternalIDKey]scalar.CustomerID{},
		holders: map[models.ExternalIDKey]*models.Customer{}, customers: map[scalar.CustomerID]*models.Customer{},
	}
	var keys []models.ExternalIDKey
	for _, r := range listed {
		for _, id := range r.value.externalIDs {
			keys = append(keys, keyOf(id))
		}
	}
	keys = distinct(keys)
	var err error
	if f.marks, err = claimed.Marks(keys); err != nil {
		return nil, err
	}
	stored, err := store.Children(imp.ctx, imp.reader, models.ExternalIDByKey, keys)
	if err != nil {
		return nil, err
	}
	var ids []scalar.CustomerID
	for _, rows := range stored {
		ids = append(ids, rows[0].CustomerID)
	}
	for _, mark := range f.marks {
		ids = append(ids, noted(mark))
	}
	customers, err := store.Children(imp.ctx, imp.reader, models.CustomerByID, distinct(ids))
	if err != nil {
		return nil, err
	}
	for id, rows := range customers {
		f.customers[id] = rows[0]
	}
	for key, rows := range stored {
		f.holders[key] = f.customers[rows[0].CustomerID]
	}
	return f, nil
}

// noted is the customer whose external ID is remembered.
func noted(mark store.Mark) scalar.CustomerID {
	id, _ := customerID(mark.Note)
	return id
}

// find is the customer that a row is, and whether that is one of another list: of a row
// before, else who is called by the ID of the row, else by another of its external IDs.
// Two customers of one system are never the same, whatever they are called.
func (f *customerFinder) find(r *record[customer]) (id scalar.CustomerID, joins bool) {
	c, own := &r.value, r.value.own()
	if before, found := f.inBatch[own]; found {
		id = before
	} else if mark, found := f.marks[own]; found {
		id = noted(mark)
	} else if holder := f.holders[own]; holder != nil {
		id = holder.ID
	} else if called := f.called(c); len(called) > 1 {
		r.fail(c.idsPath(), quoted(own.Value), "external ids of one customer: Customer:"+called[0].String()+" and Customer:"+called[1].String()+" have some of them")
		return 0, false
	} else if len(called) == 1 {
		id = called[0]
	} else {
		id = f.next()
	}
	f.inBatch[own] = id
	there := f.customers[id]
	return id, there != nil && (there.SourceKey == nil || *there.SourceKey != *c.SourceKey)
}

// called are the customers that have one of the row's external IDs and are of another
// list.
func (f *customerFinder) called(c *customer) (ids []scalar.CustomerID) {
	for _, id := range c.externalIDs {
		holder := f.holders[keyOf(id)]
		if holder == nil || slices.Contains(ids, holder.ID) || isListedBy(holder, c.system) {
			continue
		}
		ids = append(ids, holder.ID)
	}
	slices.Sort(ids)
	return ids
}

func isListedBy(c *models.Customer, system string) bool {
	return c.SourceKey != nil && len(*c.SourceKey) > len(system) && (*c.SourceKey)[:len(system)+1] == system+":"
}

// next is a new customer's ID.
func (f *customerFinder) next() scalar.CustomerID {
	if len(f.free) == 0 && f.err == nil {
		from := max(f.imp.customerID, models.FirstOwnCustomer)
		f.free, f.err = models.FreeCustomerIDs(f.imp.tx, from, f.needed)
	}
	if f.err != nil {
		return 0
	}
	id := f.free[0]
	f.free, f.imp.customerID = f.free[1:], id+1
	return id
}

// absorb claims what customers of other lists are called by rows that are them.
func (f *customerFinder) absorb(rows []*record[customer]) error {
	var claims []claim[models.ExternalIDKey]
	var changed []scalar.CustomerID
	for _, r := range rows {
		adds := false
		for _, id := range r.value.externalIDs {
			key, note := keyOf(id), r.value.ID.String()
			if mark, taken := f.marks[key]; taken && mark.Note == note {
				continue
			}
			holder := f.holders[key]
			adds = adds || holder == nil || holder.ID != r.value.ID
			f.marks[key] = store.Mark{Row: r.number, Note: note}
			claims = append(claims, claim[models.ExternalIDKey]{
				key: key, note: note, row: &r.rowContext, path: r.value.idsPath(), found: quoted(key.System + ":" + key.Value),
			})
		}
		f.imp.summary.count(&r.rowContext)
		if adds {
			f.imp.summary.Changed++
			changed = append(changed, r.value.ID)
		} else {
			f.imp.summary.Unchanged++
		}
	}
	if err := claimUnique(f.claimed, claims, "an external id of one customer"); err != nil {
		return err
	}
	return store.Touch(f.imp.tx, models.CustomerByID, distinct(changed), f.imp.now)
}
