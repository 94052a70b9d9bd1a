package auth

import (
	"context"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// asking is what a request costs before it is parsed. The operation costs that less.
const asking = 1

// Ask takes the price of asking from the token of ctx, or tells why it can't be paid.
func (g *Guard) Ask(ctx context.Context) *gqlerror.Error { return g.spend(ctx, asking, 0) }

// Pay takes what an operation costs, 1 at least, but for the price of asking, or tells
// why it can't be paid.
func (g *Guard) Pay(ctx context.Context, cost int) *gqlerror.Error { return g.spend(ctx, cost, asking) }

func (g *Guard) spend(ctx context.Context, cost, paid int) *gqlerror.Error {
	if g.spent == nil {
		return nil
	}
	principal, _ := For(ctx)
	wait, ok := g.spent.Spend(principal.TokenID, cost, paid)
	if ok {
		return nil
	}
	g.refused(RateLimit)
	return &gqlerror.Error{
		Message:    "the token's operations cost more than it may spend: wait, or ask for less",
		Extensions: map[string]any{"code": apierror.RateLimited, "retryAfter": seconds(wait)},
	}
}
