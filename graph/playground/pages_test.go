package playground

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

// mux serves the pages of the schema, filled in with a token when there is one.
func mux(t *testing.T, token string) http.Handler {
	t.Helper()
	sdl, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	Handle(mux, string(sdl))
	if token == "" {
		return mux
	}
	return Fill(Demo{Token: token}, mux)
}

// get asks for a target with headers such as "Accept-Encoding: gzip".
func get(handler http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest("GET", target, nil)
	request.RemoteAddr = "127.0.0.1:4711"
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

var address = regexp.MustCompile(`(?:src|href)="([^"#]*)`)

// TestPages holds of each page that scripts and styles come from the server alone, by
// files that are there and kept for ever, and that no site may frame it.
func TestPages(t *testing.T) {
	handler := mux(t, "")
	for _, page := range []string{"/", "/docs", "/docs/examples", "/docs/types/Customer", "/docs/guides/http", "/docs/graph"} {
		answer := get(handler, page)
		header, text := answer.Header(), answer.Body.String()
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy %q lacks %s", page, policy, part)
			}
		}
		if answer.Code != http.StatusOK || strings.Contains(policy, "unsafe") || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %q", page, answer.Code, header)
		}
		if strings.Contains(text, " style=") || strings.Contains(text, " onclick=") || regexp.MustCompile(`<(style|script)>`).MatchString(text) {
			t.Errorf("%s has styles or scripts in it", page)
		}
		for _, found := range address.FindAllStringSubmatch(text, -1) {
			target := found[1]
			switch {
			case strings.HasPrefix(target, "/assets/"):
				if asset := get(handler, target); asset.Code != http.StatusOK || !strings.HasSuffix(asset.Header().Get("Cache-Control"), "immutable") || asset.Header().Get("Content-Type") == "" {
					t.Errorf("%s: %s is %d %q", page, target, asset.Code, asset.Header())
				}
			case target != "" && !strings.HasPrefix(target, "/") && !strings.HasPrefix(found[0], `href="https://`):
				t.Errorf("%s leads to %s", page, target)
			}
		}
	}
	for _, target := range []string{"/assets/0/style.css", "/assets/" + loadAssets().digest + "/none.js", "/docs/none", "/docs/types/None", "/docs/guides/none", "/docs/types/"} {
		if answer := get(handler, target); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", target, answer.Code)
		}
	}
}

// TestSlashes leads an address with a slash at its end to the page.
func TestSlashes(t *testing.T) {
	handler := mux(t, "")
	for target, want := range map[string]string{"/docs/": "/docs", "/docs/types/Customer/": "/docs/types/Customer"} {
		if answer := get(handler, target); answer.Code != http.StatusMovedPermanently || answer.Header().Get("Location") != want {
			t.Errorf("%s: %d to %s", target, answer.Code, answer.Header().Get("Location"))
		}
	}
}

// TestCompression answers with the same text compressed and plain, and with nothing
// to a client that has it.
func TestCompression(t *testing.T) {
	handler := mux(t, "")
	plain, packed := get(handler, "/docs"), get(handler, "/docs", "Accept-Encoding: gzip")
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil || string(text) != plain.Body.String() || packed.Header().Get("Content-Encoding") != "gzip" || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d and %d bytes, %v", len(text), plain.Body.Len(), err)
	}
	for encoding, answer := range map[string]*httptest.ResponseRecorder{"identity": plain, "gzip": packed} {
		again := get(handler, "/docs", "Accept-Encoding: "+encoding, "If-None-Match: "+answer.Header().Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s: asked again, it answers %d", encoding, again.Code)
		}
	}
	if plain.Header().Get("ETag") == packed.Header().Get("ETag") {
		t.Error("two bodies have one ETag")
	}
}
