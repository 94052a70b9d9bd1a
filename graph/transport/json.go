package transport

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/usagegraph/usagegraph/graph/coerce"
)

// maxDepth bounds how deep lists and objects may be inside one another in a body.
const maxDepth = 10_000

// scanner reads JSON in UTF-8 to what encoding/json makes of it where numbers keep
// their text, several times as fast. Half a surrogate pair, which encoding/json replaces,
// stays in a text, so that it can be refused: its three bytes are not UTF-8.
type scanner struct {
	text []byte
	at   int
	deep bool // it goes deeper than maxDepth
}

// scan reads one object, and nothing beside it. It reports whether there is one, and
// whether it is none because it is too deep.
func scan(text []byte) (object coerce.Object, ok, deep bool) {
	s := scanner{text: text}
	object, ok = s.object(maxDepth)
	return object, ok && s.next() == 0 && s.at == len(text), s.deep
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

// accept goes past the byte, if it is the next.
func (s *scanner) accept(c byte) bool {
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

// enter goes into an object or list, if it may be as deep.
func (s *scanner) enter(depth int, c byte) bool {
	s.deep = s.deep || depth == 0
	return depth > 0 && s.accept(c)
}

// object reads an object.
func (s *scanner) object(depth int) (coerce.Object, bool) {
	if !s.enter(depth, '{') {
		return nil, false
	}
	members := coerce.Object{}
	if s.accept('}') {
		return members, true
	}
	for {
		name, ok := s.string()
		if !ok || !s.accept(':') {
			return nil, false
		}
		value, ok := s.value(depth - 1)
		if !ok {
			return nil, false
		}
		members = append(members, coerce.Member{Name: name, Value: value})
		if s.accept('}') {
			return members, true
		}
		if !s.accept(',') {
			return nil, false
		}
	}
}

// asMaps is a value whose objects are maps, as encoding/json has it.
func asMaps(value any) any {
	switch value := value.(type) {
	case coerce.Object:
		members := value.Map()
		for name, member := range members {
			members[name] = asMaps(member)
		}
		return members
	case []any:
		for i, element := range value {
			value[i] = asMaps(element)
		}
	}
	return value
}

func (s *scanner) list(depth int) ([]any, bool) {
	if !s.enter(depth, '[') {
		return nil, false
	}
	elements := []any{}
	if s.accept(']') {
		return elements, true
	}
	for {
		element, ok := s.value(depth - 1)
		if !ok {
			return nil, false
		}
		elements = append(elements, element)
		if s.accept(']') {
			return elements, true
		}
		if !s.accept(',') {
			return nil, false
		}
	}
}

// string reads a text.
func (s *scanner) string() (string, bool) {
	if !s.accept('"') {
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

// escapes are what stands for the byte after a backslash, 0 for none.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads what stands between quotes. After each backslash there is a byte.
func unescape(raw []byte) (string, bool) {
	text := make([]byte, 0, len(raw))
	for {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return string(append(text, raw...)), true
		}
		text = append(text, raw[:at]...)
		if raw = raw[at+1:]; raw[0] == 'u' {
			r, size := unescapeRune(raw)
			if size == 0 {
				return "", false
			}
			text, raw = appendRune(text, r), raw[size:]
			continue
		}
		c := escapes[raw[0]]
		if c == 0 {
			return "", false
		}
		text, raw = append(text, c), raw[1:]
	}
}

// unescapeRune reads a character from u and four digits, or from two of these with a
// backslash between them that are a surrogate pair, and how long that is: 0 for what is
// none.
func unescapeRune(raw []byte) (r rune, size int) {
	r, ok := hex(raw)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(r) && len(raw) > 5 && raw[5] == '\\' {
		if second, ok := hex(raw[6:]); ok {
			if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
				return pair, 11
			}
		}
	}
	return r, 5
}

// hex reads u and four digits.
func hex(raw []byte) (rune, bool) {
	if len(raw) < 5 || raw[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw[1:5]), 16, 16)
	return rune(n), err == nil
}

// appendRune appends a character as UTF-8, and half a surrogate pair in the same way.
func appendRune(text []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(text, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(text, r)
}

// number reads a number.
func (s *scanner) number() (json.Number, bool) {
	from := s.at
	s.skip('-')
	ok := s.skip('0') || s.digits()
	if s.skip('.') {
		ok = s.digits() && ok
	}
	if s.skip('e') || s.skip('E') {
		_ = s.skip('+') || s.skip('-')
		ok = s.digits() && ok
	}
	return json.Number(s.text[from:s.at]), ok
}

// digits goes past digits, and reports whether there are any.
func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
	}
	return s.at > from
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
