package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxDepth is far beyond what any billing system nests.
const maxDepth = 64

// broken is an error after which the rest of the file can't be read.
type broken struct {
	path, found, expected string
	envelope              bool // it is of the envelope, which adds nothing if rows are refused
}

func (b *broken) Error() string { return fmt.Sprintf("%s: found %s", b.path, b.found) }

// parser reads the rows of one file in any of the shapes that billing systems
// answer in, one after another.
type parser struct {
	text *text
	json *json.Decoder
	path []step // to the value that is being read, in its row

	flaws   []flaw // of the row that is being read
	partial bool   // the last envelope names a further page
	between bool   // the next token begins a document
}

// step leads from a value to one in it: the field called key, or the element at
// index unless that is below 0.
type step struct {
	key   string
	index int
}

// flaw is something wrong in a row that can be read on nevertheless.
type flaw struct{ path, found, expected string }

func newParser(name string, content io.Reader) (*parser, error) {
	text, err := newText(name, content)
	p := &parser{text: text, json: json.NewDecoder(text)}
	if err != nil {
		return nil, p.failure(err)
	}
	p.json.UseNumber()
	text.between = func() bool { return p.between && len(p.ahead(1)) == 0 }
	return p, nil
}

// ahead are up to n bytes that were read from the file and are no part of a token
// yet, without the blanks before them.
func (p *parser) ahead(n int64) []byte {
	rest, _ := io.ReadAll(p.json.Buffered()) // from memory
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return rest[:min(n, int64(len(rest)))]
}

// each calls do with each row: the elements of arrays and of the arrays that
// envelopes hold, and objects that are no envelope. The error is a *broken, that
// of do, or that of reading.
func (p *parser) each(do func(*node, []flaw) error) error {
	for n := 0; ; n++ {
		p.begin()
		p.between = true
		token, err := p.json.Token()
		p.between = false
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case errors.Is(err, io.EOF):
			return &broken{path: "$", found: "an empty file", expected: "JSON: a list of rows"}
		case err != nil:
			return p.opening(err, n == 0)
		}
		p.started()
		switch token {
		case json.Delim('['):
			err = p.pages(do)
		case json.Delim('{'):
			err = p.envelope(do)
		default:
			err = do(readScalar(token), nil)
		}
		if err != nil {
			return err
		}
	}
}

// begin starts a value that may be a row, with the blanks before it.
func (p *parser) begin() {
	p.text.limit = p.json.InputOffset() + maxBlankBytes
	p.path, p.flaws = p.path[:0], nil
}

// started says that the first byte of a row, a bracket, was read. The row ends
// within its limit: no more than a chunk after that byte is buffered yet.
func (p *parser) started() { p.text.limit = p.json.InputOffset() - 1 + maxRowBytes }

// pages reads the rest of an array whose elements are rows, or pages of them.
func (p *parser) pages(do func(*node, []flaw) error) error {
	return p.elements(func(token json.Token) error {
		switch token {
		case json.Delim('['):
			return p.rows(do)
		case json.Delim('{'):
			return p.envelope(do)
		}
		return do(readScalar(token), nil)
	})
}

// rows reads the rest of an array whose elements are rows.
func (p *parser) rows(do func(*node, []flaw) error) error {
	return p.elements(func(token json.Token) error {
		row, err := p.value(token)
		if err != nil {
			return err
		}
		return do(row, p.flaws)
	})
}

// elements calls read with the first token of each element of an array.
func (p *parser) elements(read func(json.Token) error) error {
	for {
		p.begin()
		token, err := p.json.Token()
		if err != nil {
			return p.failure(err)
		}
		if token == json.Delim(']') {
			return nil
		}
		p.started()
		if err := read(token); err != nil {
			return err
		}
	}
}

// envelope reads the rest of an object, which is an envelope if it holds an array
// called data or results, or one row under such a name and no ID of its own, and
// else a row.
func (p *parser) envelope(do func(*node, []flaw) error) error {
	row := &node{kind: object, fields: map[string]*node{}}
	isEnvelope, rows := false, 0
	for {
		key, token, err := p.field(row)
		if err != nil {
			return err
		}
		if key == nil {
			break
		}
		holdsRows := token == json.Delim('[') && slices.Contains(envelopeKeys, *key)
		isEnvelope = isEnvelope || holdsRows
		if isEnvelope && len(p.flaws) > 0 {
			return &broken{path: p.flaws[0].path, found: p.flaws[0].found, expected: p.flaws[0].expected}
		}
		if holdsRows {
			row.fields[*key] = &node{kind: list}
			err := p.rows(func(n *node, flaws []flaw) error {
				rows++
				return do(n, flaws)
			})
			if err != nil {
				return err
			}
			p.begin()
			p.started() // of what is left of the envelope
			continue
		}
		value, err := p.value(token)
		if err != nil {
			return err
		}
		p.path = p.path[:len(p.path)-1]
		row.fields[*key] = value
	}
	if isEnvelope {
		p.partial = row.namesNextPage()
		return row.refuseEnvelope(rows)
	}
	return p.single(row, do)
}

