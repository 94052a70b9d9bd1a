package store

import (
	"encoding/binary"
	"encoding/hex"
	"reflect"
	"strconv"
	"time"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// A codec is how values of one kind of column are held by one engine: in a cell, in the
// field of a row in Go, in GraphQL, and in what writes them.
type codec struct {
	size     int                                          // of a cell, in bytes; 0 is any
	value    func(cell []byte) any                        // as a driver would give it to a cursor
	set      func(field reflect.Value, cell []byte) error // sets the field of a row
	output   Output                                       // shows a cell in GraphQL; nil where that depends on the field
	argument func(field reflect.Value) any                // as a parameter of a statement
	copied   func(b []byte, field reflect.Value) []byte   // in the text form of COPY
}

// fits returns whether a cell has the size of the kind.
func (c *codec) fits(cell []byte) bool { return c.size == 0 || len(cell) == c.size }

// codec is that of a kind. PostgreSQL sends times in binary; SQLite has them as the texts
// that GraphQL shows.
func (k ColumnKind) codec(postgres bool) *codec {
	switch k {
	case KindInt:
		return &intCodec
	case kindText:
		return &textCodec
	case kindFloat:
		return &floatCodec
	case kindBool:
		return &boolCodec
	case kindBytes:
		return &bytesCodec
	case kindDate:
		if postgres {
			return &dayCodec
		}
		return &dayTextCodec
	case kindTime:
		if postgres {
			return &instantCodec
		}
		return &instantTextCodec
	default:
		if postgres {
			return &secondCodec
		}
		return &secondTextCodec
	}
}

var intCodec = codec{
	size:     8,
	value:    func(cell []byte) any { return cellInt(cell) },
	set:      func(field reflect.Value, cell []byte) error { field.SetInt(cellInt(cell)); return nil },
	argument: func(field reflect.Value) any { return field.Int() },
	copied:   func(b []byte, field reflect.Value) []byte { return strconv.AppendInt(b, field.Int(), 10) },
}

var textCodec = codec{
	value:    textOf,
	set:      setText,
	output:   func(b, cell []byte) []byte { return append(appendEscaped(append(b, '"'), cell), '"') },
	argument: stringOf,
	copied:   copyString,
}

var floatCodec = codec{
	size:     8,
	value:    func(cell []byte) any { return cellFloat(cell) },
	set:      func(field reflect.Value, cell []byte) error { field.SetFloat(cellFloat(cell)); return nil },
	output:   func(b, cell []byte) []byte { return appendFloat(b, cellFloat(cell)) },
	argument: func(field reflect.Value) any { return field.Float() },
	copied:   func(b []byte, field reflect.Value) []byte { return appendFloat(b, field.Float()) },
}

var boolCodec = codec{
	size:     1,
	value:    func(cell []byte) any { return cell[0] != 0 },
	set:      func(field reflect.Value, cell []byte) error { field.SetBool(cell[0] != 0); return nil },
	output:   func(b, cell []byte) []byte { return strconv.AppendBool(b, cell[0] != 0) },
	argument: func(field reflect.Value) any { return field.Bool() },
	copied:   func(b []byte, field reflect.Value) []byte { return strconv.AppendBool(b, field.Bool()) },
}

var bytesCodec = codec{
	value:    textOf,
	set:      func(field reflect.Value, cell []byte) error { field.SetBytes(append([]byte{}, cell...)); return nil },
	argument: func(field reflect.Value) any { return field.Bytes() },
	copied: func(b []byte, field reflect.Value) []byte {
		return hex.AppendEncode(append(b, `\\x`...), field.Bytes())
	},
}

var instantCodec = codec{
	size:     8,
	value:    func(cell []byte) any { return string(appendInstant(nil, cellInt(cell))) },
	set:      func(field reflect.Value, cell []byte) error { field.SetInt(cellInt(cell) + epoch2000); return nil },
	output:   quoted(func(b, cell []byte) []byte { return appendInstant(b, cellInt(cell)) }),
	argument: instantOf,
	copied:   copyInstant,
}

var instantTextCodec = codec{
	size:  len(scalar.InstantLayout),
	value: textOf,
	set: func(field reflect.Value, cell []byte) error {
		at, err := scalar.ParseDateTime(string(cell))
		field.SetInt(int64(at))
		return err
	},
	output:   quoted(appendCell),
	argument: instantOf,
	copied:   copyInstant,
}

var (
	dayCodec        = binaryTime(4, func(b, cell []byte) []byte { return appendDay(b, int64(int32(binary.BigEndian.Uint32(cell)))) })
	dayTextCodec    = textTime(len(time.DateOnly))
	secondCodec     = binaryTime(8, func(b, cell []byte) []byte { return appendSecond(b, cellInt(cell)) })
	secondTextCodec = textTime(len(scalar.LocalLayout))
)

// binaryTime is the codec of times that PostgreSQL sends in binary, and whose fields hold
// the text that write makes of a cell.
func binaryTime(size int, write Output) codec {
	return codec{
		size:     size,
		value:    func(cell []byte) any { return string(write(nil, cell)) },
		set:      func(field reflect.Value, cell []byte) error { field.SetString(string(write(nil, cell))); return nil },
		output:   quoted(write),
		argument: stringOf,
		copied:   copyString,
	}
}

// textTime is the codec of times that SQLite has as texts, and whose fields hold the same.
func textTime(size int) codec {
	return codec{size: size, value: textOf, set: setText, output: quoted(appendCell), argument: stringOf, copied: copyString}
}

// quoted puts what write writes between quotes.
func quoted(write Output) Output {
	return func(b, cell []byte) []byte { return append(write(append(b, '"'), cell), '"') }
}

func appendCell(b, cell []byte) []byte { return append(b, cell...) }

func textOf(cell []byte) any { return string(cell) }

func setText(field reflect.Value, cell []byte) error {
	field.SetString(string(cell))
	return nil
}

func stringOf(field reflect.Value) any { return field.String() }

func copyString(b []byte, field reflect.Value) []byte { return appendText(b, field.String()) }

func instantOf(field reflect.Value) any { return scalar.DateTime(field.Int()).String() }

func copyInstant(b []byte, field reflect.Value) []byte {
	return scalar.DateTime(field.Int()).Time().AppendFormat(b, scalar.InstantLayout)
}
