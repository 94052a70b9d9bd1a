package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// FuzzStream holds the reading of rows to encoding/json: what is read to its end
// is JSON, and the chunks that it comes in make no difference.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		`[{"id":1}]`, `{"data":[{"id":1,"x":[null,true,"y"]}],"next":null}`, "{\"a\":1}\n{\"a\":2}", `[{"a":1,"a":2}]`,
		`{"a":"\ud83d\ude00é😀"}`, `{"a":"\ud83d"}`, `{"a":"\\ud83d"}`, `[1e5,-0.1]`, "\xef\xbb\xbf[]", "\xef\xbb\xbf{}\n\xef\xbb\xbf[]", "1\xef\xbb\xbf2", "[{\"data\":[{}]},{\"results\":{\"a\":1}},[[]]]", "<html>", "x", `[{"a":"\u0000"}]`, `[[[]]]`, ``,
		"{\"a\":\"\xe2\x82\xac\"}", "{\"a\":\"\xe2\x82\"}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		rows, flaws, err := readAll(strings.NewReader(content))
		slowRows, slowFlaws, slowErr := readAll(iotest.OneByteReader(strings.NewReader(content)))
		if rows != slowRows || flaws != slowFlaws || (err == nil) != (slowErr == nil) {
			t.Errorf("byte by byte: %d rows, %d flaws, %v; at once: %d rows, %d flaws, %v", slowRows, slowFlaws, slowErr, rows, flaws, err)
		}
		var at *broken
		if err != nil && !errors.As(err, &at) {
			t.Errorf("got %v, want where it broke", err)
		}
		if err != nil {
			return
		}
		if !utf8.ValidString(content) {
			t.Error("read what is not UTF-8")
		}
		if strings.Contains(content[min(1, len(content)):], string(byteOrderMark)) {
			return // between documents it is none of encoding/json's
		}
		decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix([]byte(content), byteOrderMark)))
		for {
			var value json.RawMessage
			if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("read what is not JSON: %v", err)
			}
		}
	})
}

func readAll(content io.Reader) (rows, flaws int, err error) {
	s, err := newParser("x.json", content)
	if err != nil {
		return 0, 0, err
	}
	err = s.each(func(_ *node, found []flaw) error {
		rows++
		flaws += len(found)
		return nil
	})
	return rows, flaws, err
}

// TestEscapes finds halves of surrogate pairs wherever a chunk ends.
func TestEscapes(t *testing.T) {
	for _, c := range []struct {
		text string
		good bool
	}{
		{`"\ud83d\ude00"`, true},
		{`"\\ud83d"`, true},
		{`"\\\ud83d\ude00\\"`, true},
		{`"\u0041\n\""`, true},
		{`"\ud83d"`, false},
		{`"\ud83d\n"`, false},
		{`"\ud83dx"`, false},
		{`"\ude00"`, false},
		{`"\ud83d\ud83d\ude00"`, false},
		{`"\ud83d\u0041"`, false},
	} {
		for _, content := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text))} {
			_, _, err := readAll(content)
			var at *broken
			broke := errors.As(err, &at) && at.found == errSurrogate.Error()
			if broke == c.good {
				t.Errorf("%s: got %v", c.text, err)
			}
		}
	}
}
