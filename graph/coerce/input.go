package coerce

import (
	"encoding/json"
	"iter"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// input is a value as a client sent it: a literal of a document, or JSON.
type input struct {
	literal *ast.Value // nil for JSON
	json    any        // nil, bool, string, json.Number, []any, Object
}

// Object is an object of JSON, whose members keep their order. Of two that have one
// name the last counts.
type Object []Member

// Map is the object by name, without its order.
func (o Object) Map() map[string]any {
	members := make(map[string]any, len(o))
	for _, member := range o {
		members[member.Name] = member.Value
	}
	return members
}

// Member is a member of an Object.
type Member struct {
	Name  string
	Value any
}

// kind is what a value is, whatever type is wanted.
type kind int

const (
	null kind = iota
	boolean
	number
	text
	name // of an enum value; JSON has none
	list
	object
)

var kindsOfLiterals = map[ast.ValueKind]kind{
	ast.NullValue: null, ast.BooleanValue: boolean, ast.IntValue: number, ast.FloatValue: number,
	ast.StringValue: text, ast.BlockValue: text, ast.EnumValue: name, ast.ListValue: list, ast.ObjectValue: object,
}

func (in input) kind() kind {
	if in.literal != nil {
		return kindsOfLiterals[in.literal.Kind]
	}
	switch in.json.(type) {
	case bool:
		return boolean
	case json.Number:
		return number
	case string:
		return text
	case []any:
		return list
	case Object:
		return object
	}
	return null
}

// variable is the name of the variable that stands in the place of a literal.
func (in input) variable() (string, bool) {
	if in.literal == nil || in.literal.Kind != ast.Variable {
		return "", false
	}
	return in.literal.Raw, true
}

// raw is the text of a number or a text, as it was sent.
func (in input) raw() string {
	if in.literal != nil {
		return in.literal.Raw
	}
	switch v := in.json.(type) {
	case json.Number:
		return string(v)
	case string:
		return v
	}
	return ""
}

// bool is the value of a boolean.
func (in input) bool() bool {
	if in.literal != nil {
		return in.literal.Raw == "true"
	}
	return in.json == true
}

// enum is the name of an enum value: JSON writes it as a text, a document as a name.
func (in input) enum() (string, bool) {
	if in.literal != nil {
		return in.literal.Raw, in.literal.Kind == ast.EnumValue
	}
	s, ok := in.json.(string)
	return s, ok
}

// len is how many elements a list has, or members an object.
func (in input) len() int {
	if in.literal != nil {
		return len(in.literal.Children)
	}
	switch v := in.json.(type) {
	case []any:
		return len(v)
	case Object:
		return len(v)
	}
	return 0
}

// elements are those of a list.
func (in input) elements() iter.Seq2[int, input] {
	return func(yield func(int, input) bool) {
		if in.literal != nil {
			for i, child := range in.literal.Children {
				if !yield(i, input{literal: child.Value}) {
					return
				}
			}
			return
		}
		elements, _ := in.json.([]any)
		for i, element := range elements {
			if !yield(i, input{json: element}) {
				return
			}
		}
	}
}

// members are those of an object, by name, and their names in the order sent.
type members struct {
	names  []string
	values map[string]input
}

func (m members) named(name string) (input, bool) {
	value, has := m.values[name]
	return value, has
}

func (in input) members() members {
	out := members{make([]string, 0, in.len()), make(map[string]input, in.len())}
	add := func(name string, value input) {
		if _, twice := out.values[name]; !twice {
			out.names = append(out.names, name)
		}
		out.values[name] = value
	}
	if in.literal != nil {
		for _, child := range in.literal.Children {
			add(child.Name, input{literal: child.Value})
		}
		return out
	}
	of, _ := in.json.(Object)
	for _, member := range of {
		add(member.Name, input{json: member.Value})
	}
	return out
}

// String is what was sent, for an error: texts in quotes, lists and objects by name.
func (in input) String() string {
	switch in.kind() {
	case null:
		return "null"
	case boolean:
		return strconv.FormatBool(in.bool())
	case text:
		return strconv.Quote(scalar.Cut(in.raw()))
	case list:
		return "a list"
	case object:
		return "an object"
	}
	return scalar.Cut(in.raw())
}
