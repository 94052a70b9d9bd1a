package store

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/usagegraph/usagegraph/models/database"
)

// sqliteParameters bounds the parameters of one statement. The driver looks through
// all of them for each of them, so that more rows in one statement are slower.
const sqliteParameters = 500

// postgresParameters is what the protocol allows in one statement.
const postgresParameters = 65535

// all are the columns that are written: those that are read, their folded copies
// and the digest.
func (t *table) all() []Column {
	columns := slices.Clone(t.Columns)
	for _, c := range t.Columns {
		if c.folds {
			columns = append(columns, c.folded())
		}
	}
	if field := t.schema.LookUpField(digestColumn); field != nil {
		columns = append(columns, Column{Name: digestColumn, Kind: kindBytes, nullable: true, field: field})
	}
	return columns
}

// Insert writes new rows: by COPY on PostgreSQL, by wide INSERTs on SQLite.
func Insert[T any](tx *database.Tx, t *Table[T], rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.Copier == nil {
		return insertValues(tx, t, rows, sqliteParameters, "")
	}
	text := copyTexts.Get().(*[]byte)
	defer copyTexts.Put(text)
	var err error
	if *text, err = copyText((*text)[:0], t, rows); err != nil {
		return err
	}
	command := fmt.Sprintf(`COPY "%s" (%s) FROM STDIN%s`, t.Name, Names(t.all()), tx.CopyOptions)
	_, err = tx.Copier.PgConn().CopyFrom(tx.Statement.Context, bytes.NewReader(*text), command)
	if err != nil {
		return fmt.Errorf("copy into %s: %w", t.Name, err)
	}
	return nil
}

// copyTexts keeps the memory that rows are rendered in.
var copyTexts = sync.Pool{New: func() any { return new([]byte) }}

// copyText appends the rows in the text form of COPY.
func copyText[T any](b []byte, t *Table[T], rows []T) ([]byte, error) {
	cells := t.cells()
	all := reflect.ValueOf(rows)
	for i := range rows {
		row := all.Index(i)
		for j, c := range cells {
			if j > 0 {
				b = append(b, '\t')
			}
			var err error
			if b, err = c.appendText(b, row); err != nil {
				return b, fmt.Errorf("write %s.%s: %w", t.Name, c.Name, err)
			}
		}
		b = append(b, '\n')
	}
	return b, nil
}

// Upsert writes rows that may be there already, which it replaces.
func Upsert[T any](tx *database.Tx, t *Table[T], rows []T) error {
	var set []string
	for _, c := range t.all() {
		set = append(set, fmt.Sprintf(`"%s" = excluded."%s"`, c.Name, c.Name))
	}
	return upsert(tx, t, rows, "DO UPDATE SET "+strings.Join(set, ", "))
}

// InsertMissing writes the rows whose key is not there yet. Of a row that is there
// it fills the columns named fill where they are null.
func InsertMissing[T any](tx *database.Tx, t *Table[T], rows []T, fill ...string) error {
	if len(fill) == 0 {
		return upsert(tx, t, rows, "DO NOTHING")
	}
	var set, lacks []string
	var columns []Column
	for _, name := range fill {
		c := t.column(name)
		if columns = append(columns, c); c.folds {
			columns = append(columns, c.folded())
		}
	}
	for _, c := range columns {
		set = append(set, fmt.Sprintf(`"%s" = COALESCE(%s, excluded."%s")`, c.Name, c.Qualified(`"`+t.Name+`"`), c.Name))
		lacks = append(lacks, fmt.Sprintf(`%s IS NULL AND excluded."%s" IS NOT NULL`, c.Qualified(`"`+t.Name+`"`), c.Name))
	}
	return upsert(tx, t, rows, "DO UPDATE SET "+strings.Join(set, ", ")+" WHERE "+strings.Join(lacks, " OR "))
}

func upsert[T any](tx *database.Tx, t *Table[T], rows []T, action string) error {
	limit := sqliteParameters
	if tx.Copier != nil {
		limit = postgresParameters
	}
	return insertValues(tx, t, rows, limit, fmt.Sprintf(" ON CONFLICT (%s) %s", Names(t.key), action))
}

func insertValues[T any](tx *database.Tx, t *Table[T], rows []T, parameters int, conflict string) error {
	cells := t.cells()
	wide := max(1, parameters/len(cells))
	var args []any
	var err error
	for n := 0; len(rows) > 0; rows = rows[n:] {
		n = min(wide, len(rows))
		if args, err = arguments(args[:0], t, cells, rows[:n]); err != nil {
			return err
		}
		sql := fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES %s%s`, t.Name, Names(t.all()), marks(n, len(cells), tx.Copier != nil), conflict)
		if _, err = tx.Statement.ConnPool.ExecContext(tx.Statement.Context, sql, args...); err != nil {
			return fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	return nil
}

// arguments appends the values of the rows, as parameters of a statement.
func arguments[T any](args []any, t *Table[T], cells []cell, rows []T) ([]any, error) {
	all := reflect.ValueOf(rows)
	for i := range rows {
		row := all.Index(i)
		for _, c := range cells {
			v, err := c.argument(row)
			if err != nil {
				return nil, fmt.Errorf("write %s.%s: %w", t.Name, c.Name, err)
			}
			args = append(args, v)
		}
	}
	return args, nil
}

// marks are the parameters of rows × columns.
func marks(rows, columns int, numbered bool) string {
	var b strings.Builder
	for i := range rows {
		b.WriteString(", (")
		for j := range columns {
			if j > 0 {
				b.WriteByte(',')
			}
			if numbered {
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(i*columns + j + 1))
			} else {
				b.WriteByte('?')
			}
		}
		b.WriteByte(')')
	}
	return b.String()[2:]
}

// Names lists the names of columns, quoted.
func Names(columns []Column) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = `"` + c.Name + `"`
	}
	return strings.Join(quoted, ", ")
}

// DeleteChildren deletes the rows of rel that belong to the parents with the keys.
func DeleteChildren[P, C any, K comparable](tx *database.Tx, rel *Relation[P, C, K], keys []K) error {
	if len(keys) == 0 {
		return nil
	}
	s := NewStatement(tx.DB, Scope{All: true})
	s.Add(fmt.Sprintf(`DELETE FROM "%s" WHERE (%s) IN (SELECT `, rel.To.Name, Names(rel.Columns)))
	for i := range rel.Columns {
		if i > 0 {
			s.Add(", ")
		}
		s.Add(fmt.Sprintf("k%d", i+1))
	}
	s.Add(" FROM ")
	FromKeys(s, &rel.Edge, keys)
	s.Add(")")
	if err := tx.Exec(s.String(), s.Args...).Error; err != nil {
		return fmt.Errorf("delete from %s: %w", rel.To.Name, err)
	}
	return nil
}
