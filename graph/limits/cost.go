package limits

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Rows that a list counts as, if its arguments don't tell.
const (
	listRows          = 2
	introspectionRows = 10 // the schema has a hundred types, of ten fields or so each
)

// cost is what a field costs, given the cost of what is selected below it. An object
// is 1 with all its scalars and enums, and a list is 1 more for reading it. The
// connection is the list: its edges, nodes and pageInfo cost nothing of their own.
func (w *walk) cost(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field, below int) int {
	switch {
	case len(field.SelectionSet) == 0:
		return 0
	case parent != nil && (isConnection(parent.Name) || strings.HasSuffix(parent.Name, "Edge")):
		return below
	case definition != nil && (definition.Type.Elem != nil || isConnection(definition.Type.Name())):
		return plus(w.reads(definition), times(w.rows(parent, definition, field), plus(1, below)))
	}
	return plus(w.reads(definition), below)
}

// What fields cost that read much more than they answer.
const (
	ledgerCost = 100  // all entries of the ledgers that a field replays
	scanCost   = 5000 // all that the token may read
)

// reads is what a field costs before it answers a row.
func (w *walk) reads(definition *ast.FieldDefinition) int {
	switch {
	case definition == nil:
		return 1
	case definition.Name == "lowBalances":
		return scanCost
	case definition.Name == "breakdown" || definition.Name == "balanceHistory":
		return ledgerCost
	}
	return 1
}

// rows is how many rows a list counts as.
func (w *walk) rows(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field) int {
	switch {
	case isConnection(definition.Type.Name()):
		return w.variables.page(field)
	case definition.Arguments.ForName("ids") != nil:
		return w.variables.length(field.Arguments.ForName("ids"))
	case definition.Name == "balanceHistory":
		return w.variables.windows(field)
	case ofSchema(parent):
		return introspectionRows
	}
	return listRows
}

func isConnection(name string) bool { return strings.HasSuffix(name, "Connection") }
