package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usagegraph/usagegraph/models/database"
)

// stream reads what a query asks for of the parents with the keys, and gives do the cells of
// each row, which are overwritten by those of the next. It reads by lists of keys only: the
// resolvers read the plain way, to which the read engine is held.
func stream[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], kind FetchKind, keys []K, q *Query, do func(key K, cells [][]byte) error) error {
	fetch := &Fetch{Kind: kind, Selection: &Selection{&rel.Edge, rel.Target.Columns}, Query: *q, NoCursors: true}
	if !rel.AtRoot() {
		all := keysFrom(&rel.Edge, r.postgres(), keys)
		all.ranges = &rangedKeys{}
		fetch.Parents = all
	}
	rows := &streamed{do: func(place int, cells [][]byte) error { return do(keys[place], cells) }}
	fetch.sink = rows
	statement, err := fetch.render(r)
	if err != nil {
		return err
	}
	return r.each(ctx, fetch, rows, &statement)
}

// ReadRows reads the rows of an edge that a statement selects, all their columns. do is also
// given the place of the parent if the statement numbers them.
func ReadRows[T any](ctx context.Context, r *Reader, e *Edge, of AnyTable, s *Statement, do func(place int, row *T)) error {
	rows := &streamed{do: func(place int, cells [][]byte) error {
		row := new(T)
		do(place, row)
		return fill(row, of.itself().Columns, cells, s.Postgres)
	}}
	statement, err := s.render()
	if err != nil {
		return err
	}
	return r.each(ctx, &Fetch{Selection: &Selection{e, of.itself().Columns}, sink: rows}, rows, &statement)
}

// each runs the statement of a fetch whose rows are streamed.
func (r *Reader) each(ctx context.Context, fetch *Fetch, rows *streamed, statement *sqlText) (err error) {
	_, pooled := r.DB.Statement.ConnPool.(*sql.DB)
	if pooled {
		err = r.Session(ctx, func(session *Session) error {
			return session.checked(ctx, []*Fetch{fetch}, []sqlText{*statement})
		})
	}
	if !pooled || rows.rows == 0 && (pgconn.SafeToRetry(err) || database.IsConflict(database.StateOf(err))) {
		err = r.viaDatabaseSQL(ctx, fetch, statement)
	}
	if err != nil {
		rows.count(ctx, fetch) // one that failed counts, too
	}
	return err
}

// render makes the statement as its driver takes it.
func (s *Statement) render() (out sqlText, err error) {
	out.numbered, out.first, out.sql = s.Numbered, s.FirstNumber(), s.String()
	if s.Postgres {
		out.sql = numbered(out.sql)
	}
	out.args, err = converted(s.Args)
	return out, err
}

// viaDatabaseSQL runs a statement by database/sql: in a transaction, whose connection it does
// not give away, and where a connection broke before anything was sent, or was ended by a
// standby's recovery, for it tries others.
func (r *Reader) viaDatabaseSQL(ctx context.Context, fetch *Fetch, statement *sqlText) error {
	rows, err := r.DB.Statement.ConnPool.QueryContext(ctx, statement.sql, statement.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	row, into, cells := make([]driver.Value, len(names)), make([]any, len(names)), make([][]byte, len(names))
	for i := range row {
		into[i] = (*any)(&row[i])
	}
	scratch := make([]byte, 0, 256) // never nil, for empty texts are no nulls
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if scratch, err = cellsOf(row, cells, fetch.columns, scratch[:0]); err != nil {
			return err
		}
		if err := fetch.take(fetch.into(), statement, cells); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	r.ran(ctx, fetch, statement)
	return nil
}

// fill puts the cells of columns into a new row.
func fill(row any, columns []Column, cells [][]byte, postgres bool) error {
	to := reflect.ValueOf(row).Elem()
	for i := range columns {
		c, cell := &columns[i], cells[i]
		if cell == nil {
			continue
		}
		codec := c.Kind.codec(postgres)
		if !codec.fits(cell) {
			return fmt.Errorf("%s: %d bytes are no %s", c.Name, len(cell), c.Kind)
		}
		if c.field.Serializer != nil {
			if err := c.field.Serializer.Scan(context.Background(), c.field, to, cell); err != nil {
				return fmt.Errorf("%s: %w", c.Name, err)
			}
			continue
		}
		field := to.FieldByIndex(c.field.StructField.Index)
		if field.Kind() == reflect.Pointer {
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		if err := codec.set(field, cell); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	return nil
}

// Run runs a statement whose rows are those of no table. The caller closes them.
func (r *Reader) Run(ctx context.Context, s *Statement) (*sql.Rows, error) {
	return r.DB.WithContext(ctx).Raw(s.String(), s.Args...).Rows()
}
