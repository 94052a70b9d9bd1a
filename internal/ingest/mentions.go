package ingest

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
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
	return store.InsertMissing(imp.tx, models.Products, m.rows, "name")
}

// moves says whether a stored row is another customer's.
func moves(stored *models.Stored, to scalar.CustomerID) bool {
	return stored != nil && stored.CustomerID != to
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
