package apitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// enumValue is a value of an enum, which is no text as a literal.
type enumValue string

// value is a value for an argument or an input field.
func (g *Generator) value(name string, kind *ast.Type, depth int) any {
	if !kind.NonNull && g.IntN(30) == 0 {
		return nil
	}
	if kind.Elem != nil {
		if g.IntN(8) == 0 && kind.Elem.NonNull {
			return g.value(name, kind.Elem, depth) // one value for a list
		}
		list := []any{}
		for range g.IntN(3) {
			list = append(list, g.value(name, kind.Elem, depth))
		}
		return list
	}
	definition := g.Schema.Types[kind.Name()]
	switch definition.Kind {
	case ast.Enum:
		return enumValue(definition.EnumValues[g.IntN(len(definition.EnumValues))].Name)
	case ast.InputObject:
		return g.input(name, definition, depth)
	}
	return g.scalar(name, kind.Name())
}

// input is an input object: what it requires, and some of the rest.
func (g *Generator) input(name string, definition *ast.Definition, depth int) any {
	object := map[string]any{}
	isOrder := strings.HasSuffix(definition.Name, "Order")
	for _, field := range definition.Fields {
		deep := slices.Contains([]string{"and", "or", "not"}, field.Name)
		chance := max(2, len(definition.Fields)/2)
		switch {
		case field.Type.NonNull:
			chance = 1
		case deep && depth == 0:
			continue
		case isOrder:
			chance = 3
		}
		if g.IntN(chance) > 0 {
			continue
		}
		inner, below := field.Name, depth
		if inner == "id" {
			inner = strings.TrimSuffix(definition.Name, "Filter") + ".id"
		}
		if strings.HasSuffix(definition.Name, "Filter") && g.Schema.Types[field.Type.Name()].Kind != ast.InputObject {
			inner = name // an operator compares with values of the field that it is of
		}
		if deep {
			below--
		}
		object[field.Name] = g.value(inner, field.Type, below)
	}
	return object
}

// scalar is a value of a scalar, as a rule one that was seen in a field of this name.
func (g *Generator) scalar(name, scalar string) any {
	known := g.Known[name]
	if len(known) > 0 && scalar != "Int" && scalar != "Boolean" && (g.clean || g.IntN(4) > 0) {
		return known[g.IntN(len(known))]
	}
	right, wrong := rightValues[scalar], wrongValues[scalar]
	switch {
	case strings.HasSuffix(name, ".cursor"):
		right, wrong = []any{""}, []any{"garbage", g.Known["BillRunEdge.cursor"][0]}
	case scalar == "ID":
		wrong = g.Known["id"]
	case scalar == "String":
		wrong = []any{HostileTexts[g.IntN(len(HostileTexts)-3)]} // but the longest
	}
	if g.clean || g.IntN(2) == 0 || len(wrong) == 0 {
		return right[g.IntN(len(right))]
	}
	return wrong[g.IntN(len(wrong))]
}

// rightValues are what may be asked for, by scalar, and wrongValues what may not.
var (
	rightValues = map[string][]any{
		"Int":      {0, 1, 1, 2, 2, 3, 5, 5, 8, 20, 50},
		"Boolean":  {true, false},
		"Float":    {0.5, 0.9, 1, 0, -1},
		"DateTime": {"2025-09-01T00:00:00Z", "2024-01-01T00:00:00+02:00", 1735689600000, "2026-01-01T00:00:00.000001Z"},
		"Date":     {"2025-09-01", "2024-02-29", "2026-01-01"},
		"Decimal":  {"0", "12.5", 100, -1, 0.25},
		"ID":       {"1", 2, "7"},
		"String":   {"a", "", "1"},
	}
	wrongValues = map[string][]any{
		"Int":      {-1, 501, 1001},
		"DateTime": {"soon", ""},
		"Date":     {"2025-02-30"},
		"Decimal":  {"1.0000001", "x"},
	}
)

// graphqlOf writes a value as GraphQL.
func graphqlOf(v any) string {
	switch v := v.(type) {
	case enumValue:
		return string(v)
	case []any:
		var out []string
		for _, member := range v {
			out = append(out, graphqlOf(member))
		}
		return "[" + strings.Join(out, ", ") + "]"
	case map[string]any:
		var out []string
		for name, member := range v {
			out = append(out, name+": "+graphqlOf(member))
		}
		slices.Sort(out)
		return "{" + strings.Join(out, ", ") + "}"
	case string:
		quoted, _ := json.Marshal(v) // texts always marshal
		return string(quoted)
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}
