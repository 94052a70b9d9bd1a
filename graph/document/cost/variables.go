package cost

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// variables are the coerced values of an operation's variables. There are none while it
// is not yet certain that the document is valid.
type variables struct {
	schema  *ast.Schema
	values  map[string]any
	refused bool  // the values sent are not of their types
	used    *bool // set when the tally depends on one; may be nil
}

// page is the number of rows that first or last asks for. A value that the resolver
// will refuse counts as the largest page.
func (v variables) page(definition *ast.FieldDefinition, field *ast.Field) int {
	rows := -1
	for _, name := range []string{"first", "last"} {
		if field.Arguments.ForName(name) == nil {
			continue
		}
		value, ok := v.argument(definition.Arguments, field.Arguments, name)
		size, given := value.(int)
		switch {
		case !ok, size < 0, size > store.MaxLimit:
			rows = store.MaxLimit
		case given:
			rows = max(rows, size)
		}
	}
	if rows < 0 {
		return store.DefaultLimit
	}
	return rows
}

// windows is the number of windows that a history asks for. Arguments that the
// resolver will refuse count as the most windows.
func (v variables) windows(definition *ast.FieldDefinition, field *ast.Field) int {
	argument := func(name string) any {
		value, _ := v.argument(definition.Arguments, field.Arguments, name)
		return value
	}
	from, _ := argument("from").(scalar.DateTime)
	to, _ := argument("to").(scalar.DateTime)
	granularity, _ := argument("granularity").(string)
	zone, _ := argument("timeZone").(string)
	borders, err := models.Borders(from, to, models.Granularity(granularity), zone)
	if err != nil {
		return models.MaxWindows
	}
	return len(borders) - 1
}

// length is the number of members of a list.
func (v variables) length(definition *ast.FieldDefinition, field *ast.Field, name string) int {
	value, _ := v.argument(definition.Arguments, field.Arguments, name)
	list, _ := value.([]any)
	return len(list)
}

// skip reports whether directives surely leave something out.
func (v variables) skip(directives ast.DirectiveList) bool {
	for _, directive := range directives {
		for _, argument := range directive.Arguments {
			v.use(argument)
		}
	}
	return coerce.Skips(v.schema, directives, v.values)
}

// argument is the value of an argument or its default, nil if it is null or has no value.
// It is false for what is not of its type, for which the operation is refused.
func (v variables) argument(definitions ast.ArgumentDefinitionList, given ast.ArgumentList, name string) (any, bool) {
	definition, argument := definitions.ForName(name), given.ForName(name)
	if definition == nil {
		return nil, true
	}
	v.use(argument)
	if v.refused && argument != nil && coerce.HasVariable(argument.Value) {
		return nil, false
	}
	value, _, err := coerce.Argument(v.schema, definition, argument, v.values)
	return value, err == nil
}

// use notes an argument whose value depends on a variable. There may be none.
func (v variables) use(argument *ast.Argument) {
	if v.used != nil && argument != nil && coerce.HasVariable(argument.Value) {
		*v.used = true
	}
}
