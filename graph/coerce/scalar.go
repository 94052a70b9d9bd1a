package coerce

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// errMismatch is that of a value that its type does not take, whatever the value.
var errMismatch = errors.New("not of the type")

// scalar reads a value of the scalar called name. The error is errMismatch, or the
// *fault.Error of a scalar of ours.
func readScalar(name string, in input) (any, error) {
	switch name {
	case "Int":
		return integer(in)
	case "Float":
		return float(in)
	case "String":
		if in.kind() != text || !utf8.ValidString(in.raw()) { // half a surrogate pair is no text
			return nil, errMismatch
		}
		return in.raw(), nil
	case "ID":
		return id(in)
	case "Boolean":
		if in.kind() != boolean {
			return nil, errMismatch
		}
		return in.bool(), nil
	case "Decimal":
		return own(in, new(scalar.Decimal))
	case "DateTime":
		return own(in, new(scalar.DateTime))
	case "Date":
		return own(in, new(scalar.Date))
	case "LocalDateTime":
		return own(in, new(scalar.LocalDateTime))
	}
	return nil, errMismatch
}

// own reads a scalar of ours, which takes texts and numbers with all their digits.
func own[T any, P interface {
	*T
	UnmarshalGQL(any) error
}](in input, into P) (any, error) {
	var err error
	switch in.kind() {
	case text:
		err = into.UnmarshalGQL(in.raw())
	case number:
		err = into.UnmarshalGQL(json.Number(in.raw()))
	default:
		err = errMismatch
	}
	return *into, err
}

// integer reads an integer of 32 bits. JSON has one kind of number, so that 1.0 and 1e0
// are integers there; in a document they are Floats.
func integer(in input) (any, error) {
	if in.kind() != number {
		return nil, errMismatch
	}
	digits, ok := whole(in)
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil {
		return nil, errMismatch
	}
	return int(n), nil
}

// float reads a number that a double can come near to.
func float(in input) (any, error) {
	f, err := strconv.ParseFloat(in.raw(), 64)
	if in.kind() != number || err != nil || math.IsInf(f, 0) {
		return nil, errMismatch
	}
	if f == 0 {
		f = 0 // -0 is 0, whichever the sign
	}
	return f, nil
}

// id reads an ID: a text, or an integer with all its digits.
func id(in input) (any, error) {
	if in.kind() == text && utf8.ValidString(in.raw()) {
		return in.raw(), nil
	}
	digits, ok := whole(in)
	if in.kind() != number || !ok {
		return nil, errMismatch
	}
	return digits, nil
}

// maxExponent bounds how far an exponent may spread the digits of an integer.
const maxExponent = 100

// whole is the text of a number without a fraction, as an integer is written.
func whole(in input) (string, bool) {
	raw := in.raw()
	if !strings.ContainsAny(raw, ".eE") {
		return raw, true
	}
	if in.literal != nil {
		return "", false
	}
	d, err := decimal.NewFromString(raw)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent || !d.IsInteger() {
		return "", false
	}
	return d.BigInt().String(), true
}
