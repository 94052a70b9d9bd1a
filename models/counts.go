package models

import (
	"context"
	"fmt"
)

// Counts counts the list of each parent. A parent without rows is missing.
func Counts[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]int, error) {
	counts := make(map[K]int, len(keys))
	err := stream(ctx, r, rel, FetchCounts, keys, &q, func(key K, cells [][]byte) error {
		counts[key] = int(cellInt(cells[0]))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", rel.to.name, err)
	}
	return counts, nil
}

// counts selects the number of rows in the list of each parent that has some.
func (s *statement) counts(e *Edge, keys keyList, q *Query) {
	if keys.form == keysOne {
		s.add(fmt.Sprintf("SELECT count(*) AS count, CAST(%d AS BIGINT) AS n FROM ", s.first())).from(e.to, "t").where(e, keys)
		s.filter(e.to, q.where)
		return
	}
	s.add("SELECT count(*) AS count, p.n FROM ").parents(e.columns, keys)
	s.add(" CROSS JOIN ").from(e.to, "t").add(" WHERE " + e.onParent("t"))
	s.filter(e.to, q.where)
	s.add(" GROUP BY p.n ORDER BY p.n")
}

// Befores returns of which parents' lists a row lies on the near side of the page's
// cursor, the cursor's own row among them.
func Befores[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]bool, error) {
	before := make(map[K]bool, len(keys))
	err := stream(ctx, r, rel, FetchBefores, keys, &q, func(key K, _ [][]byte) error {
		before[key] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look before the page of %s: %w", rel.to.name, err)
	}
	return before, nil
}

// befores selects the parents whose lists have a row on the near side.
func (s *statement) befores(e *Edge, keys keyList, q *Query) {
	if keys.form == keysOne {
		s.add(fmt.Sprintf("SELECT CAST(%d AS BIGINT) AS n WHERE EXISTS (SELECT 1 FROM ", s.first())).from(e.to, "t").where(e, keys)
	} else {
		s.add("SELECT p.n FROM ").parents(e.columns, keys)
		s.add(" WHERE EXISTS (SELECT 1 FROM ").from(e.to, "t").add(" WHERE " + e.onParent("t"))
	}
	s.filter(e.to, q.where)
	s.beyond(q.order.terms("t", !q.page.Backward, s.postgres), q.parameters(s.postgres), true)
	s.add(")")
	if keys.form != keysOne {
		s.add(" ORDER BY p.n")
	}
}

// first is the number of the first row of p.
func (s *statement) first() int {
	if s.postgres {
		return 1
	}
	return 0
}
