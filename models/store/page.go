package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Reader reads the tables as one principal. Each read is one statement.
type Reader struct {
	DB           *gorm.DB
	scope        Scope
	precondition *Precondition // of all that is read; nil is none
}

// NewReader reads the rows of db that are in scope.
func NewReader(db *gorm.DB, scope Scope) *Reader { return &Reader{DB: db, scope: scope} }

// NewStatement begins a statement that reads rows in the reader's scope.
func (r *Reader) NewStatement() *Statement { return NewStatement(r.DB, r.scope) }

// statement begins a statement that reads what a query of an edge asks for.
func (r *Reader) statement(e *Edge, q Query) *Statement {
	s := NewStatement(r.DB, r.scope.only(q.only))
	s.nested, s.At = !e.AtRoot(), q.at
	return s
}

// Pages reads the page of each parent.
func Pages[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]PageRows[*C], error) {
	pages := make(map[K]PageRows[*C], len(keys))
	var rows []*C
	err := stream(ctx, r, rel, FetchPages, keys, &q, func(key K, cells [][]byte) error {
		page := pages[key]
		if len(page.Rows) == q.page.Limit {
			page.More = true
			pages[key] = page
			return nil
		}
		row := new(C)
		page.Rows, rows = append(page.Rows, row), append(rows, row)
		pages[key] = page
		return fill(row, rel.Target.Columns, cells, r.postgres())
	})
	if err != nil {
		return nil, fmt.Errorf("read pages of %s: %w", rel.Target.Name, err)
	}
	Joined(rows)
	if q.page.Backward {
		for _, page := range pages {
			slices.Reverse(page.Rows)
		}
	}
	return pages, nil
}

// pages selects for each parent the columns of the rows of its page, and of one
// more row if there is one, nearest first. The columns of the order are among them.
func (s *Statement) pages(e *Edge, keys keyList, columns []Column, q *Query) {
	t, order, back := e.Target, q.order, q.page.Backward
	switch {
	case keys.form == keysOne:
		s.page(e, keys, columns, q)
		return
	case s.Postgres:
		s.lateral(e, keys, columns, q, fmt.Sprintf(" LIMIT %d", q.page.Limit+1))
		return
	}
	s.Add("SELECT " + selectList(columns, "c"))
	if s.Numbered {
		s.Add(", p.n")
	}
	s.Add(" FROM ").parents(e.Columns, keys)
	// SQLite has no LATERAL, but subqueries stop at their LIMIT: this one finds the keys
	// of the page, and they the rows.
	s.Add(" CROSS JOIN ").From(t, "c")
	s.Add(fmt.Sprintf(" WHERE (%s) IN (SELECT %s FROM ", selectList(t.key, "c"), selectList(t.key, "t"))).From(t, "t")
	s.Add(" WHERE " + e.OnParent("t"))
	s.narrow(t, q)
	s.Add(fmt.Sprintf(" ORDER BY %s LIMIT %d)", orderBy(order.terms("t", back, s.Postgres)), q.page.Limit+1))
	s.Add(" ORDER BY p.n, " + orderBy(order.terms("c", back, s.Postgres)))
}

// page selects a page of one list.
func (s *Statement) page(e *Edge, keys keyList, columns []Column, q *Query) {
	terms := q.order.terms("t", q.page.Backward, s.Postgres)
	if q.place != nil && len(terms) > 1 && (!s.Postgres || mixed(terms)) {
		s.branches(e, keys, columns, q, terms)
		return
	}
	s.Add("SELECT "+selectList(columns, "t")+" FROM ").From(e.Target, "t").where(e, keys)
	s.narrow(e.Target, q)
	s.Add(fmt.Sprintf(" ORDER BY %s LIMIT %d", orderBy(terms), q.page.Limit+1))
}

// branches selects a page beyond a cursor where no row comparison serves an index:
// SQLite's do not over an expression, and directions that differ have none. Each
// branch has as many terms equal to the cursor's as come before it, so that it is
// one index range: a = ? AND b > ?, and a > ?.
func (s *Statement) branches(e *Edge, keys keyList, columns []Column, q *Query, terms []term) {
	t, limit, values := e.Target, q.page.Limit+1, q.parameters(s.Postgres)
	s.Add("SELECT " + selectList(columns, "c") + " FROM (")
	for i := range terms {
		if i > 0 {
			s.Add(" UNION ALL ")
		}
		s.Add("SELECT * FROM (SELECT "+selectList(columns, "t")+" FROM ").From(t, "t").where(e, keys)
		s.filter(t, q.where)
		for j, equal := range terms[:i] {
			s.Add(" AND "+equal.sql+" = ?", values[j])
		}
		s.beyond(terms[i:i+1], values[i:i+1], false)
		s.Add(fmt.Sprintf(" ORDER BY %s LIMIT %d) AS b%d", orderBy(terms[i:]), limit, i))
	}
	s.Add(fmt.Sprintf(") AS c ORDER BY %s LIMIT %d", orderBy(q.order.terms("c", q.page.Backward, s.Postgres)), limit))
}

// mixed returns whether the directions of terms differ.
func mixed(terms []term) bool {
	return slices.ContainsFunc(terms, func(t term) bool { return t.desc != terms[0].desc })
}

// narrow keeps the rows of the list that lie beyond the page's cursor.
func (s *Statement) narrow(t *table, q *Query) {
	if s.filter(t, q.where); q.place != nil {
		s.beyond(q.order.terms("t", q.page.Backward, s.Postgres), q.parameters(s.Postgres), false)
	}
}

// beyond keeps the rows whose terms lie after values, or at them if at is set.
func (s *Statement) beyond(terms []term, values []any, at bool) {
	sign := func(desc, at bool) string {
		op := ">"
		if desc {
			op = "<"
		}
		if at {
			op += "="
		}
		return op
	}
	names := make([]string, len(terms))
	for i, t := range terms {
		names[i] = t.sql
	}
	if !mixed(terms) {
		// A row comparison, which one index range serves: (name, id) > (?, ?).
		marks := strings.Repeat(", ?", len(terms))[2:]
		s.Add(fmt.Sprintf(" AND (%s) %s (%s)", strings.Join(names, ", "), sign(terms[0].desc, at), marks), values...)
		return
	}
	// a >= ? AND (a > ? OR a = ? AND (b < ? OR b = ? AND …)), of which the first
	// serves an index.
	s.Add(fmt.Sprintf(" AND %s %s ? AND ", terms[0].sql, sign(terms[0].desc, true)), values[0])
	for i, t := range terms {
		last := i == len(terms)-1
		s.Add("("+t.sql+" "+sign(t.desc, at && last)+" ?", values[i])
		if !last {
			s.Add(" OR "+t.sql+" = ? AND ", values[i])
		}
	}
	s.Add(strings.Repeat(")", len(terms)))
}
