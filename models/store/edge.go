package store

import "slices"

// Edge is what SQL needs of a relation: where it leads, and by which
// columns. Whoever reads the tables reads them by edges.
type Edge struct {
	Target  *table
	Columns []Column // of to, that hold the parent's key; none at the root
	via     []string // columns of the parent that hold its key; none where that is its own
	order   Order
	lookup  bool                           // to the one row that the parent names: several may name the same, and the zero key names none
	parse   func(id string) ([]any, error) // reads the key of a node; else nil
}

// AtRoot returns whether the edge leads to all rows of its table.
func (e *Edge) AtRoot() bool { return len(e.Columns) == 0 }

// ByParentsKey returns whether the rows are found by the parent's own key, and nothing else.
func (e *Edge) ByParentsKey() bool { return len(e.via) == 0 }

// KeyKnownFromLookup returns whether the key by which a row is looked up leads to its rows:
// alone, or with columns of the row that a subquery supplies.
func (e *Edge) KeyKnownFromLookup(by *Edge) bool {
	return e.ByParentsKey() || e.OfOneParent() && len(by.Columns) == 1
}

// OfOneParent returns whether no two parents have the same rows.
func (e *Edge) OfOneParent() bool { return !e.lookup }

// NewUnique finds rows of a table by other columns than their key, of which no two rows
// have the same.
func NewUnique[C any, K comparable](to *Table[C], key func(*C) K, columns ...string) *Relation[Root, C, K] {
	r := NewRelation[Root](to, columns, nil, key)
	r.order = nil
	for _, c := range r.Columns {
		r.order = append(r.order, sortKey{Column: c})
	}
	return r
}

// ByGrandparent is the edge by the keys of the parents' own parents, of which edge leads to
// these: the rows of all parents of one of them are one range of the table. It is nil
// unless the keys of both begin with that key and the rows are in order of theirs.
func (e *Edge) ByGrandparent(parents *Edge) *Edge {
	n := len(parents.Columns)
	if len(e.via) > 0 || len(parents.via) > 0 || n == 0 || n >= len(e.Columns) || !e.inKeyOrder() || !parents.inKeyOrder() {
		return nil
	}
	for i, c := range parents.Columns {
		if c.Name != parents.Target.key[i].Name {
			return nil
		}
	}
	return &Edge{Target: e.Target, Columns: e.Columns[:n], order: e.order}
}

// inKeyOrder returns whether the rows are in the order of their key, which begins with
// the columns that hold the parent's.
func (e *Edge) inKeyOrder() bool {
	for i, c := range e.Columns {
		if i >= len(e.Target.key) || c.Name != e.Target.key[i].Name {
			return false
		}
	}
	return slices.EqualFunc(e.order, e.Target.key, func(o sortKey, c Column) bool { return o.Name == c.Name && !o.desc })
}

// Rest adds the columns that hold the rest of the parent's key, in rows that are read
// within the parents of their parents, and in the parents, and returns their places.
func (s *Selection) Rest(whole *Edge, parents *Selection) (these, theirs []int) {
	for i := len(s.Edge.Columns); i < len(whole.Columns); i++ {
		these = append(these, s.add(whole.Columns[i]))
		theirs = append(theirs, parents.add(parents.Edge.Target.key[i]))
	}
	return these, theirs
}

// ParseKey reads the key of one of the edge's rows, which are nodes, global or raw, as
// values of the columns that hold it. The error is BAD_USER_INPUT.
func (e *Edge) ParseKey(id string) ([]any, error) { return e.parse(id) }
