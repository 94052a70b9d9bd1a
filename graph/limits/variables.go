package limits

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// variables are those that an operation declares, and the values given.
type variables struct {
	declared ast.VariableDefinitionList
	given    map[string]any
	asked    *bool // set when one is looked at; nil where nobody minds
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
	if argument == nil {
		return nil
	}
	return v.value(argument.Value)
}

// value is a value of the document, as if it were given by variables.
func (v variables) value(value *ast.Value) any {
	switch value.Kind {
	case ast.Variable:
		return v.variable(value.Raw)
	case ast.NullValue:
		return nil
	case ast.BooleanValue:
		return value.Raw == "true"
	case ast.ListValue:
		list := make([]any, len(value.Children))
		for i, child := range value.Children {
			list[i] = v.value(child.Value)
		}
		return list
	case ast.ObjectValue:
		object := make(map[string]any, len(value.Children))
		for _, child := range value.Children {
			object[child.Name] = v.value(child.Value)
		}
		return object
	}
	return json.Number(value.Raw)
}

// variable is the value of a variable: the given one, else its default.
func (v variables) variable(name string) any {
	if v.asked != nil {
		*v.asked = true
	}
	if value, ok := v.given[name]; ok {
		return value
	}
	if definition := v.declared.ForName(name); definition != nil && definition.DefaultValue != nil {
		return v.value(definition.DefaultValue)
	}
	return nil
}
