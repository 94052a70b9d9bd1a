package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/document/cost"
)

// DryRun is the request header X-GraphQL-Cost as net/http spells it. With the value only,
// an operation is checked like any other and not run: its answer has its cost.
const DryRun = "X-Graphql-Cost"

// Operation is the operation of a request, as far as it is known: that of a request that is
// refused may have only its limit.
type Operation struct {
	Document  *ast.QueryDocument       // nil if it was refused before it was validated
	Selected  *ast.OperationDefinition // nil if the document has none of the name
	Variables map[string]any           // the values, coerced to their types
	Dry       bool                     // whether only the cost is asked for
	tally     cost.Tally
	limit     int // of the cost
}

// newOperation is the operation of a request whose document is not known yet.
func (d *Documents) newOperation(ctx context.Context, request *graphql.RawParams) *Operation {
	limit := d.settings.MaxCost
	if principal, ok := auth.For(ctx); ok && principal.CostLimit != 0 {
		limit = principal.CostLimit
	}
	return &Operation{limit: limit, Dry: request.Headers.Get(DryRun) == "only"}
}

// Price is what an operation takes from its token: its cost, and at most 1 of a dry run. It
// is 0 if the operation is not known.
func (o *Operation) Price() int {
	if o.Dry {
		return min(o.tally.Cost, 1)
	}
	return o.tally.Cost
}

// Extensions are those of the answer: the cost of the operation and its limit.
func (o *Operation) Extensions() map[string]any {
	return map[string]any{"cost": struct {
		Requested int `json:"requested"`
		Limit     int `json:"limit"`
	}{o.tally.Cost, o.limit}}
}
