package apierror

import (
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// statuses are the HTTP statuses of the codes.
var statuses = map[Code]int{
	ParseFailed:            http.StatusBadRequest,
	ValidationFailed:       http.StatusBadRequest,
	BadRequest:             http.StatusBadRequest,
	BadUserInput:           http.StatusBadRequest,
	InvalidCursor:          http.StatusBadRequest,
	CursorOrderMismatch:    http.StatusBadRequest,
	QueryTooComplex:        http.StatusBadRequest,
	QueryTooLarge:          http.StatusRequestEntityTooLarge,
	RateLimited:            http.StatusTooManyRequests,
	Unauthenticated:        http.StatusUnauthorized,
	Forbidden:              http.StatusForbidden,
	PersistedQueryNotFound: http.StatusBadRequest,
	Timeout:                http.StatusGatewayTimeout,
	Unavailable:            http.StatusServiceUnavailable,
	Internal:               http.StatusInternalServerError,
}

// Status is the highest HTTP status of the errors' codes. A code that is none of
// ours is a mistake of the server, 500.
func Status(errors gqlerror.List) (worst int) {
	for _, err := range errors {
		status, ok := statuses[Code(fmt.Sprint(err.Extensions["code"]))]
		if !ok {
			status = http.StatusInternalServerError
		}
		worst = max(worst, status)
	}
	return worst
}

// RetryAfter is how many seconds a client should wait: the most that the errors
// have as extensions.retryAfter, and 1 if none has it.
func RetryAfter(errors gqlerror.List) int {
	seconds := 1
	for _, err := range errors {
		if after, ok := err.Extensions["retryAfter"].(int); ok {
			seconds = max(seconds, after)
		}
	}
	return seconds
}
