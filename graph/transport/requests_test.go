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
		{"a", true},
		{"A-1_b.c", true},
		{strings.Repeat("x", 64), true},
		{"", false},
		{strings.Repeat("x", 65), false},
		{"a b", false},
		{"a\nb", false},
		{"<script>", false},
		{"é", false},
		{"a,b", false},
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
		{nil, app, ""},
		{[]string{app}, app, app},
		{[]string{app}, other, ""},
		{[]string{app, other}, other, other},
		{[]string{"*"}, other, "*"},
		{[]string{"https://*.example.com"}, app, app},
		{[]string{app}, app + ".evil.test", ""},
		{[]string{app}, "null", ""},
		{wild, "https://a.example.org", "https://a.example.org"},
		{wild, "https://a.b-1.example.org", "https://a.b-1.example.org"},
		{wild, "https://evil.test/.example.org", ""},
		{wild, "https://.example.org", ""},
		{wild, "https://a..example.org", ""},
		{wild, "https://example.org", ""},
		{wild, "https://evil.test?.example.org", ""},
		{wild, "https://x@a.example.org", ""},
		{wild, "https://a.example.org:8443", ""},
		{wild, "http://a.example.org", ""},
		{wild, "https://a.example.org.evil.test", ""},
		{wild, "https://evil.test:1.example.org", ""},
		{wild, "https://aXexample.org", ""},
		{wild, "https://a.exampleXorg", ""},
	} {
		h, err := transport.CORS(tt.origins, api)
		if err != nil {
			t.Fatal(err)
		}
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

// TestOrigins refuses origins that no page can have, and takes blanks around them.
func TestOrigins(t *testing.T) {
	api := newAPI(schema{data: `{"echo":null}`}, discard)
	for origin, want := range map[string]string{
		"https://app.example.com/": `"/" can't be in it`, "https://app.example.com/app": `"/" can't be in it`, "https://app.example.com?x": `"?" can't be`,
		"https://me@app.example.com": `"@" can't be`, "https://app.example.com#x": `"#" can't be`, "app.example.com": "needs a scheme", "localhost:3000": "needs a scheme",
		"//app.example.com": "needs a scheme", "": "needs a scheme", " ": "needs a scheme", "null": "needs a scheme", "https://": "no host", "://app.example.com": "no scheme",
		"https:/app.example.com": "needs a scheme", "https://app..example.com": "no host", "https://.example.com": "no host", "https://a b": "no host", "https://bücher.example": "no host",
		"https://app.example.com:443": "browsers leave port 443", "http://localhost:80": "browsers leave port 80", "https://app.example.com:": "no port", "https://app.example.com:0": "no port",
		"https://app.example.com:x": "no port", "https://app.example.com:65536": "no port", "https://app.example.com:080": "no port", "http://[::1": "no host", "http://[x]": "no host", "http://[::1]x": "no host",
	} {
		if _, err := transport.CORS([]string{"https://good.example", origin}, api); err == nil || !strings.Contains(err.Error(), "--cors-origins") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", origin, err, want)
		}
	}
	for given, origin := range map[string]string{
		" https://a.example ": "https://a.example", "\thttps://a.example": "https://a.example", "HTTPS://App.Example.COM": "https://app.example.com", "http://localhost:3000": "http://localhost:3000",
		"http://localhost:*": "http://localhost:5173", "http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://[::1]:8080": "http://[::1]:8080", "http://[::1]": "http://[::1]",
		"https://app.example.com:80": "https://app.example.com:80", "https://xn--bcher-kva.example": "https://xn--bcher-kva.example", "chrome-extension://abcdef": "chrome-extension://abcdef", " * ": "https://any.example",
	} {
		h, err := transport.CORS([]string{"https://good.example", given}, api)
		if err != nil {
			t.Errorf("%q: %v", given, err)
			continue
		}
		if got := send(h, "POST", "/", query, isJSON, "Origin: "+origin).Header().Get("Access-Control-Allow-Origin"); got != origin && got != "*" {
			t.Errorf("%q: %s is allowed %q", given, origin, got)
		}
	}
}

// TestPreflightHeaders holds which headers pages may send, in any case and order.
func TestPreflightHeaders(t *testing.T) {
	h, err := transport.CORS([]string{"https://app.example.com"}, newAPI(schema{data: `{"echo":null}`}, discard))
	if err != nil {
		t.Fatal(err)
	}
	for headers, allowed := range map[string]string{
		"authorization": "authorization", "x-api-key": "x-api-key", "X-Api-Key, Content-Type": "x-api-key,content-type",
		"apollographql-client-name,apollographql-client-version": "apollographql-client-name,apollographql-client-version",
		"x-graphql-event-stream":                                 "x-graphql-event-stream", "accept,x-graphql-cost,x-graphql-strict,x-request-id": "accept,x-graphql-cost,x-graphql-strict,x-request-id",
		"x-other": "", "authorization,cookie": "", "x-graphqlstrict": "", "x-api-keys": "", "x-api": "",
	} {
		answer := send(h, "OPTIONS", "/", "", "Origin: https://app.example.com", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: "+headers)
		origin := answer.Header().Get("Access-Control-Allow-Origin")
		if got := answer.Header().Get("Access-Control-Allow-Headers"); got != allowed || (origin != "") != (allowed != "") || answer.Code != http.StatusNoContent {
			t.Errorf("%s: %d, %q may send %q, want %q", headers, answer.Code, origin, got, allowed)
		}
	}
}
