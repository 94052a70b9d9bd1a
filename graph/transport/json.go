package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/usagegraph/usagegraph/graph/coerce"
)

// maxDepth bounds how deep lists and objects may be inside one another in a body.
const maxDepth = 10_000

var errDeep = errors.New("lists and objects are nested too deep")

// scan reads one JSON object, and nothing beside it. Numbers keep their text, and objects
// the order of their members. Half a surrogate pair, which encoding/json replaces, stays in
// a text, so that it can be refused: its three bytes are not UTF-8. scan reports whether
// there is an object, and whether there is none because it is too deep.
func scan(text []byte) (object coerce.Object, ok, deep bool) {
	s := scanner{jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	if s.PeekKind() != jsontext.KindBeginObject {
		return nil, false, false
	}
	object, err := s.object(maxDepth)
	if err == nil {
		if _, err = s.ReadToken(); err == io.EOF {
			return object, true, false
		}
	}
	return nil, false, err == errDeep
}

// scanner reads values from a decoder. A depth is how deep the value may be.
type scanner struct{ *jsontext.Decoder }

func (s scanner) value(depth int) (any, error) {
	switch s.PeekKind() {
	case jsontext.KindBeginObject:
		return s.object(depth)
	case jsontext.KindBeginArray:
		return s.list(depth)
	case jsontext.KindString:
		return s.text()
	case jsontext.KindNumber:
		number, err := s.ReadValue()
		return json.Number(number), err
	}
	token, err := s.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return nil, err
	}
	return token.Bool(), nil
}

func (s scanner) object(depth int) (coerce.Object, error) {
	if err := s.enter(depth); err != nil {
		return nil, err
	}
	members := coerce.Object{}
	for s.PeekKind() != jsontext.KindEndObject {
		name, err := s.text()
		if err != nil {
			return nil, err
		}
		value, err := s.value(depth - 1)
		if err != nil {
			return nil, err
		}
		members = append(members, coerce.Member{Name: name, Value: value})
	}
	_, err := s.ReadToken()
	return members, err
}

func (s scanner) list(depth int) ([]any, error) {
	if err := s.enter(depth); err != nil {
		return nil, err
	}
	elements := []any{}
	for s.PeekKind() != jsontext.KindEndArray {
		element, err := s.value(depth - 1)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	_, err := s.ReadToken()
	return elements, err
}

// enter reads the begin of an object or list.
func (s scanner) enter(depth int) error {
	if depth == 0 {
		return errDeep
	}
	_, err := s.ReadToken()
	return err
}

// text reads a text.
func (s scanner) text() (string, error) {
	quoted, err := s.ReadValue()
	if err != nil {
		return "", err
	}
	if quoted.Kind() != jsontext.KindString { // in the place of a name
		return "", jsontext.ErrNonStringName
	}
	text, err := jsontext.AppendUnquote(make([]byte, 0, len(quoted)), quoted)
	if err != nil {
		text = unquote(quoted)
	}
	return string(text), nil
}

// pieces are the pieces of a text between its quotes: pairs of surrogates, other escapes,
// and what is between them.
var pieces = regexp.MustCompile(`(?s)\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]+`)

// unquote is a text in which halves of surrogate pairs stand for the three bytes that
// UTF-8 would have for them.
func unquote(quoted []byte) (text []byte) {
	for _, piece := range pieces.FindAll(quoted[1:len(quoted)-1], -1) {
		plain, err := jsontext.AppendUnquote(text, `"`+string(piece)+`"`)
		switch {
		case err == nil:
			text = plain
		case piece[0] != '\\': // it is not UTF-8
			text = append(text, piece...)
		default:
			half, _ := strconv.ParseUint(string(piece[2:]), 16, 16) // the decoder has read its digits
			text = append(text, 0xe0|byte(half>>12), 0x80|byte(half>>6)&0x3f, 0x80|byte(half)&0x3f)
		}
	}
	return text
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
