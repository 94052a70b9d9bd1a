package transport

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// standard reads one JSON object as encoding/json does.
func standard(text []byte) (object map[string]any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&object) != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return object, err == io.EOF
}

// FuzzScan holds that a scanner takes nothing but what encoding/json takes, and makes
// the same of it.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{"query":"{ a(b: \"c\") }\n","variables":{"id":"1","n":-12,"z":0,"list":[1,[],{}],"x":null,"t":true,"f":false}}`,
		` { "a" : [ 1 , 2 ] , "a" : "é\\\/\b\f\t\r" } ` + "\n", `{}`, `[]`, `null`, `"a"`, ``, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{"a":[1,]}`, `{"a":[,]}`, `{"a":[`,
		`{"a":01}`, `{"a":-}`, `{"a":-0}`, `{"a":1.5}`, `{"a":1e3}`, `{"a":+1}`, `{"a":1 2}`, `{"a":tru}`, `{"a":nul`, `{"a":truefalse}`, `{"a":"\u0041"}`, `{"a":"\x"}`, `{"a":"\`, `{"a":"\"`, `{"a":"`,
		"{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}", "{\"a\":\"\\\n\"}", "{\"a\":1}\x00", "{\"a\":\x00}", "{\"\xa0\":1}", `{"a":1}{}`, `{"a":1}]`, `{1:2}`, `{"a" 1}`, "{}\v", "{\u00a0}",
		`{"a":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`, `{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !utf8.Valid(text) {
			return
		}
		want, isObject := standard(text)
		if got, ok := scan(text); ok && (!isObject || !reflect.DeepEqual(got, want)) {
			t.Errorf("%q is %#v, want %#v", text, got, want)
		}
	})
}

// TestScan holds that a scanner takes what is usual.
func TestScan(t *testing.T) {
	for text, want := range map[string]bool{
		`{"query":"{ a(b: \"c\") }\n","variables":{"id":"1","n":-12,"z":0,"list":[1,[],{}],"x":null,"t":true,"f":false}}`: true,
		` { "a" : [ 1 , 2 ] , "a" : "é\\\/\b\f\t\r" } ` + "\n":                                                            true,
		`{"a":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + `}`:                                 true,
		`{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`:                                     false,
		`{"a":1.5}`: false, `{"a":"\u0041"}`: false, `{"a":1}]`: false, `[]`: false, `null`: false, ``: false,
	} {
		if _, ok := scan([]byte(text)); ok != want {
			t.Errorf("%.80s: %t", text, ok)
		}
	}
}

// TestExtensions holds that extensions are written as encoding/json writes them.
func TestExtensions(t *testing.T) {
	for _, extensions := range []map[string]any{
		nil, {}, {"cost": struct {
			Requested int `json:"requested"`
		}{1}}, {"z": "<\u2028>", "a": []any{nil, 1.5}, "s": map[string]any{"y": 1, "x": 2}, "b": true, "c": 1},
	} {
		got := appendExtensions(nil, extensions, "Id-1.x_y")
		all := map[string]any{"requestId": "Id-1.x_y"}
		maps.Copy(all, extensions)
		if want := encode(all); !bytes.Equal(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
