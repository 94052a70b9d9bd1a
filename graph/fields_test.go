package graph_test

import (
	goast "go/ast"
	"go/token"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/apitest"
)

// TestFieldSets holds what graph's own sets of fields take for granted: no unions, and
// one interface, which all nodes have.
func TestFieldSets(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	for name, definition := range schema.Types {
		if definition.Kind == ast.Union || definition.Kind == ast.Interface && name != "Node" {
			t.Errorf("%s is a %s", name, definition.Kind)
		}
	}
}

// TestFieldMiddleware holds that nothing but the check of scopes stands around fields:
// for tokens with all scopes the generated code passes by whatever does.
func TestFieldMiddleware(t *testing.T) {
	apitest.Sources(t, func(path string, file *goast.File, _ func(from, to token.Pos) string) {
		goast.Inspect(file, func(n goast.Node) bool {
			name, ok := n.(*goast.Ident)
			around := ok && (name.Name == "ResolverMiddleware" || name.Name == "AroundFields" || name.Name == "InterceptField")
			if around && path != "graph/auth/fields.go" {
				t.Errorf("%s: %s", path, name.Name)
			}
			return true
		})
	})
}
