package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

func (s *Session) readSQLite(ctx context.Context, fetch *Fetch, statement *sqlText) error {
	args := make([]driver.NamedValue, len(statement.args))
	for i, value := range statement.args {
		args[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	rows, err := s.sqlite.QueryContext(ctx, statement.sql, args)
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	cells := make([][]byte, len(row))
	scratch := make([]byte, 0, 256) // never nil, for empty texts are no nulls
	to := fetch.into()
	to.begin(fetch, statement, false)
	for err == nil {
		if err = rows.Next(row); err == nil {
			if scratch, err = cellsOf(row, cells, fetch.columns, scratch[:0]); err == nil {
				err = fetch.take(to, statement, cells)
			}
		}
	}
	if errors.Is(err, io.EOF) {
		err = to.end(fetch)
	}
	return errors.Join(err, rows.Close())
}

// cellsOf puts what SQLite's driver or database/sql gives into the form of PostgreSQL's
// cells. They lie in scratch, which it returns.
func cellsOf(row []driver.Value, cells [][]byte, columns []Column, scratch []byte) ([]byte, error) {
	for i, value := range row {
		at := len(scratch)
		switch value := value.(type) {
		case nil:
			cells[i] = nil
			continue
		case int64:
			if i < len(columns) && columns[i].Kind == kindBool {
				scratch = append(scratch, byte(value))
			} else {
				scratch = appendIntCell(scratch, value)
			}
		case float64:
			scratch = appendIntCell(scratch, int64(math.Float64bits(value)))
		case bool:
			scratch = appendBoolCell(scratch, value)
		case time.Time:
			scratch = columns[i].appendTimeCell(scratch, value)
		case string:
			scratch = append(scratch, value...)
		case []byte:
			scratch = append(scratch, value...)
		default:
			return scratch, fmt.Errorf("a cell holds %T", value)
		}
		cells[i] = scratch[at:len(scratch):len(scratch)]
	}
	return scratch, nil
}

func appendBoolCell(b []byte, value bool) []byte {
	if value {
		return append(b, 1)
	}
	return append(b, 0)
}
