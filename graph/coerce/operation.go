package coerce

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Literals holds the literals of a document that is valid otherwise to their types: those
// of arguments of fields and directives, and the defaults of variables.
func Literals(schema *ast.Schema, document *ast.QueryDocument) gqlerror.List {
	r := &reader{schema: schema, checks: true}
	for _, operation := range document.Operations {
		for _, variable := range operation.VariableDefinitions {
			if variable.DefaultValue != nil {
				r.position = variable.DefaultValue.Position
				r.value(variable.Type, input{literal: variable.DefaultValue}, path{name: "$" + variable.Variable})
			}
			r.directives(variable.Directives)
		}
		r.directives(operation.Directives)
		r.selections(operation.SelectionSet)
	}
	for _, fragment := range document.Fragments {
		r.directives(fragment.Directives)
		r.selections(fragment.SelectionSet)
	}
	return r.errors
}

// Variables reads the values of an operation's variables, in the place of those given;
// those that it does not declare are left as they are. Where a variable that takes null
// stands in a place that takes none, as one of the two has a default, a null is an error,
// unless @skip or @include leaves that place out.
func Variables(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, gqlerror.List) {
	r := &reader{schema: schema}
	nulls := false
	for _, variable := range operation.VariableDefinitions {
		r.position = variable.Position
		at := path{name: "$" + variable.Variable}
		sent, has := given[variable.Variable]
		var value any
		if has {
			value, _ = r.value(variable.Type, input{json: sent}, at)
		} else {
			value, has = r.otherwise(variable.Type, variable.DefaultValue, at, "this variable, of type "+variable.Type.String()+", has no value")
		}
		if !has {
			continue
		}
		if given == nil {
			given = make(map[string]any, len(operation.VariableDefinitions))
		}
		given[variable.Variable] = value
		nulls = nulls || value == nil
	}
	if len(r.errors) == 0 && nulls {
		r.variables, r.spread = given, map[string]bool{}
		r.directives(operation.Directives)
		r.selections(operation.SelectionSet)
	}
	return given, r.errors
}

// selections reads the arguments of fields and directives, and of what is selected of
// the fields. Where the conditions of directives are known, what they leave out is passed
// over, and fragments are read where the first of their spreads stands.
func (r *reader) selections(selections ast.SelectionSet) {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			if !r.leavesOut(selection.Directives) {
				if selection.Definition != nil {
					r.arguments(selection.Definition.Arguments, selection.Arguments, selection.Position)
				}
				r.selections(selection.SelectionSet)
			}
		case *ast.InlineFragment:
			if !r.leavesOut(selection.Directives) {
				r.selections(selection.SelectionSet)
			}
		case *ast.FragmentSpread:
			if left := r.leavesOut(selection.Directives); r.spread == nil || left || r.spread[selection.Name] || selection.Definition == nil {
				continue
			}
			r.spread[selection.Name] = true
			r.selections(selection.Definition.SelectionSet)
		}
	}
}

// leavesOut reads the arguments of directives, and reports whether they surely leave out
// what they stand at. It is false while a document is checked.
func (r *reader) leavesOut(directives ast.DirectiveList) bool {
	r.directives(directives)
	return r.spread != nil && Skips(r.schema, directives, r.variables)
}

func (r *reader) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		if definition := r.schema.Directives[directive.Name]; definition != nil {
			r.arguments(definition.Arguments, directive.Arguments, directive.Position)
		}
	}
}

// arguments reads the arguments of a field or directive, in the order of the schema.
func (r *reader) arguments(definitions ast.ArgumentDefinitionList, given ast.ArgumentList, position *ast.Position) map[string]any {
	var out map[string]any
	for _, definition := range definitions {
		r.position = position
		if value, has := r.argument(definition, given.ForName(definition.Name)); has {
			if out == nil {
				out = make(map[string]any, len(definitions))
			}
			out[definition.Name] = value
		}
	}
	return out
}

// argument reads an argument, or its default where none is given.
func (r *reader) argument(definition *ast.ArgumentDefinition, given *ast.Argument) (any, bool) {
	at := path{name: definition.Name}
	if given != nil {
		r.position = given.Value.Position
		value, has := r.value(definition.Type, input{literal: given.Value}, at)
		if has || r.checks && given.Value.Kind == ast.Variable {
			return value, has
		}
	}
	return r.otherwise(definition.Type, definition.DefaultValue, at, "this argument, of type "+definition.Type.String()+", has no value")
}

// Argument is the value of an argument, or its default, with the coerced variables of
// the operation. It is false for one that is not given and has no default.
func Argument(schema *ast.Schema, definition *ast.ArgumentDefinition, given *ast.Argument, variables map[string]any) (any, bool, error) {
	r := reader{schema: schema, variables: variables}
	value, has := r.argument(definition, given)
	if len(r.errors) > 0 {
		return nil, false, r.errors
	}
	return value, has, nil
}

// Arguments are the values of the arguments of a field that are given or have a default,
// with the coerced variables of the operation.
func Arguments(schema *ast.Schema, field *ast.Field, variables map[string]any) (map[string]any, error) {
	r := reader{schema: schema, variables: variables}
	arguments := r.arguments(field.Definition.Arguments, field.Arguments, field.Position)
	if len(r.errors) > 0 {
		return nil, r.errors
	}
	return arguments, nil
}

// Skips reports whether @skip or @include surely leaves something out, with the coerced
// variables of the operation.
func Skips(schema *ast.Schema, directives ast.DirectiveList, variables map[string]any) bool {
	return slices.ContainsFunc(directives, func(directive *ast.Directive) bool {
		if directive.Name != "skip" && directive.Name != "include" {
			return false
		}
		definition := schema.Directives[directive.Name].Arguments.ForName("if")
		value, _, err := Argument(schema, definition, directive.Arguments.ForName("if"), variables)
		condition, ok := value.(bool)
		return err == nil && ok && condition == (directive.Name == "skip")
	})
}

// HasVariable reports whether a value is a variable, or holds one.
func HasVariable(value *ast.Value) bool {
	return value.Kind == ast.Variable ||
		slices.ContainsFunc(value.Children, func(child *ast.ChildValue) bool { return HasVariable(child.Value) })
}
