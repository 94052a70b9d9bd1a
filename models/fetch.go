package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Fetch runs a statement for each of the fetches: on PostgreSQL all at once, in one
// round trip.
func (s *Session) Fetch(ctx context.Context, fetches []*Fetch) error {
	statements := make([]*statement, len(fetches))
	for i, fetch := range fetches {
		var err error
		if statements[i], err = fetch.render(s.reader); err != nil {
			return err
		}
	}
	if s.postgres == nil {
		for i, fetch := range fetches {
			if err := s.readSQLite(ctx, fetch, statements[i]); err != nil {
				return fmt.Errorf("read %s: %w", fetch.Edge.to.name, err)
			}
			s.reader.ran(ctx, statements[i], fetch.Rows.count)
		}
		return nil
	}
	return s.readPostgres(ctx, fetches, statements)
}

// render makes the statement, and settles which columns it selects.
func (f *Fetch) render(reader *Reader) (*statement, error) {
	s := reader.statement(f.Edge, f.Query)
	s.numbered = !f.Edge.AtRoot()
	var keys keyList
	if f.Keys != nil {
		keys = f.Keys.list()
	}
	switch f.What {
	case FetchPages:
		columns, places := f.ordered(f.Query.order)
		f.Selection = &Selection{f.Edge, columns}
		f.Cursors = Cursors{f.Query.order.digest(f.Edge.to), columns, places}
		return s, s.pages(f.Edge, keys, columns, f.Query)
	case FetchChildren:
		return s, s.children(f.Edge, keys, f.columns, f.Query)
	case FetchCounts:
		s.numbered = true
		f.Selection = &Selection{f.Edge, countColumns}
		return s, s.counts(f.Edge, keys, f.Query)
	default:
		s.numbered = true
		f.Selection = &Selection{f.Edge, nil}
		return s, s.befores(f.Edge, keys, f.Query)
	}
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
func (f *Fetch) take(s *statement, row [][]byte) (err error) {
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

func (s *Session) readPostgres(ctx context.Context, fetches []*Fetch, statements []*statement) error {
	batch := &pgx.Batch{}
	for _, statement := range statements {
		args, err := converted(statement.args)
		if err != nil {
			return err
		}
		batch.Queue(numbered(statement.String()), args...)
	}
	results := s.postgres.SendBatch(ctx, batch)
	for i, fetch := range fetches {
		rows, err := results.Query()
		if err == nil {
			fetch.Rows.begin(len(fetch.columns), true)
			for err == nil && rows.Next() {
				err = fetch.take(statements[i], rows.RawValues())
			}
			rows.Close()
			err = errors.Join(err, rows.Err())
			fetch.Rows.end(fetch.parents())
		}
		if err != nil {
			return errors.Join(fmt.Errorf("read %s: %w", fetch.Edge.to.name, err), results.Close())
		}
		s.reader.ran(ctx, statements[i], fetch.Rows.count)
	}
	return results.Close()
}

// numbered is the SQL with PostgreSQL's names for its arguments.
func numbered(sql string) string {
	var b strings.Builder
	b.Grow(len(sql) + 8)
	for n := 1; ; n++ {
		before, after, found := strings.Cut(sql, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		sql = after
	}
}

// converted are arguments as database/sql gives them to a driver.
func converted(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, arg := range args {
		var err error
		if out[i], err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
			return nil, err
		}
	}
	return out, nil
}
