package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Order is a total order over the rows of a table, and so a way to page through
// them. Its last keys are the primary key.
type Order []sortKey

type sortKey struct {
	Column
	desc       bool
	nullsFirst bool
}

// order is by the columns, ascending, and then by the key.
func (t *table) order(columns ...string) Order {
	var o Order
	for _, name := range columns {
		o = append(o, sortKey{Column: t.column(name)})
	}
	for _, c := range t.key {
		o = o.with(sortKey{Column: c})
	}
	return o
}

// maxOrderKeys bounds the keys of an order.
const maxOrderKeys = 10

// orderBy is the order that a client asks for: a list of {field, direction,
// nulls}, which fit the schema. The primary key ends it.
func (t *table) orderBy(keys []OrderKey) (Order, error) {
	if len(keys) > maxOrderKeys {
		return nil, fault.Invalid("orderBy: %d keys are more than %d", len(keys), maxOrderKeys)
	}
	var o Order
	for _, key := range keys {
		key, _ := dereferenced(key).(map[string]any)
		field := fmt.Sprint(key["field"])
		columns, ok := t.orders[field]
		if !ok {
			return nil, fault.Invalid("orderBy: there is no field %q", scalar.Cut(field))
		}
		if field == "ID" {
			columns = t.keyNames()
		}
		desc := fmt.Sprint(key["direction"]) == "DESC"
		nullsFirst := desc
		if nulls := key["nulls"]; nulls != nil {
			nullsFirst = fmt.Sprint(nulls) == "FIRST"
		}
		for _, name := range columns {
			o = o.with(sortKey{t.column(name), desc, nullsFirst})
		}
	}
	for _, c := range t.key {
		o = o.with(sortKey{Column: c})
	}
	return o, nil
}

// with ends the order by a key, unless the column is in it already: then there is
// nothing left to order.
func (o Order) with(key sortKey) Order {
	if slices.ContainsFunc(o, func(has sortKey) bool { return has.Name == key.Name }) {
		return o
	}
	return append(o, key)
}

func (t *table) keyNames() (names []string) {
	for _, c := range t.key {
		names = append(names, c.Name)
	}
	return names
}

// Orderable gives the table order fields that stand for the columns of their
// names: ACCOUNT_NUMBER for account_number.
func (t *Table[T]) Orderable(fields ...string) *Table[T] {
	for _, field := range fields {
		t.orders[field] = []string{strings.ToLower(field)}
		t.column(strings.ToLower(field))
	}
	return t
}

// OrderedBy gives the table an order field that stands for several columns.
func (t *Table[T]) OrderedBy(field string, columns ...string) *Table[T] {
	t.orders[field] = columns
	return t
}

// digest binds cursors to the table and the order.
func (o Order) digest(t *table) string {
	text := []string{t.Name}
	for _, key := range o {
		text = append(text, fmt.Sprint(key.Name, key.desc, key.nullsFirst))
	}
	return Digest(strings.Join(text, "|"))
}

// A term is an expression that is never null, and its direction. Null is a value
// past all others, so that orders and cursors need no case for it and one index
// range serves a page.
type term struct {
	sql  string
	desc bool
}

// terms are the expressions of the order in the rows called alias. backward turns
// all of them around.
func (o Order) terms(alias string, backward, postgres bool) []term {
	terms := make([]term, len(o))
	for i, key := range o {
		terms[i] = term{key.sql(alias, postgres), key.desc != backward}
	}
	return terms
}

// low returns whether null stands below all values, not above them.
func (k sortKey) low() bool { return k.nullsFirst != k.desc }

func (k sortKey) sql(alias string, postgres bool) string {
	name := k.Qualified(alias)
	if !k.nullable {
		return name
	}
	return k.Column.sentinel(name, k.low(), postgres)
}

// sentinel is the column called name with the value past all others in the place
// of null. A text has no such value, so it gets a first character.
func (c Column) sentinel(name string, low, postgres bool) string {
	if c.Kind == kindText {
		if low {
			return "COALESCE('1' || " + name + ", '0')"
		}
		return "COALESCE('0' || " + name + ", '1')"
	}
	return "COALESCE(" + name + ", " + sentinels[sentinelKey{c.Kind, low, postgres}].sql + ")"
}

