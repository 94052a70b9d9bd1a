package playground

import (
	"net/http"
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
