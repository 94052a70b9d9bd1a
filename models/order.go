package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// Order is a total order over the rows of a table, and so a way to page through
// them. Its last keys are the primary key.
type Order []sortKey

type sortKey struct {
	column
	desc       bool
	nullsFirst bool
}

// order is by the columns, ascending, and then by the key.
func (t *table) order(columns ...string) Order {
	var o Order
	for _, name := range columns {
		o = append(o, sortKey{column: t.column(name)})
	}
	for _, c := range t.key {
		o = append(o, sortKey{column: c})
	}
	return o
}

// digest binds cursors to the table and the order.
func (o Order) digest(t *table) string {
	text := []string{t.name}
	for _, key := range o {
		text = append(text, fmt.Sprint(key.name, key.desc, key.nullsFirst))
	}
	return relay.Digest(strings.Join(text, "|"))
}

// A term is an expression that is never null, and its direction. A nullable
// column makes two of them, so that orders and cursors need no case for null and
// one index can hold them.
type term struct {
	sql  string
	desc bool
}

// terms are the expressions of the order in the rows called alias. backward turns
// all of them around.
func (o Order) terms(alias string, backward bool) []term {
	var terms []term
	for _, key := range o {
		name := key.of(alias)
		if key.nullable {
			terms = append(terms, term{"(" + name + " IS NULL)", key.nullsFirst != backward})
			name = "COALESCE(" + name + ", " + zeroSQL[key.kind] + ")"
		}
		terms = append(terms, term{name, key.desc != backward})
	}
	return terms
}

// zeroSQL stands in for null, beside the term that tells null from it.
var zeroSQL = map[kind]string{
	kindInt: "0", kindFloat: "0", kindText: "''", kindBool: "false", kindDate: "'0001-01-01'",
	kindTime: "'0001-01-01T00:00:00.000000Z'", kindLocal: "'0001-01-01T00:00:00'",
}

// by is the ORDER BY of the order.
func (o Order) by(alias string, backward bool) string {
	var by []string
	for _, t := range o.terms(alias, backward) {
		if t.desc {
			t.sql += " DESC"
		}
		by = append(by, t.sql)
	}
	return strings.Join(by, ", ")
}

// cursor is the place of row, a pointer to a row of t.
func (o Order) cursor(t *table, row any) string {
	keys := make([]any, len(o))
	for i, key := range o {
		value := key.value(row)
		if valuer, ok := value.(driver.Valuer); ok {
			value, _ = driver.DefaultParameterConverter.ConvertValue(valuer)
		}
		keys[i] = value
	}
	return relay.NewCursor(o.digest(t), keys)
}

// values reads a cursor: a value for each term of the order.
func (o Order) values(t *table, cursor string) ([]any, error) {
	keys, err := relay.ParseCursor(cursor, o.digest(t), len(o))
	if err != nil {
		return nil, err
	}
	var values []any
	for i, key := range o {
		value, ok := key.parse(keys[i])
		if !ok {
			return nil, relay.InvalidCursor(cursor)
		}
		if key.nullable {
			values = append(values, value == nil)
		}
		if value == nil {
			value = zero[key.kind]
		}
		values = append(values, value)
	}
	return values, nil
}

// zero is zeroSQL as a parameter.
var zero = map[kind]any{
	kindInt: int64(0), kindFloat: float64(0), kindText: "", kindBool: false, kindDate: "0001-01-01",
	kindTime: "0001-01-01T00:00:00.000000Z", kindLocal: "0001-01-01T00:00:00",
}

// parse checks a value of a cursor, which is hostile, and makes it a parameter.
func (c column) parse(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, c.nullable
	case json.Number:
		if c.kind == kindFloat {
			f, err := strconv.ParseFloat(string(v), 64)
			return f, err == nil && !math.IsInf(f, 0)
		}
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil && c.kind == kindInt
	case bool:
		return v, c.kind == kindBool
	case string:
		switch c.kind {
		case kindText:
			return v, relay.CheckText(v) == nil
		case kindDate:
			d, err := ParseDate(v)
			return string(d), err == nil
		case kindTime:
			d, err := ParseDateTime(v)
			return d.String(), err == nil
		case kindLocal:
			d, err := ParseLocalDateTime(v)
			return string(d), err == nil
		}
	}
	return nil, false
}
