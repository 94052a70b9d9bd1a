package ingest

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
)

// mentions collects small things that rows name: each once, with what is known of
// it by any of them.
type mentions[T any, K comparable] struct {
	rows []T
	key  func(*T) K
	at   map[K]int
}

func newMentions[T any, K comparable](key func(*T) K) *mentions[T, K] {
	return &mentions[T, K]{key: key, at: map[K]int{}}
}

// add adds row. fill completes the one that is there already, if not nil.
func (m *mentions[T, K]) add(row T, fill func(there *T)) {
	i, known := m.at[m.key(&row)]
	if !known {
		m.at[m.key(&row)] = len(m.rows)
		m.rows = append(m.rows, row)
	} else if fill != nil {
		fill(&m.rows[i])
	}
}

// named is a thing that a row names by id, and perhaps by name.
type named struct {
	id   string
	name *string
}

// namedIn is the thing in the field key, which is an object of id and name. The
// field idKey, if any, may hold its id alone.
func namedIn(f fields, key, idKey string) *named {
	var n *named
	if inner, ok := f.object(key); ok {
		n = &named{requireTextID[string](inner, "id"), inner.text("name")}
	}
	if idKey == "" {
		return n
	}
	bare := textID[string](f, idKey)
	switch {
	case bare == nil:
	case n == nil:
		return &named{id: *bare}
	case n.id != "" && n.id != *bare:
		f.fail(idKey, "the id in "+key)
	}
	return n
}

// ref is the id of what a row names, nil for nothing.
func ref[K ~string](n *named) *K {
	if n == nil {
		return nil
	}
	return new(K(n.id))
}

// mentionProducts makes the products that rows name.
func (imp *importer) mentionProducts(all []*named) error {
	m := newMentions(func(p *models.Product) string { return p.ID })
	for _, n := range all {
		if n != nil {
			m.add(models.Product{ID: n.id, Name: n.name}, func(there *models.Product) { there.Name = or(there.Name, n.name) })
		}
	}
	return models.InsertMissing(imp.tx, models.Products, m.rows, "name")
}

// contractMention is a contract that a row names.
type contractMention struct {
	named
	customer models.CustomerID  // of the row
	from     *models.CustomerID // of the row before this import, when it moves
	owns     bool               // the row is of this contract, and does not just point to it
}

// mentionContracts makes the contracts that rows name. A contract belongs to the
// customer of the row that named it first, and moves with rows of it that move.
func (imp *importer) mentionContracts(all []contractMention) error {
	ids := make([]models.ContractID, len(all))
	for i, c := range all {
		ids[i] = models.ContractID(c.id)
	}
	stored, err := models.Children(imp.ctx, imp.reader, models.ContractByID, distinct(ids))
	if err != nil {
		return err
	}
	m := newMentions(func(c *models.Contract) models.ContractID { return c.ID })
	moved := newMentions(func(c *models.Contract) models.ContractID { return c.ID })
	for _, c := range all {
		row := models.Contract{ID: models.ContractID(c.id), CustomerID: c.customer, Name: c.name, UpdatedAt: imp.now}
		owner := c.customer
		if old := stored[row.ID]; len(old) > 0 {
			owner = old[0].CustomerID
			if owner != c.customer {
				row.Name = nil // what a customer calls it is not for the owner to see
			}
		}
		m.add(row, func(there *models.Contract) {
			if owner = there.CustomerID; owner == c.customer {
				there.Name = or(there.Name, row.Name)
			}
		})
		switch {
		case owner == c.customer || !c.owns:
		case c.from != nil && *c.from == owner:
			moved.add(row, nil)
		default:
			imp.summary.warn("a row names a contract of another customer")
		}
	}
	for i := range moved.rows {
		if old := stored[moved.rows[i].ID]; len(old) > 0 {
			moved.rows[i].Name = or(moved.rows[i].Name, old[0].Name)
		}
	}
	if err := models.InsertMissing(imp.tx, models.Contracts, m.rows, "name"); err != nil {
		return err
	}
	return models.Upsert(imp.tx, models.Contracts, moved.rows)
}

// movedFrom is the customer of a stored row, nil unless the row moves.
func movedFrom(stored *models.Stored, to models.CustomerID) *models.CustomerID {
	if stored == nil || stored.CustomerID == to {
		return nil
	}
	return &stored.CustomerID
}

// or is a, or else b.
func or[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

// distinct drops repetitions.
func distinct[K comparable](keys []K) []K {
	seen := make(map[K]bool, len(keys))
	return slices.DeleteFunc(keys, func(k K) bool {
		again := seen[k]
		seen[k] = true
		return again
	})
}
