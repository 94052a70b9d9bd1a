package auth

import (
	"context"
	"net/http"
	"time"

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
		if answer, ok := ctx.Value(answerKey{}).(*answer); ok {
			answer.wait = wait
		}
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{{
			Message:    "the token's operations cost more than it may spend: wait, or ask for less",
			Extensions: map[string]any{"code": apierror.RateLimited, "retryAfter": seconds(wait)},
		}}})
	}
}

type answerKey struct{}

// answer turns the answer to a refused operation into 429 with Retry-After, which
// is known only once the operation is.
type answer struct {
	http.ResponseWriter
	wait  time.Duration // 0 unless refused
	wrote bool
}

// serve hands a request on, so that Operation reaches its answer.
func (g *Guard) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if g.spent != nil {
		a := &answer{ResponseWriter: w}
		w, r = a, r.WithContext(context.WithValue(r.Context(), answerKey{}, a))
	}
	next.ServeHTTP(w, r)
}

// WriteHeader sends the status, 429 if the operation was refused.
func (a *answer) WriteHeader(status int) {
	if !a.wrote && a.wait > 0 {
		status = http.StatusTooManyRequests
		a.Header().Set("Retry-After", retryAfter(a.wait))
	}
	a.wrote = true
	a.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (a *answer) Write(body []byte) (int, error) {
	if !a.wrote {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(body)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
