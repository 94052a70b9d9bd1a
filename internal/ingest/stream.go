package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxDepth is far beyond what any billing system nests.
const maxDepth = 64

// broken is an error after which the rest of the file can't be read.
type broken struct{ path, found, expected string }

func (b *broken) Error() string { return fmt.Sprintf("%s: found %s", b.path, b.found) }

// stream reads the rows of a file in any of the shapes that billing systems
// answer in, one after another.
type stream struct {
	text *text
	json *json.Decoder
	path []step // to the value that is being read, in its row

	flaws   []flaw // of the row that is being read
	partial bool   // the last envelope names a further page
}

// step leads from a value to one in it: the field called key, or the element at
// index unless that is below 0.
type step struct {
	key   string
	index int
}

// flaw is something wrong in a row that can be read on nevertheless.
type flaw struct{ path, found, expected string }

func newStream(name string, content io.Reader) (*stream, error) {
	text, err := newText(name, content)
	s := &stream{text: text, json: json.NewDecoder(text)}
	if err != nil {
		return nil, s.failure(err)
	}
	s.json.UseNumber()
	return s, nil
}

// each calls do with each row: the elements of arrays and of the arrays that
// envelopes hold, and objects that are no envelope. The error is a *broken, that
// of do, or that of reading.
func (s *stream) each(do func(*node, []flaw) error) error {
	for n := 0; ; n++ {
		s.begin()
		token, err := s.json.Token()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case errors.Is(err, io.EOF):
			return &broken{"$", "an empty file", "JSON: a list of rows"}
		case err != nil:
			return s.failure(err)
		}
		switch token {
		case json.Delim('['):
			err = s.rows(do)
		case json.Delim('{'):
			err = s.envelope(do)
		default:
			err = do(scalar(token), nil)
		}
		if err != nil {
			return err
		}
	}
}

// begin starts a value that may be a row.
func (s *stream) begin() {
	s.text.limit = s.json.InputOffset() + maxRowBytes
	s.path, s.flaws = s.path[:0], nil
}

// rows reads the rest of an array whose elements are rows.
func (s *stream) rows(do func(*node, []flaw) error) error {
	for {
		s.begin()
		token, err := s.json.Token()
		if err != nil {
			return s.failure(err)
		}
		if token == json.Delim(']') {
			return nil
		}
		row, err := s.value(token)
		if err != nil {
			return err
		}
		if err := do(row, s.flaws); err != nil {
			return err
		}
	}
}

// envelope reads the rest of an object, which is an envelope if it holds an array
// called data or results, and else a row.
func (s *stream) envelope(do func(*node, []flaw) error) error {
	row := &node{kind: object, fields: map[string]*node{}}
	isEnvelope, more := false, false
	for {
		key, token, err := s.field(row)
		if err != nil {
			return err
		}
		if key == nil {
			break
		}
		holdsRows := token == json.Delim('[') && (*key == "data" || *key == "results")
		isEnvelope = isEnvelope || holdsRows
		if isEnvelope && len(s.flaws) > 0 {
			return &broken{s.flaws[0].path, s.flaws[0].found, s.flaws[0].expected}
		}
		if holdsRows {
			row.fields[*key] = &node{kind: list}
			if err := s.rows(do); err != nil {
				return err
			}
			s.begin()
			continue
		}
		value, err := s.value(token)
		if err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		more = more || (*key == "next" || *key == "next_page") && value.kind != null && (value.kind != words || value.text != "")
		row.fields[*key] = value
	}
	if isEnvelope {
		s.partial = more
		return nil
	}
	return do(row, s.flaws)
}

// field reads the next key of an object and the first token of its value, to
// which the path then leads. The key is nil at the end of the object.
func (s *stream) field(of *node) (*string, json.Token, error) {
	token, err := s.json.Token()
	if err != nil {
		return nil, nil, s.failure(err)
	}
	key, isKey := token.(string)
	if !isKey {
		return nil, nil, nil
	}
	s.path = append(s.path, step{key, -1})
	s.checkText(key)
	if of.fields[key] != nil {
		s.flaw("the key twice", "each key once in an object")
	}
	if token, err = s.json.Token(); err != nil {
		return nil, nil, s.failure(err)
	}
	return &key, token, nil
}

// value reads the rest of the value that begins with token.
func (s *stream) value(token json.Token) (*node, error) {
	if len(s.path) > maxDepth {
		return nil, &broken{s.where(), "a value inside of too many others", fmt.Sprintf("at most %d levels", maxDepth)}
	}
	switch token {
	case json.Delim('{'):
		return s.object()
	case json.Delim('['):
		return s.array()
	}
	n := scalar(token)
	if n.kind == words {
		s.checkText(n.text)
	}
	return n, nil
}

func (s *stream) object() (*node, error) {
	n := &node{kind: object, fields: map[string]*node{}}
	for {
		key, token, err := s.field(n)
		if key == nil || err != nil {
			return n, err
		}
		value, err := s.value(token)
		if err != nil {
			return nil, err
		}
		n.fields[*key] = value
		s.path = s.path[:len(s.path)-1]
	}
}

func (s *stream) array() (*node, error) {
	n := &node{kind: list}
	for {
		s.path = append(s.path, step{"", len(n.items)})
		token, err := s.json.Token()
		if err != nil {
			return nil, s.failure(err)
		}
		if token == json.Delim(']') {
			s.path = s.path[:len(s.path)-1]
			return n, nil
		}
		item, err := s.value(token)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		s.path = s.path[:len(s.path)-1]
	}
}

// checkText refuses NUL, which PostgreSQL can't keep in a text.
func (s *stream) checkText(text string) {
	if strings.IndexByte(text, 0) >= 0 {
		s.flaw(quoted(text), "no NUL character")
	}
}

func (s *stream) flaw(found, expected string) {
	s.flaws = append(s.flaws, flaw{s.where(), found, expected})
}

// where writes the path as JSONPath does, without its root.
func (s *stream) where() string {
	var b strings.Builder
	for i, step := range s.path {
		switch {
		case step.index >= 0:
			b.WriteString("[" + strconv.Itoa(step.index) + "]")
		case i > 0:
			b.WriteString("." + short(step.key))
		default:
			b.WriteString(short(step.key))
		}
	}
	if b.Len() == 0 {
		return "$"
	}
	return b.String()
}

// failure says what stopped the reading, and where.
func (s *stream) failure(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &broken{s.where(), "the end of the file", "the rest of the JSON"}
	case errors.Is(err, errTooLong):
		return &broken{s.where(), errTooLong.Error() + " without the end of the row", fmt.Sprintf("at most %d MB a row", maxRowBytes>>20)}
	case errors.Is(err, errNotUTF8), errors.Is(err, errSurrogate):
		return &broken{s.where(), err.Error(), "UTF-8"}
	case isGzip(err):
		return &broken{s.where(), "damaged gzip data (" + err.Error() + ")", "gzip"}
	case errors.As(err, &syntax):
		return &broken{s.where(), "an error in the JSON (" + err.Error() + ")", "JSON"}
	}
	return fmt.Errorf("read: %w", err)
}
