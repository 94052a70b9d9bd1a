package models

import (
	"context"
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

// run runs the statements of fetches, and before them that of the proof.
func (s *Session) run(ctx context.Context, fetches []*Fetch, statements []rendered) error {
	if p := s.reader.proof; p.claim() {
		defer p.unclaim()
		fetches, statements = append([]*Fetch{p.fetch()}, fetches...), append([]rendered{p.token.again}, statements...)
	}
	if s.postgres == nil {
		for i, fetch := range fetches {
			if err := s.readSQLite(ctx, fetch, &statements[i]); err != nil {
				return fmt.Errorf("read %s: %w", fetch.Edge.to.name, err)
			}
			s.reader.ran(ctx, fetch, &statements[i])
		}
		return nil
	}
	return s.readPostgres(ctx, fetches, statements)
}

// countColumns is what counts are selected as.
var countColumns = []column{{name: "count", kind: kindInt}}

// parents is how many parents there are.
func (f *Fetch) parents() int {
	if f.Keys == nil {
		return 1
	}
	return f.Keys.Len()
}

// begin empties it for the rows of the statement.
func (f *Fetch) begin(s *rendered, postgres bool) {
	if f.proof == nil {
		f.Rows.begin(len(f.columns), postgres)
		f.Rows.ranks = s.ranks
	}
}

// end closes it when all rows of the statement have been read.
func (f *Fetch) end() error {
	if f.proof != nil {
		return f.proof.end()
	}
	f.Rows.end(f.parents())
	return nil
}

// take adds a row of the statement, the cells of its columns and, if it is numbered,
// of the number.
func (f *Fetch) take(s *rendered, row [][]byte) (err error) {
	want, place := len(f.columns), 0
	if s.numbered {
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
	default:
		return f.Rows.add(row, f.columns, place)
	}
}
