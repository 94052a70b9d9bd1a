package cost

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
	fragments map[string]Tally // of those that have been walked, by name
}

func newWalk(schema *ast.Schema, document *ast.QueryDocument, variables variables) *walk {
	return &walk{schema, document, variables, map[string]Tally{}}
}

// operation tallies an operation. It costs at least 1.
func (w *walk) operation(operation *ast.OperationDefinition) Tally {
	root := map[ast.Operation]*ast.Definition{ast.Query: w.schema.Query, ast.Mutation: w.schema.Mutation, ast.Subscription: w.schema.Subscription}
	sum := w.selections(root[operation.Operation], operation.SelectionSet)
	sum.Cost, sum.counting = max(sum.Cost, 1), 0
	sum.Directives = plus(sum.Directives, len(operation.Directives))
	for _, variable := range operation.VariableDefinitions {
		sum.Directives = plus(sum.Directives, len(variable.Directives))
	}
	return sum
}

// fragment tallies a fragment. One that is not there, or that is inside itself,
// counts as a field: validation reports what is wrong with it.
func (w *walk) fragment(name string) Tally {
	if known, ok := w.fragments[name]; ok {
		return known
	}
	w.fragments[name] = Tally{Fields: 1}
	if definition := w.document.Fragments.ForName(name); definition != nil {
		sum := w.selections(w.schema.Types[definition.TypeCondition], definition.SelectionSet)
		sum.Directives = plus(sum.Directives, len(definition.Directives))
		w.fragments[name] = sum
	}
	return w.fragments[name]
}

// selections tallies what is selected of a type, nil if the schema lacks it. What is
// surely skipped costs nothing, but counts.
func (w *walk) selections(parent *ast.Definition, selections ast.SelectionSet) (sum Tally) {
	for _, selection := range selections {
		var one Tally
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
		one.Directives = plus(one.Directives, len(directives))
		if w.variables.skip(directives) {
			one.Cost, one.counting = 0, 0
		}
		sum = sum.and(one)
	}
	return sum
}

// field tallies a field and what is selected of it. Below __schema and __type nothing
// is deep: schema explorers nest what other operations need not.
func (w *walk) field(parent *ast.Definition, field *ast.Field) Tally {
	definition, kind := w.definition(parent, field.Name)
	one := w.selections(kind, field.SelectionSet)
	one.Cost, one.counting = w.cost(parent, definition, field, one)
	one.Root = 1
	if field.Alias != field.Name {
		one.Aliases = plus(one.Aliases, 1)
	}
	one.ReadsSchema = one.ReadsSchema || readsSchema(parent, field.Name)
	if ofSchema(parent) {
		one.Introspection = plus(one.Introspection, 1)
	} else {
		one.Fields = plus(one.Fields, 1)
		one.Depth = plus(one.Depth, 1)
	}
	return one
}

// definition returns a field and its type, nil if the schema lacks them.
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

// readsSchema reports whether a field answers what is in the schema. The fields that
// connectors probe a server with, { __schema { queryType { name } } }, do not.
func readsSchema(parent *ast.Definition, name string) bool {
	if !ofSchema(parent) {
		return name == "__type"
	}
	of := parent.Name + "." + name
	return name != "__typename" && of != "__Schema.queryType" && of != "__Type.name"
}
