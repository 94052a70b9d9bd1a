package cost

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/graph/document/documenttest"
)

// naive tallies a selection from its root to its leaves, writing out each fragment
// wherever it is spread. It has no bound.
type naive struct {
	walk
	Tally
}

// visit adds what is selected at a depth, in as many rows, of as many
// connections. Depth is that of fields that count for it.
func (n *naive) visit(parent *ast.Definition, selections ast.SelectionSet, root bool, depth, rows, lists int) {
	for _, selection := range selections {
		switch selection := selection.(type) {
		case *ast.Field:
			n.field(parent, selection, root, depth, rows, lists)
		case *ast.InlineFragment:
			kind := parent
			if selection.TypeCondition != "" {
				kind = n.schema.Types[selection.TypeCondition]
			}
			n.visit(kind, selection.SelectionSet, root, depth, n.unless(rows, selection.Directives), n.shown(lists, selection.Directives))
		case *ast.FragmentSpread:
			fragment := n.document.Fragments.ForName(selection.Name)
			n.Directives += len(fragment.Directives)
			n.visit(n.schema.Types[fragment.TypeCondition], fragment.SelectionSet, root, depth, n.unless(rows, selection.Directives), n.shown(lists, selection.Directives))
		}
	}
}

func (n *naive) unless(rows int, directives ast.DirectiveList) int {
	n.Directives += len(directives)
	return n.shown(rows, directives)
}

func (n *naive) shown(rows int, directives ast.DirectiveList) int {
	if n.variables.skip(directives) {
		return 0
	}
	return rows
}

func (n *naive) field(parent *ast.Definition, field *ast.Field, root bool, depth, rows, lists int) {
	rows, lists = n.unless(rows, field.Directives), n.shown(lists, field.Directives)
	if root {
		n.Tally.Root++
	}
	if field.Alias != field.Name {
		n.Aliases++
	}
	n.ReadsSchema = n.ReadsSchema || readsSchema(parent, field.Name)
	if ofSchema(parent) {
		n.Introspection++
	} else {
		n.Fields++
		depth++
		n.Depth = max(n.Depth, depth)
	}
	definition, kind := n.definition(parent, field.Name)
	inConnection := parent != nil && strings.HasSuffix(parent.Name, "Connection")
	switch {
	case len(field.SelectionSet) == 0:
		if inConnection && field.Name == "totalCount" {
			n.Tally.Cost += lists * countCost
		}
		return
	case inConnection || parent != nil && strings.HasSuffix(parent.Name, "Edge"):
	default:
		lists = rows
		n.Tally.Cost += rows * n.reads(definition, field)
		if definition != nil && (strings.HasSuffix(definition.Type.Name(), "Connection") || definition.Type.Elem != nil) {
			rows *= n.rows(parent, definition, field)
			n.Tally.Cost += rows
		}
	}
	n.visit(kind, field.SelectionSet, false, depth, rows, lists)
}

// drawSelections draws what is selected of a type. Fragments of a higher number can be
// spread, so that none is inside itself.
func drawSelections(t *rapid.T, schema *ast.Schema, kind *ast.Definition, depth, fragment int) string {
	var out strings.Builder
	for range rapid.IntRange(1, 3).Draw(t, "selections") {
		directives := rapid.SampledFrom([]string{"", "", "", " @include(if: $yes)", " @skip(if: true)", " @include(if: false)", " @skip(if: $no) @include(if: $unset)"}).Draw(t, "directives")
		switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
		case what == 0 && fragment < len(fragmentTypes):
			fmt.Fprintf(&out, " ...F%d%s", rapid.IntRange(fragment, len(fragmentTypes)-1).Draw(t, "fragment"), directives)
		case what == 1:
			fmt.Fprintf(&out, " ...%s {%s }", directives, drawSelections(t, schema, kind, depth-1, fragment))
		case what == 2 || kind == nil || len(kind.Fields) == 0:
			fmt.Fprintf(&out, " unknown%s", directives)
		default:
			field := rapid.SampledFrom(kind.Fields).Draw(t, "field")
			alias := rapid.SampledFrom([]string{"", "", "a: ", field.Name + ": "}).Draw(t, "alias")
			argument := rapid.SampledFrom([]string{"", "(first: 3)", "(last: 0)", "(first: $n)", "(first: $big, last: 2)", "(first: null)", "(first: $d)", `(ids: ["a", "b", "c"])`}).Draw(t, "argument")
			fmt.Fprintf(&out, " %s%s%s%s", alias, field.Name, argument, directives)
			if below := schema.Types[field.Type.Name()]; below.IsCompositeType() && depth > 0 {
				fmt.Fprintf(&out, " {%s }", drawSelections(t, schema, below, depth-1, fragment))
			}
		}
	}
	return out.String()
}

