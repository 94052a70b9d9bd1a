package transport_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/transport"
)

// TestPanics answers a panic with a masked error and logs it once, with the id.
func TestPanics(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(transport.LogHandler{Handler: slog.NewTextHandler(&log, nil)})
	api := transport.Requests(logger, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(secret) }))
	got := send(api, "GET", "/", "", "X-Request-Id: p-1")
	if got.Code != 500 || code(t, got.Body.Bytes()) != "INTERNAL_SERVER_ERROR" || strings.Contains(got.Body.String(), secret) || !strings.Contains(got.Body.String(), "p-1") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if text := log.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, "value="+secret) || !strings.Contains(text, "request_id=p-1") {
		t.Errorf("the log is %s", text)
	}

	// One that comes amid the answer cuts it.
	begun := httptest.NewServer(transport.Requests(logger, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<16))
		panic("late")
	})))
	defer begun.Close()
	response, err := http.Get(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("an answer that broke off looks whole")
	}
}

// TestRequestIDs holds which ids a request may bring, and that each answer has one.
func TestRequestIDs(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	made := map[string]bool{}
	for _, tt := range []struct {
		id   string
		kept bool
	}{
		{"a", true}, {"A-1_b.c", true}, {strings.Repeat("x", 64), true},
		{"", false}, {strings.Repeat("x", 65), false}, {"a b", false}, {"a\nb", false}, {"<script>", false}, {"é", false}, {"a,b", false},
	} {
		for _, method := range []string{"GET", "PUT"} {
			got := send(api, method, "/?query={echo}", "", "X-Request-Id: "+tt.id)
			id := got.Header().Get("X-Request-Id")
			if !strings.Contains(got.Body.String(), `"extensions":{"requestId":"`+id+`"}`) || (id == tt.id) != tt.kept || made[id] && !tt.kept || len(id) < 26 && !tt.kept {
				t.Errorf("%s with %q: %q, %s", method, tt.id, id, got.Body)
			}
			made[id] = true
		}
	}
}

// TestLogHandler keeps adding the id, whatever is derived from a logger.
func TestLogHandler(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(transport.LogHandler{Handler: slog.NewTextHandler(&log, nil)})
	ctx := apierror.WithRequestID(t.Context(), "id-1")
	logger.With("a", 1).InfoContext(ctx, "attributes")
	logger.WithGroup("g").InfoContext(ctx, "group")
	logger.InfoContext(t.Context(), "no request")
	lines := strings.Split(log.String(), "\n")
	if !strings.HasSuffix(lines[0], "a=1 request_id=id-1") || !strings.HasSuffix(lines[1], "request_id=id-1") || strings.Contains(lines[2], "request_id") {
		t.Errorf("the log is %s", log.String())
	}
}

// TestHeaders holds the headers of answers and refusals, and OPTIONS.
func TestHeaders(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	for _, tt := range []struct{ method, accept, kind string }{
		{"GET", "", "application/json; charset=utf-8"},
		{"PUT", "", "application/json; charset=utf-8"},
		{"GET", "application/graphql-response+json", "application/graphql-response+json; charset=utf-8"},
		{"PUT", "application/graphql-response+json", "application/graphql-response+json; charset=utf-8"},
		{"OPTIONS", "*/*", ""},
	} {
		got := send(api, tt.method, "/?query={echo}", "", "Accept: "+tt.accept).Header()
		for name, want := range map[string]string{
			"Content-Type": tt.kind, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		} {
			if got.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", tt.method, name, got.Get(name), want)
			}
		}
		if vary := got.Get("Vary"); (vary == "Accept, Accept-Encoding") != (tt.kind != "") {
			t.Errorf("%s: Vary is %q", tt.method, vary)
		}
	}
	if got := send(api, "OPTIONS", "/", ""); got.Code != http.StatusNoContent || got.Header().Get("Allow") != "GET, HEAD, POST, OPTIONS" || got.Body.Len() > 0 {
		t.Errorf("OPTIONS: %d %q %s", got.Code, got.Header(), got.Body)
	}
}

// TestCORS lets only pages of the listed origins call the API.
func TestCORS(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	const app, other = "https://app.example.com", "https://other.example.com"
	wild := []string{"https://*.example.org"}
	for _, tt := range []struct {
		origins       []string
		origin, allow string
	}{
		{nil, app, ""}, {[]string{app}, app, app}, {[]string{app}, other, ""}, {[]string{app, other}, other, other}, {[]string{"*"}, other, "*"},
		{[]string{"https://*.example.com"}, app, app}, {[]string{app}, app + ".evil.test", ""}, {[]string{app}, "null", ""},
		{wild, "https://a.example.org", "https://a.example.org"}, {wild, "https://a.b-1.example.org", "https://a.b-1.example.org"},
		{wild, "https://evil.test/.example.org", ""}, {wild, "https://.example.org", ""}, {wild, "https://a..example.org", ""}, {wild, "https://example.org", ""},
		{wild, "https://evil.test?.example.org", ""}, {wild, "https://x@a.example.org", ""}, {wild, "https://a.example.org:8443", ""}, {wild, "http://a.example.org", ""},
		{wild, "https://a.example.org.evil.test", ""}, {wild, "https://evil.test:1.example.org", ""}, {wild, "https://aXexample.org", ""}, {wild, "https://a.exampleXorg", ""},
	} {
		h := transport.CORS(tt.origins, api)
		before := send(h, "OPTIONS", "/", "", "Origin: "+tt.origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type,x-graphql-strict,x-request-id")
		if got := before.Header().Get("Access-Control-Allow-Origin"); got != tt.allow || before.Code != http.StatusNoContent {
			t.Errorf("%q asked for %s: %d, allowed %q", tt.origins, tt.origin, before.Code, got)
		}
		if got := before.Header().Get("Access-Control-Allow-Headers"); (got != "") != (tt.allow != "") {
			t.Errorf("%q asked for %s: headers %q", tt.origins, tt.origin, got)
		}
		after := send(h, "POST", "/", query, isJSON, "Origin: "+tt.origin)
		if got := after.Header().Get("Access-Control-Allow-Origin"); got != tt.allow || after.Code != http.StatusOK {
			t.Errorf("%q answered %s: %d, allowed %q", tt.origins, tt.origin, after.Code, got)
		}
		if got := after.Header().Get("Access-Control-Expose-Headers"); tt.allow != "" && got != "X-Request-Id, Retry-After" {
			t.Errorf("%q exposes %q", tt.origins, got)
		}
		if after.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%q allows cookies", tt.origins)
		}
	}
}
