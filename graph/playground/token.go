package playground

import (
	"context"
	"net"
	"net/http"
)

type tokenKey struct{}

// Fill has the playground that next serves filled in with a token, for the demo. The
// token is in the page, so only the page that a person opens on this machine has it.
func Fill(token string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if opened(r) {
			r = r.WithContext(context.WithValue(r.Context(), tokenKey{}, token))
		}
		next.ServeHTTP(w, r)
	})
}

// tokenFor is the token for the page that r asks for, "" when it has none.
func tokenFor(r *http.Request) string {
	token, _ := r.Context().Value(tokenKey{}).(string)
	return token
}

// opened tells whether a person opens a page by a name of this machine. Another name
// that leads here is that of a site which wants to read the page as its own (DNS
// rebinding), and a request of a script has an Origin or a mode.
func opened(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(host)
	mode, target := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return (host == "localhost" || ip != nil && ip.IsLoopback()) && r.Header.Get("Origin") == "" &&
		(mode == "" || mode == "navigate") && (target == "" || target == "document")
}
