package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
)

// Values are the scalars of an answer in their order; or its errors, each as its
// code and message.
func Values(t *testing.T, answer []byte) string {
	t.Helper()
	var body struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	var found []string
	for _, e := range body.Errors {
		found = append(found, e.Extensions.Code+": "+e.Message)
	}
	if len(found) > 0 {
		return strings.Join(found, ", ")
	}
	decoder := json.NewDecoder(bytes.NewReader(body.Data))
	var read func()
	next := func() json.Token {
		token, err := decoder.Token()
		if err != nil && err != io.EOF {
			t.Fatalf("%v: %s", err, answer)
		}
		return token
	}
	read = func() {
		switch token := next(); token {
		case json.Delim('{'):
			for decoder.More() {
				next() // the name
				read()
			}
			next()
		case json.Delim('['):
			for decoder.More() {
				read()
			}
			next()
		case nil:
			found = append(found, "null")
		default:
			found = append(found, fmt.Sprint(token))
		}
	}
	read()
	return strings.Join(found, ", ")
}
