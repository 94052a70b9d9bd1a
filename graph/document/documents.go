// Package document finds, parses, validates and remembers the documents of requests,
// persisted and trusted ones too, and refuses those that are past a limit.
package document

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Documents holds the documents of requests to a schema and to Settings.
type Documents struct {
	memory
	settings Settings
	schema   *ast.Schema
	trusted  trusted
}

// New makes Documents. It fails if the trusted documents can't be read.
func New(settings Settings, schema *ast.Schema, log *slog.Logger) (*Documents, error) {
	trusted, err := readTrusted(settings, log)
	if err != nil {
		return nil, err
	}
	return &Documents{memory: newMemory(), settings: settings, schema: schema, trusted: trusted}, nil
}

// Find returns the operation of a request, which is never nil, and the errors for which it
// is refused, each with its code. It puts the text of a persisted or trusted document into
// the request.
func (d *Documents) Find(ctx context.Context, request *graphql.RawParams) (*Operation, gqlerror.List) {
	found := d.newOperation(ctx, request)
	return found, d.load(ctx, request, found)
}
