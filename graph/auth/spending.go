package auth

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// Operation refuses operations that cost more than their token has left. cost tells
// what the operation of ctx costs.
func (g *Guard) Operation(cost func(context.Context) int) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		if g.spent == nil {
			return next(ctx)
		}
		principal, _ := For(ctx)
		wait, ok := g.spent.Spend(principal.TokenID, cost(ctx))
		if ok {
			return next(ctx)
		}
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{{
			Message:    "the token's operations cost more than it may spend: wait, or ask for less",
			Extensions: map[string]any{"code": apierror.RateLimited, "retryAfter": seconds(wait)},
		}}})
	}
}
