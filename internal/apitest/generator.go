package apitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
)

// Generator makes random operations that fit the schema, with values that it has
// learned from answers and with hostile ones.
type Generator struct {
	*rand.Rand
	Schema *ast.Schema
	Known  map[string][]any // values by the name of their field, some by Type.field
	clean  bool             // the operation has no value that is wrong

	variables map[string]any
	draws     map[string]func() any // of the variables' values
	declared  strings.Builder
	fragments strings.Builder
	names     int
}

// NewGenerator makes a generator, whose operations are a function of the seed and of what it learns.
func NewGenerator(t testing.TB, seed uint64) *Generator {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	return &Generator{Rand: rand.New(rand.NewPCG(seed, 1)), Schema: schema, Known: map[string][]any{"id": {"1", "Customer:99"}}}
}

// Survey asks for all values of the rows of all lists, for Learn.
func (g *Generator) Survey() string {
	var out strings.Builder
	for _, list := range g.Schema.Query.Fields {
		if row := g.Schema.Types[strings.TrimSuffix(list.Type.Name(), "Connection")]; row.Name != list.Type.Name() && !costly[list.Name] {
			fmt.Fprintf(&out, " s_%s: %s { s_edges: edges { __typename s_cursor: cursor s_node: node { ", list.Name, list.Name)
			for _, field := range row.Fields {
				if g.Schema.Types[field.Type.Name()].IsLeafType() && len(field.Arguments) == 0 {
					fmt.Fprintf(&out, "s_%s: %s ", field.Name, field.Name)
				}
			}
			out.WriteString("} } }")
		}
	}
	return "{" + out.String() + " }"
}

// Learn takes the values of an answer to ask for them later.
func (g *Generator) Learn(data json.RawMessage) {
	var v any
	if json.Unmarshal(data, &v) == nil {
		g.learnFrom("", v)
	}
}

func (g *Generator) learnFrom(name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		edge, _ := v["__typename"].(string)
		for name, value := range v {
			if strings.HasSuffix(name, "_cursor") && edge != "" {
				g.learnFrom(edge+".cursor", value)
			}
			_, name, ok := strings.Cut(name, "_")
			if ok {
				g.learnFrom(name, value)
			}
		}
	case []any:
		for _, value := range v {
			g.learnFrom(name, value)
		}
	case string:
		if kind, _, ok := strings.Cut(v, ":"); ok && name == "id" {
			g.learnFrom(kind+".id", v)
		}
		if values := g.Known[name]; len(values) < 200 {
			g.Known[name] = append(values, v)
		} else {
			values[g.IntN(len(values))] = v
		}
	}
}

// name is a new name. The field follows an underscore, for Learn.
func (g *Generator) name(field string) string {
	g.names++
	return fmt.Sprintf("n%d_%s", g.names, field)
}

// Operation makes an operation and the values of its variables.
func (g *Generator) Operation() (string, map[string]any) {
	g.clean, g.variables, g.draws = g.IntN(3) > 0, map[string]any{}, map[string]func() any{}
	g.declared.Reset()
	g.fragments.Reset()
	selections := g.selections(g.Schema.Query, 3+g.IntN(4))
	head := "query"
	if g.declared.Len() > 0 {
		head += "(" + g.declared.String() + ")"
	}
	return head + " " + selections + g.fragments.String(), g.variables
}

// Others are other values of the operation's variables.
func (g *Generator) Others() map[string]any {
	values := make(map[string]any, len(g.draws))
	for _, name := range slices.Sorted(maps.Keys(g.draws)) {
		values[name] = g.draws[name]()
	}
	return values
}

// selections are what is selected of an object.
func (g *Generator) selections(kind *ast.Definition, depth int) string {
	var out strings.Builder
	out.WriteString("{ ")
	for range 1 + g.IntN(4) {
		field := kind.Fields[g.IntN(len(kind.Fields))]
		switch {
		case g.IntN(12) == 0 || g.clean && costly[field.Name]:
			out.WriteString("__typename ")
		case depth > 1 && (g.IntN(10) == 0 && kind != g.Schema.Query || kind.Kind == ast.Interface):
			out.WriteString(g.fragment(kind, depth-1))
		case !strings.HasPrefix(field.Name, "__"):
			out.WriteString(g.field(kind, field, depth))
		}
	}
	out.WriteString("__typename }")
	return out.String()
}

// costly are fields that resolvers alone answer: asked for now and then.
var costly = map[string]bool{
	"nodes": true, "lowBalances": true, "netBalance": true, "netBalances": true, "usageSummary": true, "drawdownPreview": true,
	"balanceHistory": true, "expiring": true, "entitlementSummary": true, "breakdown": true, "specifiers": true, "invoiceSchedule": true,
	"subscriptionConfig": true, "hierarchyConfiguration": true, "applicableProductIds": true, "applicableProductTags": true, "applicableContractIds": true,
}

// field is a field with its arguments, nothing if it leads too deep.
func (g *Generator) field(kind *ast.Definition, field *ast.FieldDefinition, depth int) string {
	result := g.Schema.Types[field.Type.Name()]
	if depth <= 0 && result.IsCompositeType() || costly[field.Name] && (g.IntN(20) > 0 && kind != g.Schema.Types["BillRun"]) {
		return ""
	}
	out := g.name(field.Name) + ": " + field.Name
	if arguments := g.arguments(field); arguments != "" {
		out += "(" + arguments + ")"
	}
	out += g.directive()
	if result.IsCompositeType() {
		if strings.HasSuffix(result.Name, "Connection") || strings.HasSuffix(result.Name, "Edge") || result.Name == "PageInfo" {
			depth++ // as deep as its rows
		}
		out += " " + g.selections(result, depth-1)
	}
	return out + " "
}

// arguments are those that a field requires, a page that is not too large, and some
// others.
func (g *Generator) arguments(field *ast.FieldDefinition) string {
	var out []string
	page := []string{"first", "after"}
	if g.IntN(4) == 0 {
		page = []string{"last", "before"}
	}
	for _, a := range field.Arguments {
		required := a.Type.NonNull && a.DefaultValue == nil
		chance := 5
		switch a.Name {
		case "first", "last", "after", "before":
			if a.Name != page[0] && a.Name != page[1] {
				chance = 100
			} else if a.Name == page[0] {
				chance = 1
			}
		case "id":
			chance = 1
		case "filter", "orderBy":
			chance = 3
		}
		if !required && g.IntN(chance) > 0 {
			continue
		}
		name := a.Name
		switch name {
		case "id":
			if name = field.Type.Name() + ".id"; field.Name == "node" {
				name = "id" // any
			}
		case "after", "before":
			name = strings.TrimSuffix(field.Type.Name(), "Connection") + "Edge.cursor"
		case "externalId":
			if g.clean {
				continue
			}
		}
		draw := func() any { return g.value(name, a.Type, 2) }
		if g.IntN(2) == 0 {
			out = append(out, a.Name+": "+g.variable(a.Type.String(), draw))
		} else {
			out = append(out, a.Name+": "+graphqlOf(draw()))
		}
	}
	return strings.Join(out, ", ")
}
