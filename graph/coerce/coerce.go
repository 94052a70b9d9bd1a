// Package coerce reads inputs as the chapter on input coercion of the GraphQL
// specification has it: the literals of a document, the values of its variables and
// the defaults of both. All of it goes through one piece of code, before an operation
// is priced and run. What comes out is typed, and no text is read again:
//
//	Int                   int, of 32 bits
//	Float                 float64, finite; never a negative zero
//	String, ID, an enum   string
//	Boolean               bool
//	a scalar of ours      scalar.Decimal, DateTime, Date, LocalDateTime
//	a list                []any, never nil
//	an input object       map[string]any, with the defaults of its fields
//	null                  nil
//
// Errors are GRAPHQL_VALIDATION_FAILED, and BAD_USER_INPUT where a scalar of ours
// refuses a value. They say where the value stands, what was sent and which type is
// wanted, in the order of the document and of the schema.
package coerce

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// maxErrors bounds the errors of an answer.
const maxErrors = 20

// reader reads values of a schema's types, and collects what is wrong with them.
type reader struct {
	schema    *ast.Schema
	variables map[string]any  // those of the operation, coerced
	checks    bool            // a document is read, whose variables have no values yet
	spread    map[string]bool // the fragments that have been read of an operation; nil while there are no values
	position  *ast.Position   // of what is read
	errors    gqlerror.List
}

// value reads a value of a type. The second result is false for a variable without a
// value, whose place decides what that means.
func (r *reader) value(t *ast.Type, in input, at path) (any, bool) {
	if name, is := in.variable(); is {
		return r.variable(t, name, at)
	}
	switch {
	case in.kind() == null:
		if t.NonNull {
			r.mismatch(t, in, at)
		}
		return nil, true
	case t.Elem != nil:
		return r.list(t.Elem, in, at), true
	}
	definition := r.schema.Types[t.NamedType]
	switch definition.Kind {
	case ast.InputObject:
		return r.object(definition, t, in, at), true
	case ast.Enum:
		if text, ok := in.enum(); ok && definition.EnumValues.ForName(text) != nil {
			return text, true
		}
		r.mismatch(t, in, at)
		return nil, true
	}
	value, err := readScalar(t.NamedType, in)
	switch known, _ := err.(*fault.Error); {
	case known != nil:
		r.fail(known.Code, at, known.Message)
	case err != nil:
		r.mismatch(t, in, at)
	}
	return value, true
}

// variable is the value of a variable, which validation has found to be of a type
// that fits the place. Only a null can still be wrong there, where the variable or the
// place has a default.
func (r *reader) variable(t *ast.Type, name string, at path) (any, bool) {
	value, has := r.variables[name]
	if has && value == nil && t.NonNull {
		r.fail(fault.ValidationFailed, at, fmt.Sprintf("null, which $%s gives, is not of type %s", name, t))
	}
	return value, has
}

// list reads the elements of a list. One value stands for a list of it.
func (r *reader) list(of *ast.Type, in input, at path) []any {
	if in.kind() != list {
		value, _ := r.value(of, in, at)
		return []any{value}
	}
	out := make([]any, 0, in.len())
	for i, element := range in.elements() {
		value, _ := r.value(of, element, at.element(i)) // without a value it is null
		out = append(out, value)
	}
	return out
}

// object reads the fields of an input object: those of its type in their order, then
// those that it lacks.
func (r *reader) object(definition *ast.Definition, t *ast.Type, in input, at path) map[string]any {
	if in.kind() != object {
		r.mismatch(t, in, at)
		return nil
	}
	members, out := in.members(), make(map[string]any, in.len())
	for _, field := range definition.Fields {
		if value, has := r.field(definition, field, members, at.field(field.Name)); has {
			out[field.Name] = value
		}
	}
	for _, name := range members.names {
		if definition.Fields.ForName(name) == nil {
			r.fail(fault.ValidationFailed, at.field(scalar.Cut(name)), definition.Name+" has no such field")
		}
	}
	return out
}

// field reads a field of an input object, or its default.
func (r *reader) field(of *ast.Definition, field *ast.FieldDefinition, members members, at path) (any, bool) {
	in, has := members.named(field.Name)
	if has {
		value, ok := r.value(field.Type, in, at)
		if _, isVariable := in.variable(); ok || r.checks && isVariable {
			return value, ok
		}
	}
	return r.otherwise(field.Type, field.DefaultValue, at, of.Name+" requires this field, of type "+field.Type.String())
}

// otherwise is the default of what was not given, whose lack is an error where the type
// takes no null.
func (r *reader) otherwise(t *ast.Type, byDefault *ast.Value, at path, lack string) (any, bool) {
	switch {
	case byDefault != nil:
		return r.value(t, input{literal: byDefault}, at)
	case t.NonNull:
		r.fail(fault.ValidationFailed, at, lack)
	}
	return nil, false
}

// mismatch notes a value that is not of the type wanted.
func (r *reader) mismatch(t *ast.Type, in input, at path) {
	r.fail(fault.ValidationFailed, at, in.String()+" is not of type "+t.String())
}

func (r *reader) fail(code fault.Code, at path, what string) {
	if len(r.errors) == maxErrors {
		return
	}
	err := &gqlerror.Error{Message: at.String() + ": " + what, Extensions: map[string]any{"code": code}}
	if r.position != nil {
		err.Locations = []gqlerror.Location{{Line: r.position.Line, Column: r.position.Column}}
	}
	r.errors = append(r.errors, err)
}
