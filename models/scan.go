package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5/pgconn"
)

// find reads the rows that a statement selects: columns of T, and maybe the number
// of its parent.
func find[T any](ctx context.Context, r *Reader, s *statement, columns []column) (rows []*T, err error) {
	err = r.each(ctx, s, columns, func(cells [][]byte) error {
		row := new(T)
		rows = append(rows, row)
		return fill(row, columns, cells, s.postgres)
	})
	return rows, err
}

// each runs a statement and gives do the cells of each row, which are overwritten by
// those of the next.
func (r *Reader) each(ctx context.Context, s *statement, columns []column, do func(cells [][]byte) error) error {
	statement := rendered{sql: s.String()}
	if s.postgres {
		statement.sql = numbered(statement.sql)
	}
	var err error
	if statement.args, err = converted(s.args); err != nil {
		return err
	}
	rows := 0
	take := func(cells [][]byte) error {
		rows++
		return do(cells)
	}
	_, pooled := r.db.Statement.ConnPool.(*sql.DB)
	if pooled {
		err = r.Session(ctx, func(session *Session) error { return session.each(ctx, &statement, columns, take) })
	}
	if !pooled || errors.Is(err, driver.ErrBadConn) {
		err = r.slowly(ctx, &statement, columns, take)
	}
	r.ran(ctx, &statement, rows)
	return err
}

// each runs a statement alone. The error is driver.ErrBadConn if the connection broke
// before anything was sent.
func (s *Session) each(ctx context.Context, statement *rendered, columns []column, do func([][]byte) error) error {
	if s.postgres == nil {
		return s.eachSQLite(ctx, statement, columns, do)
	}
	rows, err := s.postgres.Query(ctx, statement.sql, statement.args...)
	if err != nil {
		if pgconn.SafeToRetry(err) {
			return driver.ErrBadConn
		}
		return err
	}
	defer rows.Close()
	for err == nil && rows.Next() {
		err = do(rows.RawValues())
	}
	rows.Close()
	return errors.Join(err, rows.Err())
}

// slowly runs a statement by database/sql: in a transaction, whose connection it does
// not give away, and where a connection broke, which it tries again on others.
func (r *Reader) slowly(ctx context.Context, statement *rendered, columns []column, do func([][]byte) error) error {
	rows, err := r.db.Statement.ConnPool.QueryContext(ctx, statement.sql, statement.args...)
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
		if scratch, err = cellsOf(row, cells, columns, scratch[:0]); err != nil {
			return err
		}
		if err := do(cells); err != nil {
			return err
		}
	}
	return rows.Err()
}

// fill puts the cells of columns into a new row.
func fill(row any, columns []column, cells [][]byte, postgres bool) error {
	if len(cells) < len(columns) {
		return fmt.Errorf("%d cells are not %d", len(cells), len(columns))
	}
	to := reflect.ValueOf(row).Elem()
	for i := range columns {
		c, cell := &columns[i], cells[i]
		if cell == nil {
			continue
		}
		if !c.kind.fits(cell, postgres) {
			return fmt.Errorf("%s: %d bytes are no %s", c.name, len(cell), c.kind)
		}
		if c.field.Serializer != nil {
			if err := c.field.Serializer.Scan(context.Background(), c.field, to, cell); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			continue
		}
		field := to.FieldByIndex(c.field.StructField.Index)
		if field.Kind() == reflect.Pointer {
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		if err := c.set(field, cell, postgres); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// set sets a field of a row to the value of a cell.
func (c *column) set(field reflect.Value, cell []byte, postgres bool) error {
	switch {
	case c.kind == kindText:
		field.SetString(string(cell))
	case c.kind == kindInt:
		field.SetInt(cellInt(cell))
	case c.kind == kindFloat:
		field.SetFloat(cellFloat(cell))
	case c.kind == kindBool:
		field.SetBool(cell[0] != 0)
	case c.kind == kindBytes:
		field.SetBytes(append([]byte{}, cell...))
	case c.kind == kindTime && postgres:
		field.SetInt(cellInt(cell) + epoch2000)
	case c.kind == kindTime:
		at, err := ParseDateTime(string(cell))
		field.SetInt(int64(at))
		return err
	case !postgres:
		field.SetString(string(cell))
	case c.kind == kindDate:
		field.SetString(string(appendDay(nil, int64(int32(binary.BigEndian.Uint32(cell))))))
	default:
		field.SetString(string(appendSecond(nil, cellInt(cell))))
	}
	return nil
}