// single gives do a row, or the one that an envelope holds.
func (p *parser) single(row *node, do func(*node, []flaw) error) error {
	for _, key := range envelopeKeys {
		held := row.fields[key]
		if held == nil || held.kind != object || len(held.fields) == 0 || row.fields["id"] != nil {
			continue
		}
		for i := range p.flaws {
			p.flaws[i].path = strings.TrimPrefix(p.flaws[i].path, key+".")
		}
		p.partial = false
		if err := row.refuseEnvelope(1); err != nil {
			return err
		}
		return do(held, p.flaws)
	}
	return do(row, p.flaws)
}

// field reads the next key of an object and the first token of its value, to
// which the path then leads. The key is nil at the end of the object.
func (p *parser) field(of *node) (*string, json.Token, error) {
	token, err := p.json.Token()
	if err != nil {
		return nil, nil, p.failure(err)
	}
	key, isKey := token.(string)
	if !isKey {
		return nil, nil, nil
	}
	p.path = append(p.path, step{key, -1})
	p.checkText(key)
	if of.fields[key] != nil {
		p.flaw("the key twice", "each key once in an object")
	}
	if token, err = p.json.Token(); err != nil {
		return nil, nil, p.failure(err)
	}
	return &key, token, nil
}

// value reads the rest of the value that begins with token.
func (p *parser) value(token json.Token) (*node, error) {
	if len(p.path) > maxDepth {
		return nil, &broken{path: p.where(), found: "a value inside of too many others", expected: fmt.Sprintf("at most %d levels", maxDepth)}
	}
	switch token {
	case json.Delim('{'):
		return p.object()
	case json.Delim('['):
		return p.array()
	}
	n := readScalar(token)
	if n.kind == words {
		p.checkText(n.text)
	}
	return n, nil
}

func (p *parser) object() (*node, error) {
	n := &node{kind: object, fields: map[string]*node{}}
	for {
		key, token, err := p.field(n)
		if key == nil || err != nil {
			return n, err
		}
		value, err := p.value(token)
		if err != nil {
			return nil, err
		}
		n.fields[*key] = value
		p.path = p.path[:len(p.path)-1]
	}
}

func (p *parser) array() (*node, error) {
	n := &node{kind: list}
	for {
		p.path = append(p.path, step{"", len(n.items)})
		token, err := p.json.Token()
		if err != nil {
			return nil, p.failure(err)
		}
		if token == json.Delim(']') {
			p.path = p.path[:len(p.path)-1]
			return n, nil
		}
		item, err := p.value(token)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		p.path = p.path[:len(p.path)-1]
	}
}

// checkText refuses NUL, which PostgreSQL can't keep in a text.
func (p *parser) checkText(text string) {
	if strings.IndexByte(text, 0) >= 0 {
		p.flaw(quoted(text), "no NUL character")
	}
}

func (p *parser) flaw(found, expected string) {
	p.flaws = append(p.flaws, flaw{p.where(), found, expected})
}

// where writes the path as JSONPath does, without its root.
func (p *parser) where() string {
	var b strings.Builder
	for i, step := range p.path {
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
func (p *parser) failure(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &broken{path: p.where(), found: "the end of the file", expected: "the rest of the JSON"}
	case errors.Is(err, errTooLong):
		return &broken{path: p.where(), found: errTooLong.Error() + " without the end of the row", expected: fmt.Sprintf("at most %d MB a row", maxRowBytes>>20)}
	case errors.Is(err, errNotUTF8), errors.Is(err, errSurrogate):
		return &broken{path: p.where(), found: err.Error(), expected: "UTF-8"}
	case isGzip(err):
		return &broken{path: p.where(), found: "damaged gzip data (" + err.Error() + ")", expected: "gzip"}
	case errors.As(err, &syntax):
		return &broken{path: p.where(), found: "an error in the JSON (" + err.Error() + ")", expected: "JSON"}
	}
	return fmt.Errorf("read: %w", err)
}
