// Package limits refuses operations before they run.
package limits

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// CheckValues refuses an operation with a value that the resolvers would take for a
// mistake of the server's: an integer past 64 bits, a number past the range of a double,
// null as the condition of @include or @skip. It looks through the operation and the
// fragments.
func CheckValues(document *ast.QueryDocument, operation *ast.OperationDefinition, values map[string]any) gqlerror.List {
	variables := given(values)
	bad := variables.inSelections(operation.SelectionSet)
	for _, fragment := range document.Fragments {
		bad = first(bad, variables.inSelections(fragment.SelectionSet))
	}
	if bad == nil {
		return nil
	}
	return gqlerror.List{{
		Message:    "the value " + bad.Raw[:min(len(bad.Raw), 60)] + " can't be taken here: a number is out of range, or a condition is null",
		Locations:  []gqlerror.Location{{Line: bad.Position.Line, Column: bad.Position.Column}},
		Extensions: map[string]any{"code": apierror.BadUserInput},
	}}
}

// given are the values of an operation's variables.
type given map[string]any

// inSelections is the first value in them that can't be taken. Fragments are
// looked through by themselves, not where they are spread.
func (g given) inSelections(selections ast.SelectionSet) (bad *ast.Value) {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			bad = first(bad, inArguments(selection.Arguments), g.inDirectives(selection.Directives), g.inSelections(selection.SelectionSet))
		case *ast.InlineFragment:
			bad = first(bad, g.inDirectives(selection.Directives), g.inSelections(selection.SelectionSet))
		case *ast.FragmentSpread:
			bad = first(bad, g.inDirectives(selection.Directives))
		}
	}
	return bad
}

func (g given) inDirectives(directives ast.DirectiveList) (bad *ast.Value) {
	for _, directive := range directives {
		bad = first(bad, inArguments(directive.Arguments))
		condition := directive.Arguments.ForName("if")
		if condition != nil && condition.Value.Kind == ast.Variable && g[condition.Value.Raw] == nil {
			bad = first(bad, condition.Value)
		}
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
