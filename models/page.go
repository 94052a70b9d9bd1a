package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// Query is what a client asks of a connection.
type Query struct {
	Page  relay.Page
	Order Order     // nil is the relation's own
	Where Condition // which rows the list has; "" is all
}

// Condition is SQL over the rows called t.
type Condition struct {
	SQL  string
	Args []any
}

// And holds where both hold.
func (c Condition) And(other Condition) Condition {
	switch {
	case c.SQL == "":
		return other
	case other.SQL == "":
		return c
	}
	return Condition{c.SQL + " AND " + other.SQL, append(c.Args[:len(c.Args):len(c.Args)], other.Args...)}
}

// Reader reads the tables as one principal. Each read is one statement.
type Reader struct {
	db    *gorm.DB
	scope Scope
}

// NewReader reads the rows of db that are in scope.
func NewReader(db *gorm.DB, scope Scope) *Reader { return &Reader{db, scope} }

func (r *Reader) find(ctx context.Context, dest any, s *statement) error {
	return r.db.WithContext(ctx).Raw(s.String(), s.args...).Find(dest).Error
}

func (r *Relation[P, C, K]) orderOf(q Query) Order {
	if q.Order != nil {
		return q.Order
	}
	return r.order
}

// CheckCursor tells whether the page's cursor is a place in the order of the
// list, before anything is read: INVALID_CURSOR or CURSOR_ORDER_MISMATCH.
func (r *Relation[P, C, K]) CheckCursor(q Query) error {
	if q.Page.From == "" {
		return nil
	}
	_, err := r.orderOf(q).values(&r.To.table, q.Page.From)
	return err
}

// Cursor is the place of a row in the list.
func (r *Relation[P, C, K]) Cursor(q Query, row *C) string {
	return r.orderOf(q).cursor(&r.To.table, row)
}

// Pages reads the page of each parent.
func Pages[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (map[K]relay.Rows[*C], error) {
	s := newStatement(r.db, r.scope)
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
	t, order, back := &rel.To.table, rel.orderOf(q), q.Page.Backward
	limit := q.Page.Limit + 1
	switch {
	case len(rel.columns) == 0:
		s.add("SELECT "+list(t.columns, "t")+" FROM ").from(t, "t").add(" WHERE TRUE")
		if err := s.narrow(t, order, q); err != nil {
			return err
		}
		s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d", order.by("t", back), limit))
	case s.postgres:
		// One short index scan a parent.
		s.add("SELECT " + list(t.columns, "c") + " FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN LATERAL (SELECT "+list(t.columns, "t")+" FROM ").from(t, "t")
		s.add(" WHERE " + onParent(rel.columns, "t"))
		if err := s.narrow(t, order, q); err != nil {
			return err
		}
		s.add(fmt.Sprintf(" ORDER BY %s LIMIT %d) AS c ORDER BY p.n, %s", order.by("t", back), limit, order.by("c", back)))
	default:
		// SQLite has no LATERAL: the window reads all children and keeps the first.
		s.add("SELECT " + list(t.columns, "c") + " FROM (SELECT " + list(t.columns, "t"))
		s.add(", p.n, ROW_NUMBER() OVER (PARTITION BY p.n ORDER BY " + order.by("t", back) + ") AS place FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN ").from(t, "t").add(" WHERE " + onParent(rel.columns, "t"))
		if err := s.narrow(t, order, q); err != nil {
			return err
		}
		s.add(fmt.Sprintf(") AS c WHERE c.place <= %d ORDER BY c.n, c.place", limit))
	}
	return nil
}

// narrow keeps the rows of the list that lie beyond the page's cursor.
func (s *statement) narrow(t *table, order Order, q Query) error {
	s.where(q.Where)
	if q.Page.From == "" {
		return nil
	}
	values, err := order.values(t, q.Page.From)
	if err != nil {
		return err
	}
	s.beyond(order.terms("t", q.Page.Backward), values, false)
	return nil
}

func (s *statement) where(c Condition) {
	if c.SQL != "" {
		s.add(" AND "+c.SQL, c.Args...)
	}
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
	mixed := false
	names := make([]string, len(terms))
	for i, t := range terms {
		names[i] = t.sql
		mixed = mixed || t.desc != terms[0].desc
	}
	if !mixed {
		// A row comparison, which one index range serves: (name, id) > (?, ?).
		marks := strings.Repeat(", ?", len(terms))[2:]
		s.add(fmt.Sprintf(" AND (%s) %s (%s)", strings.Join(names, ", "), sign(terms[0].desc, at), marks), values...)
		return
	}
	// a > ? OR a = ? AND (b < ? OR b = ? AND …)
	s.add(" AND ")
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
	s := newStatement(r.db, r.scope)
	t := &rel.To.table
	if len(rel.columns) == 0 {
		s.add(fmt.Sprintf("SELECT %d AS n, count(*) AS count FROM ", s.first())).from(t, "t").add(" WHERE TRUE")
		s.where(q.Where)
	} else {
		s.add("SELECT p.n, count(*) AS count FROM ")
		parents(s, rel.columns, keys)
		s.add(" CROSS JOIN ").from(t, "t").add(" WHERE " + onParent(rel.columns, "t"))
		s.where(q.Where)
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
	s := newStatement(r.db, r.scope)
	t, order := &rel.To.table, rel.orderOf(q)
	values, err := order.values(t, q.Page.From)
	if err != nil {
		return nil, err
	}
	on := "TRUE"
	if len(rel.columns) == 0 {
		s.add(fmt.Sprintf("SELECT %d AS n WHERE EXISTS (SELECT 1 FROM ", s.first()))
	} else {
		s.add("SELECT p.n FROM ")
		parents(s, rel.columns, keys)
		s.add(" WHERE EXISTS (SELECT 1 FROM ")
		on = onParent(rel.columns, "t")
	}
	s.from(t, "t").add(" WHERE " + on)
	s.where(q.Where)
	s.beyond(order.terms("t", !q.Page.Backward), values, true)
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

// Children reads all rows of each parent, for lists that are short by nature and
// for the one row of a lookup.
func Children[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K) (map[K][]*C, error) {
	s := newStatement(r.db, r.scope)
	t := &rel.To.table
	s.add("SELECT " + list(t.columns, "t") + " FROM ")
	parents(s, rel.columns, keys)
	s.add(" CROSS JOIN ").from(t, "t")
	s.add(" WHERE " + onParent(rel.columns, "t") + " ORDER BY p.n, " + rel.order.by("t", false))
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
