package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"
)

// preconditionTimeout bounds what is read for a precondition and nothing else, which is no
// part of an operation and its deadline. It is short: where it runs out, the database is
// away or swamped.
const preconditionTimeout = 5 * time.Second

// A Requirement is on rows of T in one database: that a row has, in some of its columns,
// what it had when it was first read.
type Requirement[T any, K comparable] struct {
	Reader  *Reader
	By      *Relation[Root, T, K] // finds a row by its key
	Ignored []string              // columns that may change
	Channel string                // on which PostgreSQL notifies of each change of such a row
	Changed error                 // of whoever requires a row that is not what it was

	cache StatementCache
}

// RequiredRow is a row as it was read, in the columns that must not change.
type RequiredRow struct {
	reader    *Reader
	selection *Selection
	cells     [][]byte
	recheck   sqlText // reads the cells again
	channel   string
	changed   error
}

// Read finds a row by its key, nil if there is none, and what it must still be later.
func (q *Requirement[T, K]) Read(ctx context.Context, key K) (*T, *RequiredRow, error) {
	r, edge := q.Reader, &q.By.Edge
	keys := keysFrom(edge, r.postgres(), []K{key})
	fetch := &Fetch{Kind: FetchChildren, Selection: &Selection{edge, edge.Target.Columns}, Query: edge.Everything(), Parents: keys, Cache: &q.cache}
	ctx, cancel := context.WithTimeout(ctx, preconditionTimeout)
	defer cancel()
	if err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{fetch}) }); err != nil || fetch.Rows.Len() == 0 {
		return nil, nil, err
	}
	required, cells := &RequiredRow{reader: r, selection: &Selection{Edge: edge}, channel: q.Channel, changed: q.Changed}, [][]byte(nil)
	for i, c := range edge.Target.Columns {
		cells = append(cells, fetch.Rows.Cell(0, i))
		if !slices.Contains(q.Ignored, c.Name) {
			required.selection.add(c)
			required.cells = append(required.cells, cells[i])
		}
	}
	row := new(T)
	if err := fill(row, edge.Target.Columns, cells, fetch.Rows.postgres); err != nil {
		return nil, nil, err
	}
	return row, required, required.render(row)
}

// render makes the statement that reads the cells again, by the primary key.
func (q *RequiredRow) render(row any) (err error) {
	t := q.selection.Edge.Target
	s := NewStatement(q.reader.DB, q.reader.scope)
	s.Add("SELECT "+selectList(q.selection.columns, "t")+" FROM ").From(t, "t")
	for i, c := range t.key {
		s.Add(conjunction[min(i, 1)]+c.Qualified("t")+" = ?", c.value(row))
	}
	q.recheck, err = s.render()
	return err
}

// Precondition is that a row is still what it was when one request was admitted by it.
// Sessions of a Reader.WithPrecondition check it with the first of what they fetch, in the
// same round trip: their connection was notified of no change, or reads the row once more.
type Precondition struct {
	row        *RequiredRow
	begun, met atomic.Bool
	recheck    unchanged
}

// Precondition is that of one request.
func (q *RequiredRow) Precondition() *Precondition {
	p := &Precondition{row: q}
	p.recheck.of = p
	return p
}

// WithPrecondition is the reader, whose sessions check a precondition before anything that
// they have read is shown; nil is none. What they return where it does not hold is the
// error of its Requirement.
func (r *Reader) WithPrecondition(p *Precondition) *Reader { return &Reader{r.DB, r.scope, p} }

// Check reads the row, unless a session has. Where the row is not what it was, the error is
// that of the Requirement.
func (p *Precondition) Check(ctx context.Context) error {
	if p.met.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, preconditionTimeout)
	defer cancel()
	r := p.row.reader.WithPrecondition(p)
	err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, nil) })
	if err == nil && !p.met.Load() {
		err = errors.New("the precondition is still being checked")
	}
	return err
}

// begin returns whether the caller is to check: nobody else does or has.
func (p *Precondition) begin() bool { return p != nil && !p.begun.Swap(true) }

// abandon leaves a check that failed to others.
func (p *Precondition) abandon() {
	if !p.met.Load() {
		p.begun.Store(false)
	}
}

// checked runs the statements of fetches and checks the precondition of the session, unless
// that has been done: in one round trip, unless the connection had to be notified first.
func (s *Session) checked(ctx context.Context, fetches []*Fetch, statements []sqlText) error {
	p := s.reader.precondition
	if !p.begin() {
		return s.read(ctx, fetches, statements)
	}
	defer p.abandon()
	seen, err := s.rechecks(ctx, p.row.channel)
	if err != nil {
		return err
	}
	before := seen.Count
	if seen.holds(p.row) {
		if err := s.read(ctx, fetches, statements); err != nil {
			return err
		}
		if seen.Count == before {
			p.met.Store(true)
			return nil
		}
		before, fetches, statements = seen.Count, nil, nil
	}
	recheck := &Fetch{Selection: p.row.selection, sink: &p.recheck}
	err = s.read(ctx, append([]*Fetch{recheck}, fetches...), append([]sqlText{p.row.recheck}, statements...))
	if err == nil && seen.Count == before {
		seen.keep(p.row)
	}
	return err
}

// unchanged is the sink of a fetch that reads a required row again: it refuses one that is
// not what it was. That is no part of an operation, and not counted.
type unchanged struct {
	of   *Precondition
	rows int
}

func (u *unchanged) begin(*Fetch, *sqlText, bool) { u.rows = 0 }

func (u *unchanged) take(_ *Fetch, _ int, row [][]byte) error {
	u.rows++
	for i, cell := range u.of.row.cells {
		if (cell == nil) != (row[i] == nil) || !bytes.Equal(cell, row[i]) {
			return u.of.row.changed
		}
	}
	return nil
}

func (u *unchanged) end(*Fetch) error {
	if u.rows != 1 {
		return u.of.row.changed
	}
	u.of.met.Store(true)
	return nil
}

func (u *unchanged) width(f *Fetch) int            { return len(f.columns) }
func (u *unchanged) count(context.Context, *Fetch) {}
func (u *unchanged) repeatable(*Fetch) bool        { return true }
