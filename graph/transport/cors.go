package transport

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/rs/cors"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// CORS lets the pages of the origins call the API from browsers: an origin is a
// scheme and a host, where * stands for one label or several, and "*" is any. Without
// origins no page may. Tokens go in a header, never in cookies.
func CORS(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	options := cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "X-GraphQL-Strict", "X-GraphQL-Cost", apierror.RequestIDHeader},
		ExposedHeaders: []string{apierror.RequestIDHeader, "Retry-After"},
		MaxAge:         600, // seconds
	}
	if slices.Contains(origins, "*") {
		options.AllowedOrigins = []string{"*"}
	} else {
		options.AllowOriginFunc = anyOf(origins).MatchString
	}
	return cors.New(options).Handler(next)
}

// labels are those of a host, apart by dots.
const labels = `[a-z0-9_-]+(\.[a-z0-9_-]+)*`

// anyOf matches the origins.
func anyOf(origins []string) *regexp.Regexp {
	var patterns []string
	for _, origin := range origins {
		patterns = append(patterns, strings.ReplaceAll(regexp.QuoteMeta(origin), `\*`, labels))
	}
	return regexp.MustCompile(`(?i)^(` + strings.Join(patterns, "|") + `)$`)
}
