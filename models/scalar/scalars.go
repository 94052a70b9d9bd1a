// Package scalar holds the scalars of the schema: exact decimals, instants, days, and IDs,
// global and raw. What it refuses is BAD_USER_INPUT.
package scalar

import (
	"fmt"
	"io"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/models/fault"
)

// MarshalID writes an ID as a text.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads a string or an integer. The error is BAD_USER_INPUT.
func UnmarshalID(v any) (string, error) { return idText(v) }

// MarshalRawID writes the ID of an object that is no Node, as a text.
func MarshalRawID(id int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+strconv.FormatInt(id, 10)+`"`) })
}

// UnmarshalRawID reads a string or an integer. The error is BAD_USER_INPUT.
func UnmarshalRawID(v any) (int64, error) {
	text, err := idText(v)
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fault.Invalid("%q is not a number", Cut(text))
	}
	return id, nil
}

// MarshalInt writes a count.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt takes what package coerce makes of an Int.
func UnmarshalInt(v any) (int, error) {
	n, ok := v.(int)
	if !ok {
		return 0, fault.Invalid("%s is not an Int", Cut(fmt.Sprint(v)))
	}
	return n, nil
}

// UnmarshalFloat takes what package coerce makes of a Float.
func UnmarshalFloat(v any) (float64, error) {
	f, ok := v.(float64)
	if !ok {
		return 0, fault.Invalid("%s is not a Float", Cut(fmt.Sprint(v)))
	}
	return f, nil
}
