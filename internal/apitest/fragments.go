package apitest

import (
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// fragment is a selection in a fragment, named or not.
func (g *Generator) fragment(kind *ast.Definition, depth int) string {
	condition := kind.Name
	if possible := g.Schema.PossibleTypes[kind.Name]; kind.Kind == ast.Interface {
		condition = possible[g.IntN(len(possible))].Name
	}
	if len(kind.Interfaces) > 0 && g.IntN(4) == 0 {
		condition = kind.Interfaces[0]
	}
	selections := g.selections(g.Schema.Types[condition], depth)
	switch g.IntN(3) {
	case 0:
		return "..." + g.directive() + conditioned(selections, condition, kind.Name)
	case 1:
		return "... on " + condition + g.directive() + " " + selections + " "
	default:
		name := g.name("F")
		fmt.Fprintf(&g.fragments, " fragment %s on %s %s", name, condition, selections)
		return "..." + name + g.directive() + " ..." + name + " "
	}
}

// conditioned needs a condition where it is not the object's own.
func conditioned(selections, condition, own string) string {
	if condition != own {
		return " { ... on " + condition + selections + " } "
	}
	return " " + selections + " "
}

// directive is @include or @skip, or nothing.
func (g *Generator) directive() string {
	if g.IntN(3) > 0 {
		return ""
	}
	value := strconv.FormatBool(g.IntN(2) == 0)
	if g.IntN(2) == 0 {
		value = g.variable("Boolean!", func() any { return g.IntN(2) == 0 })
	}
	return []string{" @include(if: ", " @skip(if: "}[g.IntN(2)] + value + ")"
}

// variable declares a variable of a type, with a value that is drawn, and names it.
func (g *Generator) variable(kind string, draw func() any) string {
	g.names++
	name := fmt.Sprintf("v%d", g.names)
	fmt.Fprintf(&g.declared, "$%s: %s ", name, kind)
	g.variables[name], g.draws[name] = draw(), draw
	return "$" + name
}
