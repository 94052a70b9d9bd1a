package playground

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
)

type demoKey struct{}

// Demo is what the playground has of a demo.
type Demo struct {
	Token string                   // in the page that a person opens on this machine, and in no other
	Dated func(text string) string // moves the dates of the examples to those of the demo's data
}

// Fill has the playground that next serves filled in for a demo.
func Fill(demo Demo, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		filled := demo
		if !opened(r) {
			filled.Token = ""
		}
		r = r.WithContext(context.WithValue(r.Context(), demoKey{}, filled))
		next.ServeHTTP(w, r)
	})
}

// demoFor is the demo of the page that r asks for, the zero value if there is none.
func demoFor(r *http.Request) Demo {
	demo, _ := r.Context().Value(demoKey{}).(Demo)
	return demo
}

// dated are the examples with the demo's dates.
func (d Demo) dated(examples []Example) []Example {
	if d.Dated == nil {
		return examples
	}
	moved := slices.Clone(examples)
	for i := range moved {
		moved[i].Query, moved[i].Variables = d.Dated(moved[i].Query), d.Dated(moved[i].Variables)
	}
	return moved
}

// opened reports whether a person on this machine opens a page by a name of this machine.
// Another name that leads here is that of a site which wants to read the page as its own
// (DNS rebinding), a request of a script has an Origin or a mode, and one that came through
// a proxy or a tunnel may be another person's.
func opened(r *http.Request) bool {
	mode, target := r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
	return isLoopback(r.RemoteAddr) && (isLoopback(r.Host) || strings.EqualFold(hostOf(r.Host), "localhost")) && !isForwarded(r.Header) &&
		r.Header.Get("Origin") == "" && (mode == "" || mode == "navigate") && (target == "" || target == "document")
}

// hostOf is the host of an address that may have a port.
func hostOf(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return strings.Trim(address, "[]")
}

func isLoopback(address string) bool {
	ip := net.ParseIP(hostOf(address))
	return ip != nil && ip.IsLoopback()
}

// isForwarded reports whether a proxy or a tunnel says that it passed the request on.
func isForwarded(header http.Header) bool {
	for name := range header {
		switch {
		case name == "Via", name == "Forwarded", name == "X-Real-Ip", name == "True-Client-Ip",
			strings.HasPrefix(name, "X-Forwarded"), strings.HasPrefix(name, "Cf-"), strings.HasPrefix(name, "X-Original"):
			return true
		}
	}
	return false
}
