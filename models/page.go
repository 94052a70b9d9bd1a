package models

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// Query is what a client asks of a connection. Relation.Prepare checks it.
type Query struct {
	Page    relay.Page
	OrderBy []OrderKey  // keys {field, direction, nulls}; none is the relation's own order
	Filters []Filter    // all of which a row must pass
	At      DateTime    // the instant that rows made of others are of
	Only    *CustomerID // whose rows others are made of; nil for all
	order   Order
}

// Reader reads the tables as one principal. Each read is one statement.
type Reader struct {
	db    *gorm.DB
	scope Scope
}

// NewReader reads the rows of db that are in scope.
func NewReader(db *gorm.DB, scope Scope) *Reader { return &Reader{db, scope} }

func (r *Reader) find(ctx context.Context, dest any, s *statement) error {
	return interruptible(ctx, r.db, func(db *gorm.DB) error {
		found := db.Raw(s.String(), s.args...).Find(dest)
		count(ctx, found.RowsAffected)
		return found.Error
	})
}

// Prepare checks all of a query but its page's bounds, before anything is read.
// The error is BAD_USER_INPUT, INVALID_CURSOR or CURSOR_ORDER_MISMATCH.
func (r *Relation[P, C, K]) Prepare(q Query) (Query, error) {
	t := &r.To.table
	q.order = r.order
	if len(q.OrderBy) > 0 {
		var err error
		if q.order, err = t.orderBy(q.OrderBy); err != nil {
			return q, err
		}
	}
	if q.Page.From != "" {
		if _, err := q.order.values(t, q.Page.From, false); err != nil {
			return q, err
		}
	}
	return q, new(statement).filter(t, q.Filters)
}

// Cursor is the place of a row in the list.
func (r *Relation[P, C, K]) Cursor(q Query, row *C) string {
	return q.order.cursor(&r.To.table, row)
}

// Pages reads the page of each parent.
func Pages[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]relay.Rows[*C], error) {
	s := newStatement(r.db, r.scope.only(q.Only))
	s.nested, s.at = !rel.AtRoot(), q.At
	if err := renderPages(s, rel, keys, q); err != nil {
		return nil, err
	}
	var rows []*C
	if err := r.find(ctx, &rows, s); err != nil {
		return nil, fmt.Errorf("read pages of %s: %w", rel.To.name, err)
	}
	pages := make(map[K]relay.Rows[*C], len(keys))
	kept := rows[:0]
	for _, row := range rows {
		key := rel.Child(row)
		page := pages[key]
		if len(page.Rows) == q.Page.Limit {
			page.More = true
		} else {
			page.Rows = append(page.Rows, row)
			kept = append(kept, row)
		}
		pages[key] = page
	}
	joined(kept)
	if q.Page.Backward {
		for _, page := range pages {
			for i, j := 0, len(page.Rows)-1; i < j; i, j = i+1, j-1 {
				page.Rows[i], page.Rows[j] = page.Rows[j], page.Rows[i]
			}
		}
	}
	return pages, nil
}

// renderPages selects for each parent the rows of its page, and one more if there
// is one, nearest first.
func renderPages[P, C any, K comparable](s *statement, rel *Relation[P, C, K], keys []K, q Query) error {
	t, order, back := &rel.To.table, q.order, q.Page.Backward
	limit := q.Page.Limit + 1
	switch {
	case rel.AtRoot():
		return s.rootPage(t, q, limit)
	case s.postgres:
		// One short index scan a parent.
		s.add("SELECT " + list(t.columns, "c") + " FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN LATERAL (SELECT "+list(t.columns, "t")+" FROM ").from(t, "t")
		s.add(" WHERE " + onParent(rel.columns, "t"))
		if err := s.narrow(t, order, q); err != nil {
			return err
		}
		s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d) AS c ORDER BY p.n, %s", by(order.terms("t", back, s.postgres)), limit, by(order.terms("c", back, s.postgres))))
	default:
		// SQLite has no LATERAL, but subqueries stop at their LIMIT: this one finds the keys
		// of the page, and they the rows.
		s.add("SELECT " + list(t.columns, "c") + " FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN ").from(t, "c")
		s.add(fmt.Sprintf(" WHERE (%s) IN (SELECT %s FROM ", list(t.key, "c"), list(t.key, "t"))).from(t, "t")
		s.add(" WHERE " + onParent(rel.columns, "t"))
		if err := s.narrow(t, order, q); err != nil {
			return err
		}
		s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d) ORDER BY p.n, %s", by(order.terms("t", back, s.postgres)), limit, by(order.terms("c", back, s.postgres))))
	}
	return nil
}

// rootPage selects a page of all rows.
func (s *statement) rootPage(t *table, q Query, limit int) error {
	terms := q.order.terms("t", q.Page.Backward, s.postgres)
	if q.Page.From != "" && len(terms) > 1 && (!s.postgres || mixed(terms)) {
		return s.branches(t, q, terms, limit)
	}
	s.add("SELECT "+list(t.columns, "t")+" FROM ").from(t, "t").add(" WHERE TRUE")
	if err := s.narrow(t, q.order, q); err != nil {
		return err
	}
	s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d", by(terms), limit))
	return nil
}

