package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/auth"
)

// DryRun is the request header that asks what an operation costs: X-GraphQL-Cost:
// only. The operation is checked like any other, and not run. It is spelt as headers are
// kept.
const DryRun = "X-Graphql-Cost"

// Documents finds, parses and checks the documents of requests.
type Documents struct {
	memory
	settings Settings
	schema   *ast.Schema
	trusted  trusted
}

// Operation is what became of the operation of a request.
type Operation struct {
	Document  *ast.QueryDocument
	Selected  *ast.OperationDefinition
	Variables map[string]any // coerced
	Dry       bool           // only the cost is asked for
	tally     tally
	limit     int // of the cost
}

// Find finds the document of a request, puts its text there if it is a persisted one,
// and refuses one that is past a limit or not valid.
func (d *Documents) Find(ctx context.Context, request *graphql.RawParams) (*Operation, gqlerror.List) {
	limit := d.settings.MaxCost
	if principal, ok := auth.For(ctx); ok && principal.CostLimit != 0 {
		limit = principal.CostLimit
	}
	found := &Operation{limit: limit, Dry: request.Headers.Get(DryRun) == "only"}
	return found, d.take(ctx, request, found)
}

// Price is what an operation takes from its token: its cost, but 1 of a dry run. It is 0
// if there is none, or if its document was refused before it was known.
func (o *Operation) Price() int {
	switch {
	case o == nil:
		return 0
	case o.Dry:
		return min(o.tally.cost, 1)
	}
	return o.tally.cost
}

// Operation is the one that was chosen, nil if there is none.
func (o *Operation) Operation() *ast.OperationDefinition {
	if o == nil {
		return nil
	}
	return o.Selected
}

// Extensions are what the answer tells in extensions: the cost of the operation, if
// there is one.
func (o *Operation) Extensions() map[string]any {
	if o == nil {
		return map[string]any{}
	}
	return map[string]any{"cost": struct {
		Requested int `json:"requested"`
		Limit     int `json:"limit"`
	}{o.tally.cost, o.limit}}
}
