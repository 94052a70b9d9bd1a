package transport

import (
	"net/http"

	"github.com/rs/cors"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// CORS lets the pages of the origins call the API from browsers: an origin is a
// scheme and a host, may hold one *, and "*" is any. Without origins no page may.
// Tokens go in a header, never in cookies.
func CORS(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "X-GraphQL-Strict", "X-GraphQL-Cost", apierror.RequestIDHeader},
		ExposedHeaders: []string{apierror.RequestIDHeader, "Retry-After"},
		MaxAge:         600, // seconds
	}).Handler(next)
}
