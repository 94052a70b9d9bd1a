package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestCursor(t *testing.T) {
	digest := store.Digest("sites|name|id")
	cursor := store.NewCursor(digest, []any{"Leeds \"☃\"", nil, int64(1) << 62, 0.1})
	got, err := store.ParseCursor(cursor, digest, 4)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"Leeds \"☃\"", nil, json.Number("4611686018427387904"), json.Number("0.1")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	_, err = store.ParseCursor(cursor, store.Digest("sites|id"), 1)
	wantCode(t, err, fault.CursorOrderMismatch, "another type or order")

	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, garbage := range []string{
		"x", "{}", "%", cursor + "=", cursor[:len(cursor)-3], encode(""), encode("[]"), encode("{}"), encode("null"),
		encode(`[1]`), encode(`[2,"` + digest + `",1,2,3,4]`), encode(`[1,"` + digest + `",1]`), encode(`[1,"` + digest + `"] 1`),
		encode(`[1,1]`), "\n" + cursor, encode(`[1,"` + digest + `",1,2,3,4]]`), encode(`[1,"` + digest + `",1,2,3,4] `), strings.Repeat("A", 300_000),
	} {
		_, err := store.ParseCursor(garbage, digest, 4)
		wantCode(t, err, fault.InvalidCursor, "was not given by this API")
	}
}

func FuzzParseCursor(f *testing.F) {
	digest := store.Digest("list")
	f.Add(store.NewCursor(digest, []any{"a", int64(1)}))
	f.Add("")
	f.Add("WzEsIngiXQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		if values, err := store.ParseCursor(cursor, digest, 2); err == nil && len(values) != 2 {
			t.Errorf("%q has %d values", cursor, len(values))
		}
	})
}

// TestCursorIsJSON holds that cursors, which clients keep for long, are what
// encoding/json makes of their values.
func TestCursorIsJSON(t *testing.T) {
	for _, key := range []any{int64(0), int64(-7), int64(math.MaxInt64), 0.5, 1e300, true, nil, "", "a b~", `"\`, "<&>", "\x00\x1f\x7f", "é", "\u2028", "\xff", "😀"} {
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode([]any{1, "digest", key, int64(3)}); err != nil {
			t.Fatal(err)
		}
		if got, _ := base64.RawURLEncoding.DecodeString(store.NewCursor("digest", []any{key, int64(3)})); string(got)+"\n" != want.String() {
			t.Errorf("%#v: got %s, want %s", key, got, &want)
		}
	}
}
