package document

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// walk tallies the operations of a document, which need not be valid. Each fragment
// is walked once, however often it is spread: what it amounts to depends on its type
// and on the variables only.
type walk struct {
	schema    *ast.Schema
	document  *ast.QueryDocument
	variables variables
	fragments map[string]tally
}

// operation tallies an operation. It costs at least 1.
func (w *walk) operation(operation *ast.OperationDefinition) tally {
	root := map[ast.Operation]*ast.Definition{ast.Query: w.schema.Query, ast.Mutation: w.schema.Mutation, ast.Subscription: w.schema.Subscription}
	sum := w.selections(root[operation.Operation], operation.SelectionSet)
	sum.cost, sum.counting = max(sum.cost, 1), 0
	sum.directives = plus(sum.directives, len(operation.Directives))
	for _, variable := range operation.VariableDefinitions {
		sum.directives = plus(sum.directives, len(variable.Directives))
	}
	return sum
}

// fragment tallies a fragment. One that is not there, or that is inside itself,
// counts as a field: validation tells what is wrong with it.
func (w *walk) fragment(name string) tally {
	if known, ok := w.fragments[name]; ok {
		return known
	}
	w.fragments[name] = tally{fields: 1}
	if definition := w.document.Fragments.ForName(name); definition != nil {
		sum := w.selections(w.schema.Types[definition.TypeCondition], definition.SelectionSet)
		sum.directives = plus(sum.directives, len(definition.Directives))
		w.fragments[name] = sum
	}
	return w.fragments[name]
}

// selections tallies what is selected of a type, nil if the schema lacks it. What is
// surely skipped costs nothing, but counts.
func (w *walk) selections(parent *ast.Definition, selections ast.SelectionSet) (sum tally) {
	for _, selection := range selections {
		var one tally
		var directives ast.DirectiveList
		switch selection := selection.(type) {
		case *ast.Field:
			one, directives = w.field(parent, selection), selection.Directives
		case *ast.InlineFragment:
			kind := parent
			if selection.TypeCondition != "" {
				kind = w.schema.Types[selection.TypeCondition]
			}
			one, directives = w.selections(kind, selection.SelectionSet), selection.Directives
		case *ast.FragmentSpread:
			one, directives = w.fragment(selection.Name), selection.Directives
		}
		one.directives = plus(one.directives, len(directives))
		if w.variables.skip(directives) {
			one.cost, one.counting = 0, 0
		}
		sum = sum.and(one)
	}
	return sum
}

// field tallies a field and what is selected of it. Below __schema and __type nothing
// is deep: schema explorers nest what other operations need not.
func (w *walk) field(parent *ast.Definition, field *ast.Field) tally {
	definition, kind := w.definition(parent, field.Name)
	one := w.selections(kind, field.SelectionSet)
	one.cost, one.counting = w.cost(parent, definition, field, one)
	one.root = 1
	if field.Alias != field.Name {
		one.aliases = plus(one.aliases, 1)
	}
	one.tells = one.tells || tellsOfSchema(parent, field.Name)
	if ofSchema(parent) {
		one.introspection = plus(one.introspection, 1)
	} else {
		one.fields = plus(one.fields, 1)
		one.depth = plus(one.depth, 1)
	}
	return one
}

// definition finds a field and its type, nil if the schema lacks them.
func (w *walk) definition(parent *ast.Definition, name string) (*ast.FieldDefinition, *ast.Definition) {
	if parent == nil {
		return nil, nil
	}
	definition := parent.Fields.ForName(name)
	if definition == nil {
		return nil, nil
	}
	return definition, w.schema.Types[definition.Type.Name()]
}

// ofSchema reports whether a type is one that introspection answers with.
func ofSchema(kind *ast.Definition) bool {
	return kind != nil && strings.HasPrefix(kind.Name, "__")
}

// tellsOfSchema reports whether a field tells what is in the schema. What connectors probe a
// server with, { __schema { queryType { name } } }, does not.
func tellsOfSchema(parent *ast.Definition, name string) bool {
	if !ofSchema(parent) {
		return name == "__type"
	}
	of := parent.Name + "." + name
	return name != "__typename" && of != "__Schema.queryType" && of != "__Type.name"
}
