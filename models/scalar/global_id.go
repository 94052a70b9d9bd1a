package scalar

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/models/fault"
)

// nodeTypes are the types that SplitID accepts. A raw key may hold a colon, so a
// prefix is that of a global ID only if it names a type.
var nodeTypes = map[string]bool{}

// RegisterNode makes name the name of a type whose objects have global IDs.
func RegisterNode(name string) { nodeTypes[name] = true }

// SplitID splits a global ID into the name of its type and the raw key. It
// reports false for a text that is no global ID.
func SplitID(id string) (name, key string, ok bool) {
	name, key, ok = strings.Cut(id, ":")
	return name, key, ok && nodeTypes[name]
}

// ParseID returns the raw key in id, which is a global ID of the type called
// name, or raw. The global ID of another type is BAD_USER_INPUT.
func ParseID(name, id string) (string, error) {
	if raw, ok := strings.CutPrefix(id, name+":"); ok {
		id = raw
	} else if other, _, ok := SplitID(id); ok {
		return "", fault.Invalid("%q is the ID of a %s, not of a %s", Cut(id), other, name)
	}
	return id, CheckText(id)
}

// ReadIntID reads the key of a type whose source counts its rows, given as a
// global ID or raw. What can be no key of it is BAD_USER_INPUT.
func ReadIntID[K ~int64](name string, v any, key *K) error {
	text, err := idText(v)
	if err != nil {
		return err
	}
	raw, err := ParseID(name, text)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != raw {
		return fault.Invalid("%q is not the ID of a %s: want %s:NUMBER or NUMBER", Cut(text), name, name)
	}
	*key = K(n)
	return nil
}

// ReadTextID reads the key of a type whose source names its rows, given as a
// global ID or raw.
func ReadTextID[K ~string](name string, v any, key *K) error {
	text, err := idText(v)
	if err != nil {
		return err
	}
	raw, err := ParseID(name, text)
	*key = K(raw)
	return err
}

// FormatInt writes a key.
func FormatInt[K ~int64](key K) string { return strconv.FormatInt(int64(key), 10) }

// CheckText refuses what the databases can't hold in a text: NUL and bytes that
// are not UTF-8.
func CheckText(s string) error {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return fault.Invalid("%q holds a NUL character or is not UTF-8", Cut(s))
	}
	return nil
}

// Cut shortens a text that goes into an error message to 60 characters.
func Cut(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}

// WriteID writes a global ID.
func WriteID(w io.Writer, name, key string) {
	graphql.MarshalString(name + ":" + key).MarshalGQL(w)
}

// idText is the text of an ID as GraphQL takes it: a string or an integer.
func idText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number: // of a JWT
		if _, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return string(v), nil
		}
	}
	return "", fault.Invalid("an ID is a string or an integer, not %s", Cut(fmt.Sprint(v)))
}
