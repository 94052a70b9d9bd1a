package models

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Fetch runs a statement for each of the fetches: on PostgreSQL all at once, in one
// round trip.
func (s *Session) Fetch(ctx context.Context, fetches []*Fetch) error {
	statements := make([]rendered, len(fetches))
	for i, fetch := range fetches {
		var err error
		if statements[i], err = fetch.render(s.reader); err != nil {
			return err
		}
	}
	if s.postgres == nil {
		for i, fetch := range fetches {
			if err := s.readSQLite(ctx, fetch, &statements[i]); err != nil {
				return fmt.Errorf("read %s: %w", fetch.Edge.to.name, err)
			}
			s.reader.ran(ctx, &statements[i], fetch.Rows.count)
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
	return f.Rows.add(row, f.columns, place)
}

func (s *Session) readPostgres(ctx context.Context, fetches []*Fetch, statements []rendered) error {
	batch := &pgx.Batch{}
	for _, statement := range statements {
		batch.Queue(statement.sql, statement.args...)
	}
	results := s.postgres.SendBatch(ctx, batch)
	for i, fetch := range fetches {
		rows, err := results.Query()
		if err == nil {
			fetch.Rows.begin(len(fetch.columns), true)
			for err == nil && rows.Next() {
				err = fetch.take(&statements[i], rows.RawValues())
			}
			rows.Close()
			err = errors.Join(err, rows.Err())
			fetch.Rows.end(fetch.parents())
		}
		if err != nil {
			return errors.Join(fmt.Errorf("read %s: %w", fetch.Edge.to.name, err), results.Close())
		}
		s.reader.ran(ctx, &statements[i], fetch.Rows.count)
	}
	return results.Close()
}
