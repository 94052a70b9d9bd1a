package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// A cursor is the base64url of a JSON array: cursorVersion, the digest of the
// list's type and order, and the row's values of the order's keys. It is a place
// in an order and nothing else: it can't change what is read.
const cursorVersion = 1

// maxCursor bounds the text of a cursor, in bytes. Sort keys may be long names.
const maxCursor = 250_000

// Digest binds a cursor to the type and the order of its list.
func Digest(list string) string {
	sum := sha256.Sum256([]byte(list))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// NewCursor makes the cursor of a row by its values of the order's keys, which
// are integers, floats, texts or nil.
func NewCursor(digest string, keys []any) string {
	text := strconv.AppendInt([]byte{'['}, cursorVersion, 10)
	text = append(append(append(text, `,"`...), digest...), '"')
	for _, key := range keys {
		text = append(text, ',')
		switch key := key.(type) {
		case int64:
			text = strconv.AppendInt(text, key, 10)
		case string:
			text = appendCursorText(text, key)
		default:
			text = appendCursorValue(text, key)
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(text, ']'))
}

// appendText writes a text as JSON. Most have nothing to escape.
func appendCursorText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendCursorValue(b, text)
		}
	}
	return append(append(append(b, '"'), text...), '"')
}

func appendCursorValue(b []byte, v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // six bytes for one
	if err := encoder.Encode(v); err != nil {
		// Only a float that is not a number can't be written, and none is stored.
		panic(fmt.Sprintf("relay: cursor of %v: %v", v, err))
	}
	return append(b, bytes.TrimSpace(text.Bytes())...)
}

// ParseCursor returns the values in a cursor of the list with the digest, of
// which there must be want: json.Number, string or nil each. The error is
// INVALID_CURSOR or CURSOR_ORDER_MISMATCH.
func ParseCursor(cursor, digest string, want int) ([]any, error) {
	invalid := fault.New(fault.InvalidCursor, "the cursor %q was not given by this API", scalar.Cut(cursor))
	if len(cursor) > maxCursor || strings.ContainsAny(cursor, "\r\n") { // which base64 passes over
		return nil, invalid
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, invalid
	}
	var values []any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil || decoder.InputOffset() != int64(len(text)) || len(values) < 2 {
		return nil, invalid
	}
	of, isText := values[1].(string)
	if values[0] != json.Number(fmt.Sprint(cursorVersion)) || !isText {
		return nil, invalid
	}
	if of != digest {
		return nil, fault.New(fault.CursorOrderMismatch,
			"the cursor %q belongs to a list of another type or order", scalar.Cut(cursor))
	}
	if len(values)-2 != want {
		return nil, invalid
	}
	return values[2:], nil
}

// InvalidCursor is the error for a cursor whose values are not of the order's
// types.
func InvalidCursor(cursor string) error {
	return fault.New(fault.InvalidCursor, "the cursor %q was not given by this API", scalar.Cut(cursor))
}
