package store

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
		return nil, fmt.Errorf("count %s: %w", rel.Target.Name, err)
	}
	return counts, nil
}

// counts selects the number of rows in the list of each parent that has some.
func (s *Statement) counts(e *Edge, keys keyList, q *Query) {
	if keys.form == keysOne {
		s.Add(fmt.Sprintf("SELECT count(*) AS count, CAST(%d AS BIGINT) AS n FROM ", s.FirstNumber())).From(e.Target, "t").where(e, keys)
		s.filter(e.Target, q.where)
		return
	}
	s.Add("SELECT count(*) AS count, p.n FROM ").parents(e.Columns, keys)
	s.Add(" CROSS JOIN ").From(e.Target, "t").Add(" WHERE " + e.OnParent("t"))
	s.filter(e.Target, q.where)
	s.Add(" GROUP BY p.n ORDER BY p.n")
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
		return nil, fmt.Errorf("look before the page of %s: %w", rel.Target.Name, err)
	}
	return before, nil
}

// befores selects the parents whose lists have a row on the near side.
func (s *Statement) befores(e *Edge, keys keyList, q *Query) {
	if keys.form == keysOne {
		s.Add(fmt.Sprintf("SELECT CAST(%d AS BIGINT) AS n WHERE EXISTS (SELECT 1 FROM ", s.FirstNumber())).From(e.Target, "t").where(e, keys)
	} else {
		s.Add("SELECT p.n FROM ").parents(e.Columns, keys)
		s.Add(" WHERE EXISTS (SELECT 1 FROM ").From(e.Target, "t").Add(" WHERE " + e.OnParent("t"))
	}
	s.filter(e.Target, q.where)
	s.beyond(q.order.terms("t", !q.page.Backward, s.Postgres), q.parameters(s.Postgres), true)
	s.Add(")")
	if keys.form != keysOne {
		s.Add(" ORDER BY p.n")
	}
}

// FirstNumber is the number of the first row of p.
func (s *Statement) FirstNumber() int {
	if s.Postgres {
		return 1
	}
	return 0
}
