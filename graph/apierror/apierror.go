// Package apierror holds the errors that a client may read. Any other error is
// logged for the operator, and the client sees only that something went wrong.
package apierror

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Code is the extensions.code of an error, the enum ErrorCode of the schema.
type Code string

// The codes, as the schema describes them.
const (
	ParseFailed            Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed       Code = "GRAPHQL_VALIDATION_FAILED"
	BadRequest             Code = "BAD_REQUEST"
	BadUserInput           Code = "BAD_USER_INPUT"
	InvalidCursor          Code = "INVALID_CURSOR"
	CursorOrderMismatch    Code = "CURSOR_ORDER_MISMATCH"
	QueryTooComplex        Code = "QUERY_TOO_COMPLEX"
	QueryTooLarge          Code = "QUERY_TOO_LARGE"
	RateLimited            Code = "RATE_LIMITED"
	Unauthenticated        Code = "UNAUTHENTICATED"
	Forbidden              Code = "FORBIDDEN"
	PersistedQueryNotFound Code = "PERSISTED_QUERY_NOT_FOUND"
	Timeout                Code = "TIMEOUT"
	Unavailable            Code = "UNAVAILABLE"
	Internal               Code = "INTERNAL_SERVER_ERROR"
)

// Error is an error whose message is written for the client.
type Error struct {
	Code    Code
	Message string

	// RetryAfter is how many seconds to wait before trying again; 0 says nothing. It
	// goes out as extensions.retryAfter, and as Retry-After when there is no data.
	RetryAfter int
}

// Error is the message for the client.
func (e *Error) Error() string { return e.Message }

// Refusal is the answer to an operation that is not run.
func (e *Error) Refusal() *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{Message: e.Message, Extensions: e.extensions()}}}
}

func (e *Error) extensions() map[string]any {
	extensions := map[string]any{"code": e.Code}
	if e.RetryAfter > 0 {
		extensions["retryAfter"] = e.RetryAfter
	}
	return extensions
}

// New makes an error with a code and a message for the client.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid is New(BadUserInput, …): the client sent a value that can't be taken.
func Invalid(format string, args ...any) *Error { return New(BadUserInput, format, args...) }

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
		var known *Error
		switch {
		case errors.As(err, &known):
		case out.Extensions["code"] != nil: // gqlgen's own: parse, validation
			out.Message = strings.ToValidUTF8(out.Message[:min(len(out.Message), maxMessage)], "")
			return out
		case ctx.Err() != nil && errors.As(context.Cause(ctx), &known):
		case unavailable(err):
			report(ctx, log, out.Path.String(), err)
			known = New(Unavailable, "the database can't serve now")
		case errors.Is(err, context.DeadlineExceeded):
			known = New(Timeout, "the operation took too long")
		default:
			report(ctx, log, out.Path.String(), err)
			known = New(Internal, "internal error")
			if id := RequestID(ctx); id != "" {
				known.Message += ": request " + id + " in the server's log"
			}
		}
		out.Message, out.Extensions = known.Message, known.extensions()
		return out
	}
}
