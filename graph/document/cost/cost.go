// Package cost prices operations: it counts what an operation selects, with its fragments
// written out, and what reading and answering that costs. It needs no valid document, so
// that a document can be refused before it is validated.
package cost

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// Values are the values of an operation's variables. The zero value stands for variables
// whose values are not known yet.
type Values struct {
	Coerced map[string]any // as package coerce returns them
	Refused bool           // the values that the client sent are not of their types
}

// Operation tallies an operation of a document. It costs at least 1. UsesVariables reports
// whether the tally depends on the values of variables.
func Operation(schema *ast.Schema, document *ast.QueryDocument, operation *ast.OperationDefinition, values Values) (tally Tally, usesVariables bool) {
	w := newWalk(schema, document, variables{schema: schema, values: values.Coerced, refused: values.Refused, used: &usesVariables})
	tally = w.operation(operation)
	return tally, usesVariables
}

// Document tallies all that validation looks at: all operations of a document, and the
// fragments that none of them spreads. Root is that of the operation that has the most
// fields at its root. The cost is that without the values of variables.
func Document(schema *ast.Schema, document *ast.QueryDocument) Tally {
	w := newWalk(schema, document, variables{schema: schema})
	var whole Tally
	root := 0
	for _, operation := range document.Operations {
		part := w.operation(operation)
		root = max(root, part.Root)
		whole = whole.and(part)
	}
	for _, fragment := range document.Fragments {
		if _, spread := w.fragments[fragment.Name]; !spread {
			whole = whole.and(w.fragment(fragment.Name))
		}
	}
	whole.Root = root
	return whole
}
