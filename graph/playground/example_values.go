package playground

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// call writes a field with the arguments that it needs and those that are given, and
// asks for three rows of a list. It reports false where an argument has no example.
func (w exampleWriter) call(owner *ast.Definition, field *ast.FieldDefinition, given map[string]string) (string, bool) {
	var arguments []string
	for _, argument := range field.Arguments {
		value, ok := given[argument.Name]
		switch {
		case ok:
		case argument.Name == "first":
			value = "3"
		case owner == w.schema.Query && argument.Name == "id":
			if value, ok = knownID(field.Type.Name()); !ok {
				return "", false
			}
		case argument.Type.NonNull && argument.DefaultValue == nil:
			value = w.value(argument.Type, argument.Name)
		default:
			continue
		}
		arguments = append(arguments, argument.Name+": "+value)
	}
	if len(arguments) == 0 {
		return field.Name, true
	}
	return field.Name + "(" + strings.Join(arguments, ", ") + ")", true
}

// knownID is the ID of a row that the demo data has, whichever day they are made.
func knownID(typename string) (string, bool) {
	switch typename {
	case "Customer", "Site", "UsageProductInventory":
		return `"` + typename + `:1"`, true
	case "Node":
		return `"Customer:1"`, true
	}
	return "", false
}

// value is an example of a value of an argument or of a field of an input.
func (w exampleWriter) value(of *ast.Type, name string) string {
	definition := w.schema.Types[of.Name()]
	text := valuesByName[name]
	switch {
	case definition.IsLeafType() && text != "":
	case definition.Kind == ast.Enum:
		var values []string
		for _, value := range definition.EnumValues {
			values = append(values, value.Name)
		}
		text = preferred(values, "NAME", "UPDATED_AT")
	case definition.Kind == ast.InputObject:
		text = w.object(definition)
	default:
		text = cmp.Or(valuesByType[definition.Name], `"1"`)
	}
	return listed(of, text)
}

// object is an example of an input: what it must have, or else one condition.
func (w exampleWriter) object(definition *ast.Definition) string {
	fields := w.required(definition, "")
	if definition.Fields.ForName("direction") != nil {
		fields = append(fields, "direction: DESC")
	}
	if len(fields) == 0 {
		var conditions []string
		for _, field := range definition.Fields {
			if field.Type.Name() != definition.Name && field.Name != "id" { // not and, or, not
				conditions = append(conditions, field.Name)
			}
		}
		if len(conditions) > 0 {
			field := definition.Fields.ForName(preferred(conditions, "name", "like", "gte", "key"))
			fields = append(fields, field.Name+": "+w.value(field.Type, field.Name))
		}
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// preferred is the first of the names that a list has, and else the list's own first.
func preferred(list []string, names ...string) string {
	for _, name := range names {
		if slices.Contains(list, name) {
			return name
		}
	}
	return list[0]
}

// valuesByName and valuesByType are values that suit the demo data.
var valuesByName = map[string]string{
	"customerId": `"Customer:1"`, "ids": `"Customer:1"`, "timeZone": `"UTC"`, "key": `"team"`, "withinDays": "30",
	"from": `"2025-09-01T00:00:00Z"`, "to": `"2025-10-01T00:00:00Z"`, "granularity": "DAY",
}

var valuesByType = map[string]string{
	"String": `"a"`, "ID": `"1"`, "Int": "3", "Float": "0.5", "Boolean": "true",
	"Decimal": `"100"`, "Date": `"2025-09-01"`, "DateTime": `"2025-09-01T00:00:00Z"`, "LocalDateTime": `"2025-09-01T00:00:00"`,
}

// listed writes a value as a list where the type is one.
func listed(of *ast.Type, text string) string {
	if of.Elem != nil {
		return "[" + text + "]"
	}
	return text
}

// required are the fields that an input must have, but for one that is given.
func (w exampleWriter) required(definition *ast.Definition, given string) []string {
	var fields []string
	for _, field := range definition.Fields {
		if field.Type.NonNull && field.DefaultValue == nil && field.Name != given {
			fields = append(fields, field.Name+": "+w.value(field.Type, field.Name))
		}
	}
	return fields
}

// holding is a value of an argument or field that has one of wanted in it, at most depth
// objects deep.
func (w exampleWriter) holding(of *ast.Type, name string, wanted *ast.Definition, depth int) (string, bool) {
	definition := w.schema.Types[of.Name()]
	if definition == wanted {
		return w.value(of, name), true
	}
	if definition.Kind != ast.InputObject || depth == 0 {
		return "", false
	}
	for _, field := range definition.Fields {
		if field.Type.Name() == definition.Name {
			continue // and, or, not
		}
		if value, ok := w.holding(field.Type, field.Name, wanted, depth-1); ok {
			return listed(of, "{"+strings.Join(append(w.required(definition, field.Name), field.Name+": "+value), ", ")+"}"), true
		}
	}
	return "", false
}
