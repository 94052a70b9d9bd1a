package models

import (
	"context"
	"fmt"
)

// Children reads all rows of each parent, for lists that are short by nature and for the
// one row of a lookup.
func Children[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K) (map[K][]*C, error) {
	return List(ctx, r, rel, keys, rel.Everything())
}

// List reads all rows of each parent that a query chooses, whatever its page.
func List[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K][]*C, error) {
	children := make(map[K][]*C, len(keys))
	var rows []*C
	err := stream(ctx, r, rel, FetchChildren, keys, &q, func(key K, cells [][]byte) error {
		row := new(C)
		rows, children[key] = append(rows, row), append(children[key], row)
		return fill(row, rel.to.columns, cells, r.postgres())
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", rel.to.name, err)
	}
	joined(rows)
	return children, nil
}

// children selects the columns of all rows of each parent that pass the filters.
func (s *statement) children(e *Edge, keys keyList, columns []column, q *Query) {
	order := orderBy(q.order.terms("t", false, s.postgres))
	switch {
	case keys.form == keysOne:
		s.add("SELECT "+selectList(columns, "t")+" FROM ").from(e.to, "t").where(e, keys)
	case s.postgres:
		s.lateral(e, keys, columns, q, "")
		return
	default:
		s.add("SELECT " + selectList(columns, "t"))
		if s.numbered {
			s.add(", p.n")
		}
		s.add(" FROM ").parents(e.columns, keys)
		s.add(" CROSS JOIN ").from(e.to, "t").add(" WHERE " + e.onParent("t"))
		order = "p.n, " + order
	}
	s.filter(e.to, q.where)
	s.add(" ORDER BY " + order)
}
