package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// customerName is how a row names a customer.
type customerName struct{ path, text string }

// customerNames are the names that a row has for its customer: customer_id, and
// customer, which may be an object.
func customerNames(f fields) (names []customerName) {
	add := func(f fields, key string) {
		if id := textID[string](f, key); id != nil {
			names = append(names, customerName{f.at(key), *id})
		}
	}
	add(f, "customer_id")
	if n := f.get("customer"); n == nil || n.kind != object {
		add(f, "customer")
		return names
	}
	populated, _ := f.object("customer")
	populated.ignore("name", "email")
	populated.require("id", "a string")
	add(populated, "id")
	return names
}

// customersCalled finds the customers that each name may mean: the one with that
// id, if any, at the start, and those with that external id in any system.
func (imp *importer) customersCalled(names []string) (map[string]candidates, error) {
	var ids []scalar.CustomerID
	var keys []models.ExternalIDKey
	for _, name := range names {
		if id, ok := customerID(name); ok {
			ids = append(ids, id)
		}
		if system, value, ok := strings.Cut(name, ":"); ok {
			keys = append(keys, models.ExternalIDKey{System: system, Value: value})
		}
	}
	own, err := store.Children(imp.ctx, imp.reader, models.CustomerByID, ids)
	if err != nil {
		return nil, err
	}
	byValue, err := store.Children(imp.ctx, imp.reader, models.ExternalIDsByValue, names)
	if err != nil {
		return nil, err
	}
	byKey, err := store.Children(imp.ctx, imp.reader, models.ExternalIDByKey, keys)
	if err != nil {
		return nil, err
	}
	called := make(map[string]candidates, len(names))
	for _, name := range names {
		var c candidates
		if id, ok := customerID(name); ok && len(own[id]) > 0 {
			c.own = &id
		}
		system, value, _ := strings.Cut(name, ":")
		for _, row := range slices.Concat(byValue[name], byKey[models.ExternalIDKey{System: system, Value: value}]) {
			if !slices.Contains(c.external, row.CustomerID) {
				c.external = append(c.external, row.CustomerID)
			}
		}
		called[name] = c
	}
	return called, nil
}

// customerID reads our own id, raw or global.
func customerID(name string) (scalar.CustomerID, bool) {
	raw := strings.TrimPrefix(name, "Customer:")
	n, err := strconv.ParseInt(raw, 10, 64)
	return scalar.CustomerID(n), err == nil && strconv.FormatInt(n, 10) == raw
}

// candidates are the customers that a name may mean.
type candidates struct {
	own      *scalar.CustomerID
	external []scalar.CustomerID
}

// one is the customer that is meant, or what was expected instead: our id goes
// before external ids, by which two customers can't be distinguished.
func (c candidates) one() (scalar.CustomerID, string) {
	switch {
	case c.own != nil:
		return *c.own, ""
	case len(c.external) == 1:
		return c.external[0], ""
	case len(c.external) == 0:
		return 0, "the id of a customer that was imported, or an external id of one"
	default:
		slices.Sort(c.external)
		return 0, fmt.Sprintf("a name of one customer: it is one of Customer:%d and of Customer:%d", c.external[0], c.external[1])
	}
}

// only is one for a name that a row has: there our id has no preference, because
// a source lists only its own.
func (c candidates) only() (scalar.CustomerID, string) {
	if c.own != nil && !slices.Contains(c.external, *c.own) {
		c.external = append([]scalar.CustomerID{*c.own}, c.external...)
	}
	c.own = nil
	return c.one()
}

// may reports whether the name can mean the customer.
func (c candidates) may(id scalar.CustomerID) bool {
	return c.own != nil && *c.own == id || slices.Contains(c.external, id)
}

// owners finds the customers of rows.
func owners[R any](imp *importer, batch []*record[R], names func(*R) []customerName, set func(*R, scalar.CustomerID)) error {
	var all []string
	for _, r := range batch {
		for _, name := range names(&r.value) {
			if !slices.Contains(all[max(0, len(all)-1):], name.text) { // files name one customer many times in a row
				all = append(all, name.text)
			}
		}
	}
	slices.Sort(all)
	called, err := imp.customersCalled(slices.Compact(all))
	if err != nil {
		return err
	}
	for _, r := range batch {
		if owner, ok := imp.owner(&r.rowContext, names(&r.value), called); ok {
			set(&r.value, owner)
		}
	}
	return nil
}

// owner is the customer of a row. Each name that the row has must mean that customer.
func (imp *importer) owner(r *rowContext, names []customerName, called map[string]candidates) (scalar.CustomerID, bool) {
	if imp.customer != nil {
		for _, name := range names {
			if !called[name.text].may(*imp.customer) {
				r.fail(name.path, quoted(name.text), fmt.Sprintf("Customer:%d, which --customer names, by its id or an external id (--as SYSTEM:VALUE records one)", *imp.customer))
			}
		}
		return *imp.customer, !r.failed
	}
	if len(names) == 0 {
		r.fail("customer_id", "nothing", "a customer, in the row or by --customer")
		return 0, false
	}
	var owner scalar.CustomerID
	for i, name := range names {
		id, expected := called[name.text].only()
		if expected == "" && i > 0 && id != owner {
			expected = fmt.Sprintf("Customer:%d, as %s says", owner, names[0].path)
		}
		if expected != "" {
			r.fail(name.path, quoted(name.text), expected)
			return 0, false
		}
		owner = id
	}
	return owner, true
}

// nameCustomer finds the customer of --customer, and records what --as says.
func (imp *importer) nameCustomer() error {
	name := imp.options.Customer
	if name == "" {
		return nil
	}
	if err := errors.Join(scalar.CheckText(name), scalar.CheckText(imp.options.As)); err != nil {
		return err
	}
	called, err := imp.customersCalled([]string{name})
	if err != nil {
		return err
	}
	id, expected := called[name].one()
	if expected != "" {
		return fmt.Errorf("--customer: found %s, expected %s", quoted(name), expected)
	}
	imp.customer = &id
	if imp.options.As == "" {
		return nil
	}
	system, value, _ := strings.Cut(imp.options.As, ":")
	if system == "" || value == "" || len(system) > maxIDBytes || len(value) > maxIDBytes {
		return errors.New("--as wants SYSTEM:VALUE, such as zenskar:cus_1")
	}
	key := models.ExternalIDKey{System: system, Value: value}
	holders, err := store.Children(imp.ctx, imp.reader, models.ExternalIDByKey, []models.ExternalIDKey{key})
	if err != nil {
		return err
	}
	if held := holders[key]; len(held) > 0 && held[0].CustomerID != id {
		return fmt.Errorf("--as: %s is an external id of Customer:%d already", quoted(imp.options.As), held[0].CustomerID)
	}
	return store.InsertMissing(imp.tx, models.ExternalIDs, []models.ExternalID{{System: system, Value: value, CustomerID: id}})
}
