// Package transport takes GraphQL over HTTP.
package transport

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// MaxBody bounds the body of a request, in bytes.
const MaxBody = 256 << 10

// request is what a body must be. Other keys are passed over.
type request struct {
	Query         string
	OperationName string
	Variables     map[string]json.RawMessage
	Extensions    map[string]json.RawMessage
}

// Check refuses what is no GraphQL request, before anything else reads it: 405 for
// another method, 415 for a POST that is not JSON, 413 for a body that is too large,
// 400 for one that is something else. The body is never repeated in the answer or
// in a log.
func Check(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
		case r.Method == http.MethodGet || r.Method == http.MethodOptions:
			next.ServeHTTP(w, r)
			return
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", "GET, POST, OPTIONS")
			apierror.Write(w, http.StatusMethodNotAllowed, apierror.BadRequest, "send a query by POST or GET")
			return
		case kind != "application/json":
			apierror.Write(w, http.StatusUnsupportedMediaType, apierror.BadRequest, "send the query as JSON, with Content-Type: application/json")
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			apierror.Write(w, http.StatusRequestEntityTooLarge, apierror.QueryTooLarge, "the body can't be read, or is larger than 256 kB")
			return
		}
		var parsed *request
		if err := json.Unmarshal(body, &parsed); err != nil || parsed == nil || parsed.Query == "" && parsed.Extensions["persistedQuery"] == nil {
			apierror.Write(w, http.StatusBadRequest, apierror.BadRequest, `the body is not a GraphQL request: want {"query": "…", "variables": {…}} as JSON`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}