var fragmentTypes = []string{"Query", "Customer", "SiteConnection", "InclusiveUsageBalance", "Node", "Nothing", "__Type"}

// TestWalk holds that the walk, which walks a fragment once and stops counting at most,
// finds what a walk finds that does neither.
func TestWalk(t *testing.T) {
	schema := documenttest.Schema(t, "../../../schema.graphqls")
	rapid.Check(t, func(t *rapid.T) {
		text := "query($n: Int, $big: Int, $d: Int = 4, $yes: Boolean!, $no: Boolean = true, $unset: Boolean) {" + drawSelections(t, schema, schema.Query, 5, 0) + " }"
		for i, kind := range fragmentTypes {
			text += fmt.Sprintf(" fragment F%d on %s @x {%s }", i, kind, drawSelections(t, schema, schema.Types[kind], 3, i+1))
		}
		document := documenttest.Parse(t, text)
		operation := document.Operations[0]
		given := map[string]any{"n": rapid.IntRange(0, 20).Draw(t, "n"), "big": 1 << 40, "d": 4, "yes": rapid.Bool().Draw(t, "yes"), "no": true}
		w := walk{schema, document, variables{schema: schema, values: given}, map[string]Tally{}}
		n := naive{walk: w}
		n.visit(schema.Query, operation.SelectionSet, true, 0, 1, 0)
		want := n.Tally
		want.Cost = min(max(want.Cost, 1), most)
		if diff := cmp.Diff(want, w.operation(operation), cmp.AllowUnexported(Tally{})); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
	})
}

// TestWalkEnds holds that a walk ends where writing out fragments would not.
func TestWalkEnds(t *testing.T) {
	schema := documenttest.Schema(t, "../../../schema.graphqls")
	for _, tt := range []struct {
		name, text string
		want       Tally
	}{
		{"bomb", documenttest.Bomb(), Tally{Cost: most, Fields: most, Depth: 3, Root: most}},
		{"bomb of nothing", strings.Replace(documenttest.Bomb(), "customers { nodes { id } }", "...Gone", 1), Tally{Cost: 1, Fields: most}},
		{"cycle", "{ ...A } fragment A on Query { customers { nodes { ...B } } } fragment B on Customer { name ...A }", Tally{Cost: 51, Fields: 4, Depth: 3, Root: 1}},
		{"cycles", "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }", Tally{Cost: 1, Fields: 4}},
		{"of itself", "{ ...A } fragment A on Query { ...A }", Tally{Cost: 1, Fields: 1}},
		{"no such operation type", "subscription { a { b } }", Tally{Cost: 1, Fields: 2, Depth: 2, Root: 1}},
		{"of unknown types", "{ ...A ... on Gone { a { b } } } fragment A on Gone { c }", Tally{Cost: 1, Fields: 3, Depth: 2, Root: 2}},
	} {
		document := documenttest.Parse(t, tt.text)
		w := walk{schema, document, variables{schema: schema}, map[string]Tally{}}
		if diff := cmp.Diff(tt.want, w.operation(document.Operations[0]), cmp.AllowUnexported(Tally{})); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
