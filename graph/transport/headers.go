package transport

import (
	"maps"
	"net/http"
)

// allow are the methods of the API.
const allow = "GET, HEAD, POST, OPTIONS"

// private are the headers of all answers of the API that are the same in all. With
// frame-ancestors there is no need of X-Frame-Options, the ninth header of large answers,
// for which maps grow.
var private = http.Header{
	"Cache-Control":           {"no-store"},
	"Content-Security-Policy": {"default-src 'none'; frame-ancestors 'none'"},
}

// contentTypes are those of answers, by their media types.
var contentTypes = map[string][]string{
	typeJSON:    {typeJSON + "; charset=utf-8"},
	typeGraphQL: {typeGraphQL + "; charset=utf-8"},
}

// Headers sets the headers that all answers of the API have, refusals too, and
// answers OPTIONS: what is answered is private, never a page, and of the type that
// the request accepts.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		maps.Copy(header, private)
		if r.Method == http.MethodOptions {
			header.Set("Allow", allow)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		header.Add("Vary", "Accept, Accept-Encoding")
		header["Content-Type"] = contentTypes[mediaType(r.Header)]
		next.ServeHTTP(w, r)
	})
}
