package models

import (
	"context"
	"fmt"
)

// Children reads all rows of each parent that pass the filters, for lists that are
// short by nature and for the one row of a lookup.
func Children[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, filters ...Filter) (map[K][]*C, error) {
	q := Query{Filters: filters, order: rel.order}
	s := r.statement(&rel.Edge, q)
	if err := s.children(&rel.Edge, keysOf(s, keys), rel.to.columns, q); err != nil {
		return nil, err
	}
	rows, err := find[C](ctx, r, &rel.Edge, s)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", rel.to.name, err)
	}
	children := make(map[K][]*C, len(keys))
	for _, row := range joined(rows) {
		key := rel.Child(row)
		children[key] = append(children[key], row)
	}
	return children, nil
}

// children selects the columns of all rows of each parent that pass the filters.
func (s *statement) children(e *Edge, keys keyList, columns []column, q Query) error {
	if keys.form == keysCross {
		return s.crossed(e, keys, columns, q)
	}
	lateral := s.postgres && keys.form == keysList
	from := "t"
	if lateral {
		from = "c"
	}
	s.add("SELECT " + list(columns, from))
	if s.numbered {
		s.add(", p.n")
	}
	s.add(" FROM ").parents(e.columns, keys)
	if lateral {
		s.add(" CROSS JOIN LATERAL (SELECT "+list(columns, "t")+" FROM ").from(e.to, "t")
	} else {
		s.add(" CROSS JOIN ").from(e.to, "t")
	}
	s.add(" WHERE " + onParent(e.columns, "t"))
	if err := s.filter(e.to, q.Filters); err != nil {
		return err
	}
	order := by(q.order.terms("t", false, s.postgres))
	if lateral {
		s.add(" ORDER BY " + order + ") AS c")
	} else {
		s.add(" ORDER BY p.n, " + order)
	}
	return nil
}

// crossed selects the columns of all rows that pass the filters and whose key has for
// each column one of the list's values, in any order. A list in an index takes half of
// the time of a join with the keys.
func (s *statement) crossed(e *Edge, keys keyList, columns []column, q Query) error {
	s.add("SELECT "+list(columns, "t")+" FROM ").from(e.to, "t").add(" WHERE TRUE")
	for i, c := range e.columns {
		s.add(" AND "+c.of("t")+" = ANY(?::"+string(c.kind)+"[])", keys.args[i])
	}
	return s.filter(e.to, q.Filters)
}
