// Package limits refuses operations before they run.
package limits

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// Numbers refuses operations with a number literal that no argument can hold,
// which the executor would take for a mistake of its own: an integer past 64 bits,
// a number past the range of a double.
type Numbers struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Numbers{}

// ExtensionName names the extension for the executor.
func (Numbers) ExtensionName() string { return "Numbers" }

// Validate accepts every schema.
func (Numbers) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext looks through the operation and the fragments.
func (Numbers) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	bad := inSelections(operation.Operation.SelectionSet)
	for _, fragment := range operation.Doc.Fragments {
		bad = first(bad, inSelections(fragment.SelectionSet))
	}
	if bad == nil {
		return nil
	}
	return &gqlerror.Error{
		Message:    "the number " + bad.Raw[:min(len(bad.Raw), 60)] + " is out of range",
		Locations:  []gqlerror.Location{{Line: bad.Position.Line, Column: bad.Position.Column}},
		Extensions: map[string]any{"code": apierror.BadUserInput},
	}
}

// inSelections is the first number in them that is out of range. Fragments are
// looked through by themselves, not where they are spread.
func inSelections(selections ast.SelectionSet) (bad *ast.Value) {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			bad = first(bad, inArguments(selection.Arguments), inDirectives(selection.Directives), inSelections(selection.SelectionSet))
		case *ast.InlineFragment:
			bad = first(bad, inDirectives(selection.Directives), inSelections(selection.SelectionSet))
		case *ast.FragmentSpread:
			bad = first(bad, inDirectives(selection.Directives))
		}
	}
	return bad
}

func inDirectives(directives ast.DirectiveList) (bad *ast.Value) {
	for _, directive := range directives {
		bad = first(bad, inArguments(directive.Arguments))
	}
	return bad
}

func inArguments(arguments ast.ArgumentList) (bad *ast.Value) {
	for _, argument := range arguments {
		bad = first(bad, inValue(argument.Value))
	}
	return bad
}

func inValue(value *ast.Value) (bad *ast.Value) {
	var err error
	switch value.Kind {
	case ast.IntValue:
		_, err = strconv.ParseInt(value.Raw, 10, 64)
	case ast.FloatValue:
		_, err = strconv.ParseFloat(value.Raw, 64)
	case ast.ListValue, ast.ObjectValue:
		for _, child := range value.Children {
			bad = first(bad, inValue(child.Value))
		}
	}
	if err != nil {
		return value
	}
	return bad
}

func first(values ...*ast.Value) *ast.Value {
	for _, value := range values {
		if value != nil {
			return value
		}
	}
	return nil
}
