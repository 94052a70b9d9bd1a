// Package apierror holds the errors that a client may read. Any other error is
// logged for the operator, and the client sees only that something went wrong.
package apierror

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
)

// Refusal is the answer to an operation that is not run.
func Refusal(e *fault.Error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{Message: e.Message, Extensions: extensions(e)}}}
}

func extensions(e *fault.Error) map[string]any {
	extensions := map[string]any{"code": e.Code}
	if e.RetryAfter > 0 {
		extensions["retryAfter"] = e.RetryAfter
	}
	return extensions
}

// maxMessage bounds the messages of the parser and the validator, which repeat names
// of any length, in bytes.
const maxMessage = 300

// Presenter turns an error into the one that goes on the wire, and into none past
// maxGathered errors of an operation. It is the one place where an unexpected error is
// logged. What the end of the operation's context brought about has the cause of that
// end, if it is an *Error. Unavailable reports whether an error means that the database
// can't serve now.
func Presenter(log *slog.Logger, unavailable func(error) bool) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		if errorLogOf(ctx).isFull() {
			return nil
		}
		out := graphql.DefaultErrorPresenter(ctx, err)
		var known *fault.Error
		switch {
		case errors.As(err, &known):
		case out.Extensions["code"] != nil: // gqlgen's own: parse, validation
			out.Message = strings.ToValidUTF8(out.Message[:min(len(out.Message), maxMessage)], "")
			return out
		case ctx.Err() != nil && errors.As(context.Cause(ctx), &known):
		case unavailable(err):
			report(ctx, log, out.Path.String(), err)
			known = fault.New(fault.Unavailable, "the database can't serve now")
		case errors.Is(err, context.DeadlineExceeded):
			known = fault.New(fault.Timeout, "the operation took too long")
		default:
			report(ctx, log, out.Path.String(), err)
			known = fault.New(fault.Internal, "internal error")
			if id := RequestID(ctx); id != "" {
				known.Message += ": request " + id + " in the server's log"
			}
		}
		out.Message, out.Extensions = known.Message, extensions(known)
		return out
	}
}
