package engine

import (
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// arguments are those of a field that leads to rows.
type arguments struct {
	schema *ast.Schema
	field  *ast.Field
	lookup bool                                        // the argument id is the key
	read   func(*store.Arguments) (store.Query, error) // nil where the query is kept
	query  *store.Query                                // where it is the same in each run; else nil

	// unfiltered is that no argument chooses or orders rows, but by flags that cost nothing,
	// and that the page is at an end of the list.
	unfiltered bool
}

// everything are the arguments of a field that has none.
func everything(edge *store.Edge) arguments {
	q := edge.Everything()
	return arguments{query: &q, unfiltered: true}
}

// newKey are the arguments of a field that leads to a row by its key.
func (c *planner) newKey(edge *store.Edge, field graphql.CollectedField) arguments {
	a := everything(edge)
	a.schema, a.field, a.lookup = c.schema, field.Field, true
	return a
}

// newArguments are those of a field that leads to a list. What they ask for is checked here
// where it is the same in each run.
func (c *planner) newArguments(field graphql.CollectedField, read func(*store.Arguments) (store.Query, error)) (arguments, error) {
	a := arguments{schema: c.schema, field: field.Field, read: read, unfiltered: hasNoFilter(field.Arguments)}
	for _, argument := range field.Arguments {
		if coerce.HasVariable(argument.Value) {
			return a, nil
		}
	}
	given, err := a.given(nil, 0)
	if err != nil {
		return a, err
	}
	q, err := read(given)
	if !given.UsesNow() {
		a.query = &q
	}
	return a, err
}

// takesNone returns whether the field has no arguments, and leads to all rows of its parent.
func (a *arguments) takesNone() bool { return a.field == nil }

// hasNoFilter returns whether arguments are such as unfiltered says.
func hasNoFilter(arguments ast.ArgumentList) bool {
	return !slices.ContainsFunc(arguments, func(argument *ast.Argument) bool {
		return !slices.Contains([]string{"first", "last", "includeContractBalances", "includeArchived"}, argument.Name)
	})
}

func (a *arguments) given(variables map[string]any, now scalar.DateTime) (*store.Arguments, error) {
	given, err := coerce.Arguments(a.schema, a.field, variables)
	return store.NewArguments(given, now), err
}

// prepare is what the arguments ask for in one run.
func (a *arguments) prepare(variables map[string]any, now scalar.DateTime) (q store.Query, err error) {
	if a.query != nil {
		return *a.query, nil
	}
	given, err := a.given(variables, now)
	if err != nil {
		return q, err
	}
	return a.read(given)
}

// key reads the key that a field of Query asks for.
func (a *arguments) key(edge *store.Edge, variables map[string]any) ([]any, error) {
	id, isKey := a.value("id", variables).(string)
	if !isKey || a.value("externalId", variables) != nil {
		return nil, errors.New("it is not asked for by its key")
	}
	return edge.ParseKey(id)
}

// value is that of one argument that has no default, nil if it is null or not given.
func (a *arguments) value(name string, variables map[string]any) any {
	given := a.field.Arguments.ForName(name)
	if given == nil {
		return nil
	}
	value, _, err := coerce.Argument(a.schema, a.field.Definition.Arguments.ForName(name), given, variables)
	if err != nil {
		return nil
	}
	return value
}
