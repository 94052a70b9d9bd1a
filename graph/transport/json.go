package transport

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxDepth bounds how deep a scanner goes into objects and lists.
const maxDepth = 100

// scanner reads JSON in UTF-8 to what encoding/json makes of it where numbers keep
// their text, several times as fast. It knows the usual: it leaves fractions, \u, what
// is deep and what is no JSON, and then tells that it is not ok.
type scanner struct {
	text []byte
	at   int
}

// scan reads one object, and nothing beside it.
func scan(text []byte) (object map[string]any, ok bool) {
	s := scanner{text: text}
	object, ok = s.object(maxDepth)
	return object, ok && s.next() == 0 && s.at == len(text)
}

// next is the next byte that is no space, 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.text); s.at++ {
		if c := s.text[s.at]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// take goes past the byte, if it is the next.
func (s *scanner) take(c byte) bool {
	ok := s.next() == c
	if ok {
		s.at++
	}
	return ok
}

func (s *scanner) value(depth int) (any, bool) {
	switch s.next() {
	case '{':
		return s.object(depth)
	case '[':
		return s.list(depth)
	case '"':
		return s.string()
	case 't':
		return true, s.word("true")
	case 'f':
		return false, s.word("false")
	case 'n':
		return nil, s.word("null")
	}
	return s.number()
}

// object reads an object. Of two equal names the last counts.
func (s *scanner) object(depth int) (map[string]any, bool) {
	if depth == 0 || !s.take('{') {
		return nil, false
	}
	members := map[string]any{}
	if s.take('}') {
		return members, true
	}
	for {
		name, ok := s.string()
		if !ok || !s.take(':') {
			return nil, false
		}
		if members[name], ok = s.value(depth - 1); !ok {
			return nil, false
		}
		if s.take('}') {
			return members, true
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

func (s *scanner) list(depth int) ([]any, bool) {
	if depth == 0 || !s.take('[') {
		return nil, false
	}
	elements := []any{}
	if s.take(']') {
		return elements, true
	}
	for {
		element, ok := s.value(depth - 1)
		if !ok {
			return nil, false
		}
		elements = append(elements, element)
		if s.take(']') {
			return elements, true
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

// string reads a text.
func (s *scanner) string() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	from, escaped := s.at, false
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			raw := s.text[from:s.at]
			s.at++
			if escaped {
				return unescape(raw)
			}
			return string(raw), true
		case c == '\\':
			escaped = true
			s.at++
		case c < ' ':
			return "", false
		}
	}
	return "", false
}

// escapes are what stands for the byte after a backslash; 0 is left.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads what stands between quotes. After each backslash there is a byte.
func unescape(raw []byte) (string, bool) {
	var text strings.Builder
	text.Grow(len(raw))
	for {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			text.Write(raw)
			return text.String(), true
		}
		c := escapes[raw[at+1]]
		if c == 0 {
			return "", false
		}
		text.Write(raw[:at])
		text.WriteByte(c)
		raw = raw[at+2:]
	}
}

// number reads an integer. What may follow in other numbers is taken by nobody then.
func (s *scanner) number() (json.Number, bool) {
	from := s.at
	s.skip('-')
	first := s.at
	if !s.skip('0') {
		for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
			s.at++
		}
	}
	return json.Number(s.text[from:s.at]), s.at > first
}

// skip goes past the byte, if it stands here.
func (s *scanner) skip(c byte) bool {
	ok := s.at < len(s.text) && s.text[s.at] == c
	if ok {
		s.at++
	}
	return ok
}

func (s *scanner) word(word string) bool {
	ok := len(s.text)-s.at >= len(word) && string(s.text[s.at:s.at+len(word)]) == word
	s.at += len(word)
	return ok
}
