package models

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// Fetch runs a statement for each of the fetches: on PostgreSQL all at once, in one
// round trip. The first checks the precondition of the reader, if there is one.
func (s *Session) Fetch(ctx context.Context, fetches []*Fetch) error {
	statements := make([]rendered, len(fetches))
	for i, fetch := range fetches {
		var err error
		if statements[i], err = fetch.render(s.reader); err != nil {
			return err
		}
	}
	return s.checked(ctx, fetches, statements)
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
		return min(f.Above.Rows.Len(), f.Above.Query.page.Limit)
	case f.Keys == nil:
		return 1
	}
	return f.Keys.Len()
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