type sentinelKey struct {
	kind     ColumnKind
	low      bool
	postgres bool
}

// sentinels are the values past all others, as SQL and as parameters.
var sentinels = map[sentinelKey]struct {
	sql   string
	value any
}{
	{KindInt, false, true}:    {"9223372036854775807", int64(math.MaxInt64)},
	{KindInt, false, false}:   {"9223372036854775807", int64(math.MaxInt64)},
	{KindInt, true, true}:     {"-9223372036854775807", int64(-math.MaxInt64)},
	{KindInt, true, false}:    {"-9223372036854775807", int64(-math.MaxInt64)},
	{kindFloat, false, true}:  {"'Infinity'", math.Inf(1)},
	{kindFloat, false, false}: {"9e999", math.Inf(1)},
	{kindFloat, true, true}:   {"'-Infinity'", math.Inf(-1)},
	{kindFloat, true, false}:  {"-9e999", math.Inf(-1)},
	{kindDate, false, true}:   {"'infinity'", "infinity"},
	{kindDate, false, false}:  {"'~'", "~"},
	{kindDate, true, true}:    {"'-infinity'", "-infinity"},
	{kindDate, true, false}:   {"''", ""},
	{kindTime, false, true}:   {"'infinity'", "infinity"},
	{kindTime, false, false}:  {"'~'", "~"},
	{kindTime, true, true}:    {"'-infinity'", "-infinity"},
	{kindTime, true, false}:   {"''", ""},
}

// parameter is a value, or nil for null, as the parameter that compares with the
// key's SQL.
func (k sortKey) parameter(value any, postgres bool) any {
	switch {
	case !k.nullable:
		return value
	case k.Kind == kindText:
		prefix, null := "0", "1"
		if k.low() {
			prefix, null = "1", "0"
		}
		if value == nil {
			return null
		}
		return prefix + value.(string)
	case value == nil:
		return sentinels[sentinelKey{k.Kind, k.low(), postgres}].value
	}
	return value
}

// orderBy is the ORDER BY of terms.
func orderBy(terms []term) string {
	out := make([]string, len(terms))
	for i, t := range terms {
		if out[i] = t.sql; t.desc {
			out[i] += " DESC"
		}
	}
	return strings.Join(out, ", ")
}

// placeOf are the values of the order's keys in row, a pointer to a row of the table.
func (o Order) placeOf(row any) []any {
	values := make([]any, len(o))
	for i, key := range o {
		// A value that was read from the column always converts.
		values[i], _ = driver.DefaultParameterConverter.ConvertValue(key.value(row))
	}
	return values
}

// cursor is the place of row, a pointer to a row of the table. The digest is the order's.
func (o Order) cursor(digest string, row any) string {
	return NewCursor(digest, o.placeOf(row))
}

// parse reads a cursor: a value for each key of the order, whose digest it must have.
func (o Order) parse(cursor, digest string) ([]any, error) {
	keys, err := ParseCursor(cursor, digest, len(o))
	if err != nil {
		return nil, err
	}
	values := make([]any, len(o))
	for i, key := range o {
		var ok bool
		if values[i], ok = key.parse(keys[i]); !ok {
			return nil, InvalidCursor(cursor)
		}
	}
	return values, nil
}

// parse checks a value of a cursor, which is hostile, and makes it a parameter.
func (c Column) parse(v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, c.nullable
	case json.Number:
		if c.Kind == kindFloat {
			f, err := strconv.ParseFloat(string(v), 64)
			return f + 0, err == nil && !math.IsInf(f, 0) // 0 for -0
		}
		n, err := strconv.ParseInt(string(v), 10, 64)
		return n, err == nil && c.Kind == KindInt
	case bool:
		return v, c.Kind == kindBool
	case string:
		switch c.Kind {
		case kindText:
			return v, scalar.CheckText(v) == nil
		case kindDate:
			d, err := scalar.ParseDate(v)
			return string(d), err == nil
		case kindTime:
			d, err := scalar.ParseDateTime(v)
			return d.String(), err == nil
		case kindLocal:
			d, err := scalar.ParseLocalDateTime(v)
			return string(d), err == nil
		}
	}
	return nil, false
}