// branches selects a page beyond a cursor where no row comparison serves an index:
// SQLite's do not over an expression, and directions that differ have none. Each
// branch has as many terms equal to the cursor's as come before it, so that it is
// one index range: a = ? AND b > ?, and a > ?.
func (s *statement) branches(t *table, q Query, terms []term, limit int) error {
	values, err := q.order.values(t, q.Page.From, s.postgres)
	if err != nil {
		return err
	}
	s.add("SELECT " + list(t.columns, "c") + " FROM (")
	for i := range terms {
		if i > 0 {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (SELECT "+list(t.columns, "t")+" FROM ").from(t, "t").add(" WHERE TRUE")
		if err := s.filter(t, q.Filters); err != nil {
			return err
		}
		for j, equal := range terms[:i] {
			s.add(" AND "+equal.sql+" = ?", values[j])
		}
		s.beyond(terms[i:i+1], values[i:i+1], false)
		s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d) AS b%d", by(terms[i:]), limit, i))
	}
	s.add(fmt.Sprintf(") AS c ORDER BY %s LIMIT %d", by(q.order.terms("c", q.Page.Backward, s.postgres)), limit))
	return nil
}

// mixed tells whether the directions of terms differ.
func mixed(terms []term) bool {
	return slices.ContainsFunc(terms, func(t term) bool { return t.desc != terms[0].desc })
}

// narrow keeps the rows of the list that lie beyond the page's cursor.
func (s *statement) narrow(t *table, order Order, q Query) error {
	if err := s.filter(t, q.Filters); err != nil || q.Page.From == "" {
		return err
	}
	values, err := order.values(t, q.Page.From, s.postgres)
	if err != nil {
		return err
	}
	s.beyond(order.terms("t", q.Page.Backward, s.postgres), values, false)
	return nil
}

// beyond keeps the rows whose terms lie after values, or at them if at is set.
func (s *statement) beyond(terms []term, values []any, at bool) {
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
		s.add(fmt.Sprintf(" AND (%s) %s (%s)", strings.Join(names, ", "), sign(terms[0].desc, at), marks), values...)
		return
	}
	// a >= ? AND (a > ? OR a = ? AND (b < ? OR b = ? AND …)), of which the first
	// serves an index.
	s.add(fmt.Sprintf(" AND %s %s ? AND ", terms[0].sql, sign(terms[0].desc, true)), values[0])
	for i, t := range terms {
		last := i == len(terms)-1
		s.add("("+t.sql+" "+sign(t.desc, at && last)+" ?", values[i])
		if !last {
			s.add(" OR "+t.sql+" = ? AND ", values[i])
		}
	}
	s.add(strings.Repeat(")", len(terms)))
}

// Counts counts the list of each parent. A parent without rows is missing.
func Counts[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]int, error) {
	s := newStatement(r.db, r.scope.only(q.Only))
	s.nested, s.at = !rel.AtRoot(), q.At
	t := &rel.To.table
	if rel.AtRoot() {
		s.add(fmt.Sprintf("SELECT %d AS n, count(*) AS count FROM ", s.first())).from(t, "t").add(" WHERE TRUE")
	} else {
		s.add("SELECT p.n, count(*) AS count FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN ").from(t, "t").add(" WHERE " + onParent(rel.columns, "t"))
	}
	if err := s.filter(t, q.Filters); err != nil {
		return nil, err
	}
	if !rel.AtRoot() {
		s.add(" GROUP BY p.n")
	}
	var rows []struct{ N, Count int }
	if err := r.find(ctx, &rows, s); err != nil {
		return nil, fmt.Errorf("count %s: %w", t.name, err)
	}
	counts := make(map[K]int, len(rows))
	for _, row := range rows {
		counts[keys[row.N-s.first()]] = row.Count
	}
	return counts, nil
}

// Befores tells of which parents' lists a row lies on the near side of the page's
// cursor, the cursor's own row among them.
func Befores[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]bool, error) {
	s := newStatement(r.db, r.scope.only(q.Only))
	s.nested, s.at = !rel.AtRoot(), q.At
	t := &rel.To.table
	values, err := q.order.values(t, q.Page.From, s.postgres)
	if err != nil {
		return nil, err
	}
	on := "TRUE"
	if rel.AtRoot() {
		s.add(fmt.Sprintf("SELECT %d AS n WHERE EXISTS (SELECT 1 FROM ", s.first()))
	} else {
		s.add("SELECT p.n FROM ")
		parents(s, rel.columns, keys)
		s.add(" WHERE EXISTS (SELECT 1 FROM ")
		on = onParent(rel.columns, "t")
	}
	s.from(t, "t").add(" WHERE " + on)
	if err := s.filter(t, q.Filters); err != nil {
		return nil, err
	}
	s.beyond(q.order.terms("t", !q.Page.Backward, s.postgres), values, true)
	s.add(")")
	var rows []struct{ N int }
	if err := r.find(ctx, &rows, s); err != nil {
		return nil, fmt.Errorf("look before the page of %s: %w", t.name, err)
	}
	before := make(map[K]bool, len(rows))
	for _, row := range rows {
		before[keys[row.N-s.first()]] = true
	}
	return before, nil
}

// first is the number of the first row of p.
func (s *statement) first() int {
	if s.postgres {
		return 1
	}
	return 0
}

// Children reads all rows of each parent that pass the filters, for lists that are
// short by nature and for the one row of a lookup.
func Children[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, filters ...Filter) (map[K][]*C, error) {
	s := newStatement(r.db, r.scope)
	s.nested = !rel.AtRoot()
	t := &rel.To.table
	s.add("SELECT " + list(t.columns, "t") + " FROM ")
	parents(s, rel.columns, keys)
	s.add(" CROSS JOIN ").from(t, "t")
	s.add(" WHERE " + onParent(rel.columns, "t"))
	if err := s.filter(t, filters); err != nil {
		return nil, err
	}
	s.add(" ORDER BY p.n, " + by(rel.order.terms("t", false, s.postgres)))
	var rows []*C
	if err := r.find(ctx, &rows, s); err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	children := make(map[K][]*C, len(keys))
	for _, row := range joined(rows) {
		key := rel.Child(row)
		children[key] = append(children[key], row)
	}
	return children, nil
}
