package playground

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFill has the token in the page that a person opens on this machine, and in
// nothing else that the demo answers with: not under the name of another site that
// leads here, not to a script of a site, not in a frame.
func TestFill(t *testing.T) {
	demo := mux(t, "the-token")
	for _, tt := range []struct {
		target  string
		headers []string
		want    bool
	}{
		{"http://127.0.0.1:8080/", nil, true},
		{"http://localhost:8080/", []string{"Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site"}, true},
		{"http://[::1]:8080/", nil, true},
		{"http://localhost/", nil, true},
		{"http://rebound.example:8080/", nil, false},
		{"http://127.0.0.1.example/", nil, false},
		{"http://192.0.2.1:8080/", nil, false},
		{"http://127.0.0.1:8080/", []string{"Origin: https://other.example"}, false},
		{"http://127.0.0.1:8080/", []string{"Origin: null"}, false},
		{"http://127.0.0.1:8080/", []string{"Sec-Fetch-Mode: cors"}, false},
		{"http://127.0.0.1:8080/", []string{"Sec-Fetch-Mode: no-cors"}, false},
		{"http://127.0.0.1:8080/", []string{"Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, false},
		{"http://LOCALHOST:8080/", nil, true},
		{"http://localhost:8080/", []string{"Via: 1.1 proxy"}, false},
		{"http://localhost:8080/", []string{"X-Forwarded-For: 127.0.0.1"}, false},
		{"http://localhost:8080/", []string{"X-Forwarded-Host: localhost"}, false},
		{"http://localhost:8080/", []string{"X-Forwarded-Proto: https"}, false},
		{"http://localhost:8080/", []string{"Forwarded: for=127.0.0.1"}, false},
		{"http://localhost:8080/", []string{"X-Real-Ip: 127.0.0.1"}, false},
		{"http://localhost:8080/", []string{"Cf-Connecting-Ip: 192.0.2.1"}, false},
		{"http://127.0.0.1:8080/docs", nil, false},
		{"http://127.0.0.1:8080/docs/graph", nil, false},
	} {
		answer := get(demo, tt.target, tt.headers...)
		if got := strings.Contains(answer.Body.String(), "the-token"); answer.Code != http.StatusOK || got != tt.want {
			t.Errorf("%s %q: %d, the token is there: %t", tt.target, tt.headers, answer.Code, got)
		}
		if tt.want && answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", tt.target, answer.Header())
		}
	}
	if text := get(mux(t, ""), "http://127.0.0.1:8080/").Body.String(); !strings.Contains(text, `id="token" type="password" value=""`) {
		t.Error("without a demo the box for the token is not empty")
	}
}

// TestFillFromElsewhere holds that a page which another machine asks for has no token,
// whatever name it asks by, and that the examples have the demo's dates all the same.
func TestFillFromElsewhere(t *testing.T) {
	demo := Demo{Token: "the-token", Dated: func(text string) string { return strings.ReplaceAll(text, "2025-", "2031-") }}
	pages := mux(t, "")
	for remote, want := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "127.8.8.8:1": true, "[::ffff:127.0.0.1]:1": true, "192.0.2.1:1": false, "[2001:db8::1]:1": false, "": false, "@": false} {
		request := httptest.NewRequest("GET", "http://localhost:8080/", nil)
		request.RemoteAddr = remote
		answer := httptest.NewRecorder()
		Fill(demo, pages).ServeHTTP(answer, request)
		text := answer.Body.String()
		if got := strings.Contains(text, "the-token"); got != want || !strings.Contains(text, "2031-09-15") || strings.Contains(text, "2025-09-15") {
			t.Errorf("%s: the token is there: %t", remote, got)
		}
	}
}
