package ingest

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// node is a value of JSON.
type node struct {
	kind   nodeKind
	text   string // of a string or number, as written
	truth  bool
	items  []*node
	fields map[string]*node

	known bool // some reader asked for it
	read  bool // an object whose fields were asked for one by one
}

type nodeKind int

const (
	null nodeKind = iota
	boolean
	number
	words
	list
	object
)

// scalar is the value that one token is.
func readScalar(token json.Token) *node {
	switch v := token.(type) {
	case bool:
		return &node{kind: boolean, truth: v}
	case json.Number:
		return &node{kind: number, text: string(v)}
	case string:
		return &node{kind: words, text: v}
	default:
		return &node{kind: null}
	}
}

// found is the value for an error message; nil is an absent one.
func (n *node) found() string {
	switch {
	case n == nil:
		return "nothing"
	case n.kind == null:
		return "null"
	case n.kind == boolean:
		return strconv.FormatBool(n.truth)
	case n.kind == number:
		return scalar.Cut(n.text)
	case n.kind == words:
		return quoted(n.text)
	case n.kind == list:
		return "a list"
	default:
		return "an object"
	}
}

// quoted is a text for an error message, cut at 60 characters.
func quoted(s string) string { return strconv.Quote(scalar.Cut(s)) }

// short is a key for a path: it is the file's own and may be anything.
func short(key string) string {
	key = strconv.Quote(scalar.Cut(key))
	return strings.ReplaceAll(key[1:len(key)-1], `\"`, `"`)
}

// unknown calls do with the path of each field that no reader asked for.
func (n *node) unknown(path string, do func(string)) {
	for _, item := range n.items {
		item.unknown(path+"[]", do)
	}
	if !n.read {
		return
	}
	for key, field := range n.fields {
		at := short(key)
		if path != "" {
			at = path + "." + at
		}
		if !field.known {
			do(at)
			continue
		}
		field.unknown(at, do)
	}
}
