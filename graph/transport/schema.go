package transport

import (
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
)

// Whole is the schema without the directive @defer, which the executor brings. An
// answer is sent in one piece, and the executor leaves null in it for what is
// deferred. It is also without @scope, which serves the server, and of which introspection could
// show no use.
func Whole(schema *ast.Schema) *ast.Schema {
	whole := *schema
	whole.Directives = maps.Clone(schema.Directives)
	delete(whole.Directives, "defer")
	delete(whole.Directives, "scope")
	return &whole
}
