package auth

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// asking is what a request costs before it is parsed. The operation costs that less.
const asking = 1

// Spending holds the operations of each token to its rate.
type Spending struct {
	limiter *Limiter // by token; nil has no limit
	cost    func(context.Context) int
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationInterceptor
} = Spending{}

// Spending refuses operations that cost more than their token has left. cost tells
// what the operation of ctx costs, 1 at least.
func (g *Guard) Spending(cost func(context.Context) int) Spending { return Spending{g.spent, cost} }

// ExtensionName names the extension for the executor.
func (Spending) ExtensionName() string { return "Spending" }

// Validate accepts every schema.
func (Spending) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters takes the price of asking, also from who asks what will be
// refused. It must be used before what parses requests.
func (s Spending) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	return s.spend(ctx, asking, 0)
}

// InterceptOperation takes what the operation costs beside.
func (s Spending) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if err := s.spend(ctx, s.cost(ctx), asking); err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{err}})
	}
	return next(ctx)
}

func (s Spending) spend(ctx context.Context, cost, paid int) *gqlerror.Error {
	if s.limiter == nil {
		return nil
	}
	principal, _ := For(ctx)
	wait, ok := s.limiter.Spend(principal.TokenID, cost, paid)
	if ok {
		return nil
	}
	return &gqlerror.Error{
		Message:    "the token's operations cost more than it may spend: wait, or ask for less",
		Extensions: map[string]any{"code": apierror.RateLimited, "retryAfter": seconds(wait)},
	}
}
