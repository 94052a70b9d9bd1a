// Package apierror holds the errors that a client may read. Any other error is
// logged for the operator, and the client sees only that something went wrong.
package apierror

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

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
}

func (e *Error) Error() string { return e.Message }

// New makes an error with a code and a message for the client.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid is New(BadUserInput, …): the client sent a value that can't be taken.
func Invalid(format string, args ...any) *Error { return New(BadUserInput, format, args...) }

// Presenter turns an error into the one that goes on the wire. It is the one
// place where an unexpected error is logged.
func Presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		out := graphql.DefaultErrorPresenter(ctx, err)
		var known *Error
		switch {
		case errors.As(err, &known):
			out.Message = known.Message
			out.Extensions = map[string]any{"code": known.Code}
		case errors.Is(err, context.DeadlineExceeded):
			out.Message = "the operation took too long"
			out.Extensions = map[string]any{"code": Timeout}
		case out.Extensions["code"] != nil: // gqlgen's own: parse, validation
		default:
			log.ErrorContext(ctx, "resolve", "path", out.Path.String(), "err", err)
			out.Message = "internal error"
			out.Extensions = map[string]any{"code": Internal}
		}
		return out
	}
}
