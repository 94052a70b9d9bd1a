package apierror

import (
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/models/fault"
)

// statuses are the HTTP statuses of the codes.
var statuses = map[fault.Code]int{
	fault.ParseFailed:            http.StatusBadRequest,
	fault.ValidationFailed:       http.StatusBadRequest,
	fault.BadRequest:             http.StatusBadRequest,
	fault.BadUserInput:           http.StatusBadRequest,
	fault.InvalidCursor:          http.StatusBadRequest,
	fault.CursorOrderMismatch:    http.StatusBadRequest,
	fault.QueryTooComplex:        http.StatusBadRequest,
	fault.QueryTooLarge:          http.StatusRequestEntityTooLarge,
	fault.RateLimited:            http.StatusTooManyRequests,
	fault.Unauthenticated:        http.StatusUnauthorized,
	fault.Forbidden:              http.StatusForbidden,
	fault.PersistedQueryNotFound: http.StatusBadRequest,
	fault.Timeout:                http.StatusGatewayTimeout,
	fault.Unavailable:            http.StatusServiceUnavailable,
	fault.Internal:               http.StatusInternalServerError,
}

// Status is the highest HTTP status of the errors' codes. A code that is none of
// ours is a mistake of the server, 500.
func Status(errors gqlerror.List) (worst int) {
	for _, err := range errors {
		status, ok := statuses[fault.Code(fmt.Sprint(err.Extensions["code"]))]
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
