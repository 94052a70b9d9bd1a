package transport

import (
	"maps"

	"github.com/vektah/gqlparser/v2/ast"
)

// PublicSchema is the schema as clients may use it. It lacks the directive @defer, which
// gqlgen adds: an answer is sent in one piece, in which the resolvers leave null for what is
// deferred. It lacks @scope, too, which only the server reads, and of which introspection
// could not show where it stands.
func PublicSchema(schema *ast.Schema) *ast.Schema {
	public := *schema
	public.Directives = maps.Clone(schema.Directives)
	delete(public.Directives, "defer")
	delete(public.Directives, "scope")
	return &public
}
