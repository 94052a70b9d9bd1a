package limits

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
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

// variables are those that an operation declares, and the values given.
type variables struct {
	declared ast.VariableDefinitionList
	given    map[string]any
}

// page is the number of rows that first or last asks for. A value that the resolver
// will refuse counts as the largest page.
func (v variables) page(field *ast.Field) int {
	rows := -1
	for _, name := range []string{"first", "last"} {
		if value := v.argument(field.Arguments.ForName(name)); value != nil {
			size, err := strconv.Atoi(fmt.Sprint(value))
			if err != nil || size < 0 || size > relay.MaxLimit {
				size = relay.MaxLimit
			}
			rows = max(rows, size)
		}
	}
	if rows < 0 {
		return relay.DefaultLimit
	}
	return rows
}

// windows is the number of windows that a history asks for. Arguments that the
// resolver will refuse count as the most windows.
func (v variables) windows(field *ast.Field) int {
	text := func(name string) string {
		if value := v.argument(field.Arguments.ForName(name)); value != nil {
			return fmt.Sprint(value)
		}
		return ""
	}
	instant := func(name string) (at models.DateTime) {
		if at.UnmarshalGQL(text(name)) != nil && at.UnmarshalGQL(json.Number(text(name))) != nil {
			return 0
		}
		return at
	}
	zone := text("timeZone")
	if zone == "" {
		zone = "UTC"
	}
	borders, err := models.Borders(instant("from"), instant("to"), models.Granularity(text("granularity")), zone)
	if err != nil {
		return models.MaxWindows
	}
	return len(borders) - 1
}

// length is the number of members of a list. A single value is a list of one.
func (v variables) length(argument *ast.Argument) int {
	switch value := v.argument(argument).(type) {
	case nil:
		return 0
	case []any:
		return len(value)
	}
	return 1
}

// skip reports whether directives surely leave something out.
func (v variables) skip(directives ast.DirectiveList) bool {
	return slices.ContainsFunc(directives, func(directive *ast.Directive) bool {
		condition, ok := v.argument(directive.Arguments.ForName("if")).(bool)
		return ok && (directive.Name == "skip" && condition || directive.Name == "include" && !condition)
	})
}

// argument is the value of an argument, nil if it is null or not given.
func (v variables) argument(argument *ast.Argument) any {
	switch {
	case argument == nil:
		return nil
	case argument.Value.Kind != ast.Variable:
		return literal(argument.Value)
	}
	if value, ok := v.given[argument.Value.Raw]; ok {
		return value
	}
	if definition := v.declared.ForName(argument.Value.Raw); definition != nil && definition.DefaultValue != nil {
		return literal(definition.DefaultValue)
	}
	return nil
}

// literal is a value of the document. Only the number of members is told of a list.
func literal(value *ast.Value) any {
	switch value.Kind {
	case ast.NullValue:
		return nil
	case ast.BooleanValue:
		return value.Raw == "true"
	case ast.ListValue:
		return make([]any, len(value.Children))
	}
	return json.Number(value.Raw)
}
