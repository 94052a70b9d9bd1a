package store

import (
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A cell is a column of the rows that are being written, made ready to be read
// many times: GORM's way to a value costs more than the database's work on it.
type cell struct {
	Column
	index int // of the field in the struct; -1 where only GORM has the value
}

// cells are the columns that are written, in the order of all.
func (t *table) cells() []cell {
	columns := t.all()
	cells := make([]cell, len(columns))
	for i, c := range columns {
		cells[i] = cell{c, -1}
		if c.plain() {
			cells[i].index = c.field.StructField.Index[0]
		}
	}
	return cells
}

// plain returns whether the field holds what the kind of the column says, behind a
// pointer at most.
func (c Column) plain() bool {
	if len(c.field.StructField.Index) != 1 || c.field.Serializer != nil {
		return false
	}
	shape := c.field.IndirectFieldType
	switch c.Kind {
	case kindTime, kindDate, kindLocal:
		return true
	case kindBytes:
		return c.field.FieldType == shape
	}
	valuer := reflect.TypeFor[driver.Valuer]()
	if shape.Implements(valuer) || reflect.PointerTo(shape).Implements(valuer) {
		return false
	}
	return c.Kind != kindText || shape.Kind() == reflect.String
}

// at is the field in row, a struct, without its pointer, and in lower case where the column
// is a folded copy; ok is false for null.
func (c cell) at(row reflect.Value) (v reflect.Value, ok bool) {
	v, ok = row.Field(c.index), true
	switch v.Kind() {
	case reflect.Pointer:
		v, ok = v.Elem(), !v.IsNil()
	case reflect.Slice:
		ok = !v.IsNil()
	}
	if ok && c.isFolded {
		v = reflect.ValueOf(strings.ToLower(v.String()))
	}
	return v, ok
}

// argument is the value in row as a parameter of a statement: one of
// driver.Value's types.
func (c cell) argument(row reflect.Value) (any, error) {
	if c.index < 0 {
		return driver.DefaultParameterConverter.ConvertValue(c.value(row.Addr().Interface()))
	}
	v, ok := c.at(row)
	if !ok {
		return nil, nil
	}
	return c.Kind.codec(false).argument(v), nil
}

// appendText appends the value in row in the text form of COPY.
func (c cell) appendText(b []byte, row reflect.Value) ([]byte, error) {
	if c.index < 0 {
		v, err := c.argument(row)
		if err != nil {
			return b, err
		}
		return appendValue(b, v)
	}
	v, ok := c.at(row)
	if !ok {
		return append(b, `\N`...), nil
	}
	return c.Kind.codec(true).copied(b, v), nil
}

func appendValue(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, `\N`...), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case []byte:
		if v == nil {
			return append(b, `\N`...), nil
		}
		return hex.AppendEncode(append(b, `\\x`...), v), nil
	case string:
		return appendText(b, v), nil
	}
	return b, fmt.Errorf("COPY takes no %T", v)
}

// appendText escapes what COPY gives a meaning to.
func appendText(b []byte, s string) []byte {
	done := 0
	for i := range len(s) {
		var escape byte
		switch s[i] {
		case '\\':
			escape = '\\'
		case '\n':
			escape = 'n'
		case '\r':
			escape = 'r'
		case '\t':
			escape = 't'
		default:
			continue
		}
		b = append(b, s[done:i]...)
		b = append(b, '\\', escape)
		done = i + 1
	}
	return append(b, s[done:]...)
}
