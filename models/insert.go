package models

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// sqliteParameters bounds the parameters of one statement. More rows in one
// statement gain nothing.
const sqliteParameters = 4000

// postgresParameters is what the protocol allows in one statement.
const postgresParameters = 65535

// all are the columns that are written: those that are read, and the digest.
func (t *table) all() []column {
	columns := t.columns
	if field := t.schema.LookUpField(digestColumn); field != nil {
		columns = append(columns[:len(columns):len(columns)], column{digestColumn, kindBytes, true, field})
	}
	return columns
}

// Insert writes new rows: by COPY on PostgreSQL, by wide INSERTs on SQLite.
func Insert[T any](tx *Tx, t *Table[T], rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.copier == nil {
		return insertValues(tx, t, rows, sqliteParameters, "")
	}
	columns := t.all()
	var text bytes.Buffer
	for i := range rows {
		for j, c := range columns {
			if j > 0 {
				text.WriteByte('\t')
			}
			if err := copyValue(&text, c.value(&rows[i])); err != nil {
				return fmt.Errorf("write %s.%s: %w", t.name, c.name, err)
			}
		}
		text.WriteByte('\n')
	}
	command := fmt.Sprintf(`COPY "%s" (%s) FROM STDIN`, t.name, names(columns))
	_, err := tx.copier.PgConn().CopyFrom(tx.Statement.Context, &text, command)
	if err != nil {
		return fmt.Errorf("copy into %s: %w", t.name, err)
	}
	return nil
}

// Upsert writes rows that may be there already, which it replaces.
func Upsert[T any](tx *Tx, t *Table[T], rows []T) error {
	var set []string
	for _, c := range t.all() {
		set = append(set, fmt.Sprintf(`"%s" = excluded."%s"`, c.name, c.name))
	}
	return upsert(tx, t, rows, "DO UPDATE SET "+strings.Join(set, ", "))
}

// InsertMissing writes the rows whose key is not there yet. Of a row that is there
// it fills the columns named fill where they are null.
func InsertMissing[T any](tx *Tx, t *Table[T], rows []T, fill ...string) error {
	if len(fill) == 0 {
		return upsert(tx, t, rows, "DO NOTHING")
	}
	var set, lacks []string
	for _, name := range fill {
		c := t.column(name)
		set = append(set, fmt.Sprintf(`"%s" = COALESCE(%s, excluded."%s")`, c.name, c.of(`"`+t.name+`"`), c.name))
		lacks = append(lacks, fmt.Sprintf(`%s IS NULL AND excluded."%s" IS NOT NULL`, c.of(`"`+t.name+`"`), c.name))
	}
	return upsert(tx, t, rows, "DO UPDATE SET "+strings.Join(set, ", ")+" WHERE "+strings.Join(lacks, " OR "))
}

func upsert[T any](tx *Tx, t *Table[T], rows []T, action string) error {
	limit := sqliteParameters
	if tx.copier != nil {
		limit = postgresParameters
	}
	return insertValues(tx, t, rows, limit, fmt.Sprintf(" ON CONFLICT (%s) %s", names(t.key), action))
}

func insertValues[T any](tx *Tx, t *Table[T], rows []T, parameters int, conflict string) error {
	columns := t.all()
	wide := parameters / len(columns)
	for len(rows) > 0 {
		n := min(wide, len(rows))
		args := make([]any, 0, n*len(columns))
		for i := range rows[:n] {
			for _, c := range columns {
				args = append(args, c.value(&rows[i]))
			}
		}
		sql := fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES %s%s`, t.name, names(columns), marks(n, len(columns), tx.copier != nil), conflict)
		if _, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, sql, args...); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
		rows = rows[n:]
	}
	return nil
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

func names(columns []column) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = `"` + c.name + `"`
	}
	return strings.Join(quoted, ", ")
}

// copyValue writes a value in the text form of COPY.
func copyValue(b *bytes.Buffer, v any) error {
	v, err := driver.DefaultParameterConverter.ConvertValue(v)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		b.WriteString(`\N`)
	case int64:
		b.Write(strconv.AppendInt(b.AvailableBuffer(), v, 10))
	case float64:
		b.Write(strconv.AppendFloat(b.AvailableBuffer(), v, 'g', -1, 64))
	case bool:
		b.Write(strconv.AppendBool(b.AvailableBuffer(), v))
	case []byte:
		b.WriteString(`\\x`)
		b.WriteString(hex.EncodeToString(v))
	case string:
		copyText(b, v)
	default:
		return fmt.Errorf("COPY takes no %T", v)
	}
	return nil
}

func copyText(b *bytes.Buffer, s string) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
}

// DeleteChildren deletes the rows of rel that belong to the parents with the keys.
func DeleteChildren[P, C any, K comparable](tx *Tx, rel *Relation[P, C, K], keys []K) error {
	if len(keys) == 0 {
		return nil
	}
	s := newStatement(tx.DB, Scope{All: true})
	s.add(fmt.Sprintf(`DELETE FROM "%s" WHERE (%s) IN (SELECT `, rel.To.name, names(rel.columns)))
	for i := range rel.columns {
		if i > 0 {
			s.add(", ")
		}
		s.add(fmt.Sprintf("k%d", i+1))
	}
	s.add(" FROM ")
	parents(s, rel.columns, keys)
	s.add(")")
	if err := tx.Exec(s.String(), s.args...).Error; err != nil {
		return fmt.Errorf("delete from %s: %w", rel.To.name, err)
	}
	return nil
}
