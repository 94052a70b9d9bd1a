package auth

import (
	"context"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
)

// asking is what a request costs before it is parsed. It is a part of the price of the
// operation.
const asking = 1

// Ask takes the price of a request, 1, from the token of ctx. It returns RATE_LIMITED if
// the token can't pay.
func (g *Guard) Ask(ctx context.Context) *gqlerror.Error { return g.spend(ctx, asking, 0) }

// Pay takes the rest of the price of an operation from the token of ctx: its cost less what
// Ask took. It takes nothing and returns RATE_LIMITED if the token can't pay.
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
		Extensions: map[string]any{"code": fault.RateLimited, "retryAfter": seconds(wait)},
	}
}
