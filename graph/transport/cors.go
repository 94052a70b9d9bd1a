package transport

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rs/cors"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// sendable are the headers that pages of other origins may send, in lower case, beside
// all that begin with x-graphql-.
var sendable = []string{
	"accept", "apollographql-client-name", "apollographql-client-version", "authorization", "content-type",
	"x-api-key", strings.ToLower(apierror.RequestIDHeader),
}

// CORS lets the pages of the origins call the API from browsers. Without origins no page
// may. Tokens go in a header, never in cookies. The error names an origin that no page
// can have.
func CORS(origins []string, next http.Handler) (http.Handler, error) {
	if len(origins) == 0 {
		return next, nil
	}
	options := cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"*"}, // preflight has looked at them
		ExposedHeaders: []string{apierror.RequestIDHeader, "Retry-After"},
		MaxAge:         600, // seconds
	}
	patterns, err := parseOrigins(origins)
	if err != nil {
		return nil, err
	}
	if patterns == nil {
		options.AllowedOrigins = []string{"*"}
	} else {
		options.AllowOriginFunc = patterns.MatchString
	}
	return preflight(cors.New(options).Handler(next)), nil
}

// preflight takes the origin away from a request that asks for headers which may not be
// sent, so that next allows nothing.
func preflight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		const wanted = "Access-Control-Request-Headers"
		if r.Method == http.MethodOptions && len(r.Header[wanted]) > 0 {
			names := strings.FieldsFunc(strings.ToLower(strings.Join(r.Header[wanted], ",")), func(c rune) bool { return c == ',' || c == ' ' || c == '\t' })
			if slices.ContainsFunc(names, func(name string) bool { return !isSendable(name) }) {
				r.Header.Del("Origin")
			}
			r.Header.Set(wanted, strings.Join(names, ","))
		}
		next.ServeHTTP(w, r)
	})
}

func isSendable(name string) bool {
	return strings.HasPrefix(name, "x-graphql-") || slices.Contains(sendable, name)
}
