package store

import (
	"bytes"
	"io"
	"reflect"
	"strconv"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// Output writes a cell that is not null as GraphQL shows it.
type Output func(b, cell []byte) []byte

// output is the Output of a column whose field in GraphQL is of the named scalar or
// enum; nil if there is none.
func (c Column) output(kind string, postgres bool) Output {
	if c.field.IndirectFieldType == reflect.TypeFor[scalar.Decimal]() {
		return func(b, cell []byte) []byte { return append(scalar.Decimal(cellInt(cell)).Append(append(b, '"')), '"') }
	}
	_, isScalar := reflect.New(c.field.IndirectFieldType).Interface().(interface{ MarshalGQL(io.Writer) })
	switch {
	case c.field.Serializer != nil:
		return nil // a document
	case c.Kind == KindInt && isScalar:
		return prefixed(c, "0\"")
	case c.Kind == kindText && isScalar && kind == "ID":
		return prefixed(c, "\"")
	case c.Kind == KindInt && kind == "ID":
		return func(b, cell []byte) []byte { return append(strconv.AppendInt(append(b, '"'), cellInt(cell), 10), '"') }
	case c.Kind == KindInt && kind == "Int":
		return func(b, cell []byte) []byte { return strconv.AppendInt(b, cellInt(cell), 10) }
	}
	return c.Kind.codec(postgres).output
}

// prefixed writes global IDs. What comes before the key is what the type writes
// before its zero, of which end is the end.
func prefixed(c Column, end string) Output {
	var zero bytes.Buffer
	reflect.New(c.field.IndirectFieldType).Interface().(interface{ MarshalGQL(io.Writer) }).MarshalGQL(&zero)
	prefix := bytes.TrimSuffix(zero.Bytes(), []byte(end))
	if c.Kind == KindInt {
		return func(b, cell []byte) []byte {
			return append(strconv.AppendInt(append(b, prefix...), cellInt(cell), 10), '"')
		}
	}
	return func(b, cell []byte) []byte { return append(appendEscaped(append(b, prefix...), cell), '"') }
}

// appendFloat writes a float as fmt's %g does.
func appendFloat(b []byte, f float64) []byte { return strconv.AppendFloat(b, f, 'g', -1, 64) }
