package cost

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Rows that a list counts as where no argument says how many it has.
const (
	listRows          = 2
	introspectionRows = 10 // the schema has a hundred types, of ten fields or so each
)

// cost is what a field costs, given what is selected below it, and what it leaves to
// the connection that it is of. An object is 1 with all its scalars and enums, and a
// list is 1 more for reading it. The connection is the list: its edges, nodes and
// pageInfo cost nothing of their own.
func (w *walk) cost(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field, below Tally) (cost, counting int) {
	connection := parent != nil && isConnection(parent.Name)
	switch {
	case len(field.SelectionSet) == 0:
		if connection && field.Name == "totalCount" {
			return 0, countCost
		}
		return 0, 0
	case connection, parent != nil && strings.HasSuffix(parent.Name, "Edge"):
		return below.Cost, below.counting
	}
	cost = plus(plus(w.reads(definition, field), w.passes(parent, definition, field)), below.counting)
	if definition != nil && (definition.Type.Elem != nil || isConnection(definition.Type.Name())) {
		return plus(cost, times(w.rows(parent, definition, field), plus(1, below.Cost))), 0
	}
	return plus(cost, below.Cost), 0
}

// What fields cost that read much more than they answer.
const (
	countCost     = 10   // the rows of a connection, for its totalCount
	conditionCost = 10   // the rows that a condition of a filter passes over
	accountCost   = 20   // all balances of a customer, and what is left of each
	usageCost     = 50   // all usage balances of a customer or site, and their components
	ledgerCost    = 100  // all entries of the ledgers that a field replays
	componentCost = 1000 // the components of all usage balances, for a condition that asks of them
	scanCost      = 5000 // all that the token may read
	searchCost    = 100  // the rows that a search passes over
	wordCost      = 20   // their texts, for each word
)

// reads is what a field costs before it answers a row.
func (w *walk) reads(definition *ast.FieldDefinition, field *ast.Field) int {
	if definition == nil {
		return 1
	}
	cost := 1
	switch definition.Name {
	case "lowBalances":
		cost = scanCost
	case "breakdown", "balanceHistory":
		cost = ledgerCost
	case "expiring", "drawdownPreview":
		cost = accountCost
	case "usageSummary":
		cost = usageCost
	}
	for _, argument := range definition.Arguments {
		isFilter := strings.HasSuffix(argument.Type.Name(), "Filter")
		if !isFilter && argument.Name != "search" {
			continue
		}
		value, ok := w.variables.argument(definition.Arguments, field.Arguments, argument.Name)
		switch {
		case !isFilter:
			cost = plus(cost, search(value))
		case ok:
			cost = plus(cost, times(conditionCost, conditions(value)))
		default: // what is no filter asks one thing
			cost = plus(cost, conditionCost)
		}
	}
	return cost
}

// search is what a search costs: nothing if it has no word, for it looks for nothing then.
func search(value any) int {
	text, _ := value.(string)
	words := len(strings.Fields(text))
	if words == 0 {
		return 0
	}
	return plus(searchCost, times(wordCost, words))
}

// conditions counts what a filter asks of a row: its operators, and filters that ask
// nothing. The members of a list such as that of in are one.
func conditions(filter any) (n int) {
	switch filter := filter.(type) {
	case nil:
		return 0
	case map[string]any:
		for _, member := range filter {
			n += conditions(member)
		}
	case []any:
		for _, member := range filter {
			if inner, ok := member.(map[string]any); ok {
				n += conditions(inner)
			}
		}
	}
	return max(1, n)
}

// passes is what a list costs for the components of all usage balances, which its filter
// makes the database pass over.
func (w *walk) passes(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field) int {
	if definition == nil || parent != w.schema.Query || field.Name != "inclusiveUsageBalances" {
		return 0
	}
	filter, _ := w.variables.argument(definition.Arguments, field.Arguments, "filter")
	customer, _ := w.variables.argument(definition.Arguments, field.Arguments, "customerId")
	if customer != nil || narrows(filter) {
		return 0
	}
	return times(componentCost, ofComponents(filter))
}

// ofComponents counts the fields of a filter that ask of the components of usage balances.
func ofComponents(filter any) (n int) {
	switch filter := filter.(type) {
	case map[string]any:
		for name, member := range filter {
			switch name {
			case "usedRatio", "remaining", "componentId", "chargingType":
				if member != nil {
					n++
				}
			case "and", "or", "not":
				n += ofComponents(member)
			}
		}
	case []any:
		for _, member := range filter {
			n += ofComponents(member)
		}
	}
	return n
}

// narrows reports whether a filter names customers, sites or inventories, whose usage balances
// are few.
func narrows(filter any) bool {
	fields, _ := filter.(map[string]any)
	for _, name := range []string{"customerId", "siteId", "usageProductInventoryId"} {
		operators, _ := fields[name].(map[string]any)
		if operators["eq"] != nil || operators["in"] != nil {
			return true
		}
	}
	return false
}

// rows is how many rows a list counts as.
func (w *walk) rows(parent *ast.Definition, definition *ast.FieldDefinition, field *ast.Field) int {
	switch {
	case isConnection(definition.Type.Name()):
		return w.variables.page(definition, field)
	case definition.Arguments.ForName("ids") != nil:
		return w.variables.length(definition, field, "ids")
	case definition.Name == "balanceHistory":
		return w.variables.windows(definition, field)
	case ofSchema(parent):
		return introspectionRows
	}
	return listRows
}

func isConnection(name string) bool { return strings.HasSuffix(name, "Connection") }
