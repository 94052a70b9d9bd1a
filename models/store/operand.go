package store

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// dereferenced is an input as gqlgen reads it into a map, without its pointers and with
// lists of one type only.
func dereferenced(v any) any {
	switch at := reflect.ValueOf(v); at.Kind() {
	case reflect.Pointer:
		if at.IsNil() {
			return nil
		}
		return dereferenced(at.Elem().Interface())
	case reflect.Slice:
		if at.IsNil() {
			return nil
		}
		list := make([]any, at.Len())
		for i := range list {
			list[i] = dereferenced(at.Index(i).Interface())
		}
		return list
	case reflect.Map:
		if at.IsNil() {
			return nil
		}
		object := make(map[string]any, at.Len())
		for _, key := range at.MapKeys() {
			object[key.String()] = dereferenced(at.MapIndex(key).Interface())
		}
		return object
	}
	return v
}

// Scalar is an input as a T, which gqlgen may have read already.
func Scalar[T any, P interface {
	*T
	UnmarshalGQL(any) error
}](v any) (value T, err error) {
	if value, ok := v.(T); ok {
		return value, nil
	}
	return value, P(&value).UnmarshalGQL(v)
}

// Operand is an expression that filters compare.
type Operand struct {
	Column // whose kind it has
	SQL    func(alias string) string
	Parse  func(any) (any, error)
}

// ColumnOperand compares a column as it stands.
func (t *table) ColumnOperand(name string) Operand {
	c := t.column(name)
	return Operand{Column: c, SQL: c.Qualified, Parse: parserOf(c)}
}

// parserOf reads what a column holds as its Go type reads GraphQL.
func parserOf(c Column) func(any) (any, error) {
	kind := c.field.IndirectFieldType
	return func(v any) (any, error) {
		if reflect.TypeOf(v) == kind && kind.Kind() != reflect.String {
			return driver.DefaultParameterConverter.ConvertValue(v)
		}
		value := reflect.New(kind)
		if text := reflect.ValueOf(v); text.Kind() == reflect.String {
			v = text.String() // an enum that gqlgen has read
		}
		if scalar, ok := value.Interface().(interface{ UnmarshalGQL(any) error }); ok {
			if err := scalar.UnmarshalGQL(v); err != nil {
				return nil, err
			}
			return driver.DefaultParameterConverter.ConvertValue(value.Elem().Interface())
		}
		switch kind.Kind() {
		case reflect.String:
			text, err := scalar.UnmarshalID(v)
			if err == nil {
				err = scalar.CheckText(text)
			}
			return text, err
		case reflect.Int64:
			return scalar.UnmarshalRawID(v)
		case reflect.Float64:
			return scalar.UnmarshalFloat(v)
		default:
			b, ok := v.(bool)
			if !ok {
				return nil, fault.Invalid("%s is not a Boolean", scalar.Cut(fmt.Sprint(v)))
			}
			return b, nil
		}
	}
}

// Ratio compares a part with a whole, null where the whole is 0. Both engines
// divide as Decimal.Ratio does: adding 0 makes 0 of -0.
func Ratio(of func(alias string) (part, whole string)) Operand {
	return Operand{
		Column: Column{Kind: kindFloat},
		Parse:  func(v any) (any, error) { return scalar.UnmarshalFloat(v) },
		SQL: func(alias string) string {
			part, whole := of(alias)
			return "(CAST(" + part + " AS DOUBLE PRECISION) / NULLIF(CAST(" + whole + " AS DOUBLE PRECISION), 0) + 0)"
		},
	}
}

// snake turns the name of a field into that of its column.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// decimal returns whether the integers are Decimals, which never reach the value in
// the place of null.
func (o Operand) decimal() bool {
	return o.field.IndirectFieldType == reflect.TypeFor[scalar.Decimal]()
}

// indexed is the expression that an index of the column's order holds, and the
// parameter that equals it where the column equals value.
func (o Operand) indexed(sql string, value any, postgres bool) (string, any) {
	if !o.nullable || o.Kind == kindBool || o.Kind == KindInt && !o.decimal() || o.field == nil {
		return sql, value
	}
	key := sortKey{Column: o.Column}
	return o.sentinel(sql, false, postgres), key.parameter(value, postgres)
}
