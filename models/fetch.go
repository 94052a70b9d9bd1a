package models

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// Fetch runs a statement for each of the fetches: on PostgreSQL all at once, in one
// round trip. The first brings the proof that the reader owes.
func (s *Session) Fetch(ctx context.Context, fetches []*Fetch) error {
	statements := make([]rendered, len(fetches))
	for i, fetch := range fetches {
		var err error
		if statements[i], err = fetch.render(s.reader); err != nil {
			return err
		}
	}
	return s.run(ctx, fetches, statements)
}

// run runs the statements of fetches, and brings the proof that is owed: the connection
// is told of no change, or the token's row is read before all else.
func (s *Session) run(ctx context.Context, fetches []*Fetch, statements []rendered) error {
	p := s.reader.proof
	if !p.claim() {
		return s.read(ctx, fetches, statements)
	}
	defer p.unclaim()
	n, err := s.news(ctx)
	if err != nil {
		return err
	}
	told := n.told
	if n.knows(p.token) {
		if err := s.read(ctx, fetches, statements); err != nil {
			return err
		}
		if n.told == told {
			p.proven.Store(true)
			return nil
		}
		told, fetches, statements = n.told, nil, nil
	}
	err = s.read(ctx, append([]*Fetch{p.fetch()}, fetches...), append([]rendered{p.token.again}, statements...))
	if err == nil && n.told == told {
		n.keep(p.token)
	}
	return err
}

// read runs statements and takes their rows.
func (s *Session) read(ctx context.Context, fetches []*Fetch, statements []rendered) error {
	if s.postgres != nil {
		return s.readPostgres(ctx, fetches, statements)
	}
	for i, fetch := range fetches {
		if err := s.readSQLite(ctx, fetch, &statements[i]); err != nil {
			return fmt.Errorf("read %s: %w", fetch.Edge.to.name, err)
		}
		s.reader.ran(ctx, fetch, &statements[i])
	}
	return nil
}

// countColumns is what counts are selected as.
var countColumns = []column{{name: "count", kind: kindInt}}

// parents is how many parents there are.
func (f *Fetch) parents() int {
	switch {
	case f.Above != nil:
		return min(f.Above.Rows.Len(), f.Above.Query.Page.Limit)
	case f.Keys == nil:
		return 1
	}
	return f.Keys.Len()
}

// begin empties it for the rows of the statement.
func (f *Fetch) begin(s *rendered, postgres bool) {
	if f.proof != nil {
		f.proof.rows = 0
		return
	}
	f.Rows.begin(len(f.columns), postgres)
	f.Rows.ranks, f.seen = s.ranks, 0
}

// end closes it when all rows of the statement have been read.
func (f *Fetch) end() error {
	switch {
	case f.proof != nil:
		return f.proof.end()
	case f.Short:
		f.endShort()
		return nil
	case f.Above != nil && f.seen != f.parents():
		return errMoved
	}
	f.Rows.end(f.parents())
	return nil
}

// take adds a row of the statement: the cells of its columns, those that tell of a parent
// above and, if it is numbered, the number.
func (f *Fetch) take(s *rendered, row [][]byte) (err error) {
	want, place := len(f.columns), 0
	if f.Above != nil {
		want += len(f.told())
	}
	if f.Above != nil && !f.Short || s.numbered {
		want++
	}
	if len(row) != want {
		return fmt.Errorf("%d cells are not %d", len(row), want)
	}
	if s.numbered {
		if place, err = placeOf(row[want-1], s); err != nil {
			return err
		}
		row = row[:want-1]
	}
	switch {
	case f.proof != nil:
		return f.proof.take(row)
	case f.do != nil:
		f.Rows.count++
		return f.do(place, row)
	case f.Short:
		return f.takeShort(row)
	case f.Above != nil:
		return f.takeBelow(row)
	default:
		return f.Rows.add(row, f.columns, place)
	}
}

// told are the cells above that the rows tell: the key of their parent, or its end where
// the begin is the same for all.
func (f *Fetch) told() []int {
	if f.Short {
		return f.At[len(f.Above.Edge.columns):]
	}
	return f.At
}

// errMoved tells that the page of the parents was not the same when it was read once more.
var errMoved = errors.New("a page has changed between two statements")

// takeBelow adds a row of a parent above, if it has one: of the same as the row before, or
// else of the next, which its key must be.
func (f *Fetch) takeBelow(row [][]byte) error {
	if f.seen == 0 || !f.isOf(f.seen-1, row) {
		if f.seen == f.parents() || !f.isOf(f.seen, row) {
			return errMoved
		}
		f.seen++
	}
	if row[len(row)-1] == nil {
		return nil
	}
	return f.Rows.add(row[:len(f.columns)], f.columns, f.seen-1)
}

// isOf tells whether a row tells the key of the parent at a place above.
func (f *Fetch) isOf(place int, row [][]byte) bool {
	for i, at := range f.told() {
		if !bytes.Equal(f.Above.Rows.Cell(place, at), row[len(f.columns)+i]) {
			return false
		}
	}
	return true
}
