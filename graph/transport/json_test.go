package transport

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// standard reads one JSON object as encoding/json does, and null as none.
func standard(text []byte) (object map[string]any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&object) != nil || object == nil {
		return nil, false
	}
	_, err := decoder.Token()
	return object, err == io.EOF
}

// FuzzScan holds that a scanner takes what encoding/json takes, and makes the same of it.
// Where encoding/json replaces half a surrogate pair, the two differ.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{"query":"{ a(b: \"c\") }\n","variables":{"id":"1","n":-12,"z":0,"list":[1,[],{}],"x":null,"t":true,"f":false}}`,
		` { "a" : [ 1 , 2 ] , "a" : "é\\\/\b\f\t\r" } ` + "\n", `{}`, `[]`, `null`, `"a"`, ``, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{"a":[1,]}`, `{"a":[,]}`, `{"a":[`,
		`{"a":01}`, `{"a":-}`, `{"a":-0}`, `{"a":1.5}`, `{"a":1.}`, `{"a":.5}`, `{"a":1e3}`, `{"a":1E+30}`, `{"a":1e}`, `{"a":-0.0e-0}`, `{"a":+1}`, `{"a":1 2}`, `{"a":tru}`, `{"a":nul`, `{"a":truefalse}`, `{"a":"\x"}`, `{"a":"\`, `{"a":"\"`, `{"a":"`,
		`{"a":"\u0041\u00e9\u20AC\ud83d\uDE00"}`, `{"\ud83d":"\ude00\ud83d\u0041"}`, `{"a":"\u00"}`, `{"a":"\u+041"}`, `{"a":"\ud83d\u"}`, `{"a":"\ud83d\n"}`, `{"a":"\u0000"}`,
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
		got, ok, _ := scan(text)
		if ok != isObject {
			t.Errorf("%q is taken: %t, want %t", text, ok, isObject)
		}
		if ok && !halves.Match(text) && !reflect.DeepEqual(asMaps(got), any(want)) {
			t.Errorf("%q is %#v, want %#v", text, got, want)
		}
	})
}

// halves are escapes of surrogate pairs, and of their halves.
var halves = regexp.MustCompile(`\\u[dD][89a-fA-F]`)

// TestScan holds what is made of escapes, and what is too deep.
func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		`\u0041`: "A", `\u00e9`: "é", `\u20AC`: "€", `\ud83d\ude00`: "😀", `\uD83D\uDE00 x`: "😀 x", `\u0000`: "\x00", `\\uD83D`: `\uD83D`,
		`\ud83d`: "\xed\xa0\xbd", `\ude00`: "\xed\xb8\x80", `\uD83D x`: "\xed\xa0\xbd x", `\ud83d\ud83d\ude00`: "\xed\xa0\xbd😀", `\ude00\ud83d`: "\xed\xb8\x80\xed\xa0\xbd", `\ud83d\n`: "\xed\xa0\xbd\n", `\ud83d\u0041`: "\xed\xa0\xbdA",
	} {
		if got, ok, _ := scan([]byte(`{"a":"` + text + `"}`)); !ok || got.Map()["a"] != want {
			t.Errorf("%s is %q, want %q", text, got.Map()["a"], want)
		}
	}
	nested := func(depth int) []byte {
		return []byte(`{"a":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`)
	}
	if _, ok, deep := scan(nested(maxDepth)); !ok || deep {
		t.Errorf("of %d: %t, %t", maxDepth, ok, deep)
	}
	if _, ok, deep := scan(nested(maxDepth + 1)); ok || !deep {
		t.Errorf("of %d: %t, %t", maxDepth+1, ok, deep)
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
