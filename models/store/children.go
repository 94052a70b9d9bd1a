package store

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
		return fill(row, rel.Target.Columns, cells, r.postgres())
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", rel.Target.Name, err)
	}
	Joined(rows)
	return children, nil
}

// children selects the columns of all rows of each parent that pass the filters.
func (s *Statement) children(e *Edge, keys keyList, columns []Column, q *Query) {
	order := orderBy(q.order.terms("t", false, s.Postgres))
	switch {
	case keys.form == keysOne:
		s.Add("SELECT "+selectList(columns, "t")+" FROM ").From(e.Target, "t").where(e, keys)
	case s.Postgres:
		s.lateral(e, keys, columns, q, "")
		return
	default:
		s.Add("SELECT " + selectList(columns, "t"))
		if s.Numbered {
			s.Add(", p.n")
		}
		s.Add(" FROM ").parents(e.Columns, keys)
		s.Add(" CROSS JOIN ").From(e.Target, "t").Add(" WHERE " + e.OnParent("t"))
		order = "p.n, " + order
	}
	s.filter(e.Target, q.where)
	s.Add(" ORDER BY " + order)
}
