package apierror

import (
	"encoding/json"
	"net/http"

	"github.com/usagegraph/usagegraph/models/fault"
)

// Write answers a request that is refused before it is run. It completes the
// header that w has already: the type of the answer is JSON if nothing else is set,
// and 429 and 503 have Retry-After: 1 if no other Retry-After is set.
func Write(w http.ResponseWriter, status int, code fault.Code, message string) {
	header := w.Header()
	if status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	if header.Get("Retry-After") == "" && (status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable) {
		header.Set("Retry-After", "1")
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	body := map[string]any{"errors": []any{
		map[string]any{"message": message, "extensions": map[string]any{"code": code}},
	}}
	if id := header.Get(RequestIDHeader); id != "" {
		body["extensions"] = map[string]any{"requestId": id}
	}
	w.WriteHeader(status)
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(body)
}
