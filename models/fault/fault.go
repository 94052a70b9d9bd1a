// Package fault holds the errors that a client may read: a code, and a message that is
// written for it. Every other error is an internal one. Package apierror presents both.
package fault

import "fmt"

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

// New makes an error with a code and a message for the client.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid is New(BadUserInput, …): the client sent a value that can't be taken.
func Invalid(format string, args ...any) *Error { return New(BadUserInput, format, args...) }
