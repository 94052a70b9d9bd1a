package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestSlowRequests cuts connections whose requests do not come: slow headers, slow
// bodies and headers without end.
func TestSlowRequests(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	token := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	_, operations := apitest.HandlerOf(t, db, slog.New(slog.DiscardHandler), "--timeout=15s")
	if s := operations.Server(nil); s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 30*time.Second || s.WriteTimeout != 75*time.Second || s.MaxHeaderBytes != 16<<10 {
		t.Errorf("headers may take %s and %d bytes, a request %s, an answer %s", s.ReadHeaderTimeout, s.MaxHeaderBytes, s.ReadTimeout, s.WriteTimeout)
	}
	start := "POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/json\r\n"
	for _, tt := range []struct {
		name, sent, want string
		shorten          func(*http.Server)
	}{
		{"slow headers", start + "X-Slow: ", "", func(s *http.Server) { s.ReadHeaderTimeout = time.Millisecond }},
		{"slow body", start + "Content-Length: 1000\r\n\r\n{", "HTTP/1.1 408 Request Timeout", func(s *http.Server) { s.ReadTimeout = time.Millisecond }},
		{"large headers", start + "X-Large: " + strings.Repeat("x", 24<<10), "HTTP/1.1 431 Request Header Fields Too Large", func(*http.Server) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			handler, operations := apitest.HandlerOf(t, db, slog.New(slog.DiscardHandler), "--timeout=15s")
			server := operations.Server(handler)
			tt.shorten(server)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- operations.Serve(ctx, listener, server, 0) }()
			connection, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			// The server may hang up while this is being sent.
			_, _ = io.WriteString(connection, tt.sent)
			if err := connection.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(connection).ReadString('\n')
			if err, ok := err.(net.Error); ok && err.Timeout() {
				t.Error("the connection stays open")
			}
			if got := strings.TrimSpace(line); got != tt.want {
				t.Errorf("answered %q, want %q", got, tt.want)
			}
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLogTellsTheRequest finds a masked error in the log by the id of its answer.
func TestLogTellsTheRequest(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	var log bytes.Buffer
	handler := apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil)))
	if err := db.Exec("ALTER TABLE sites RENAME TO gone").Error; err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	response, answer := apitest.Server{URL: web.URL, Token: s.Token}.Exchange(t, "POST", "/graphql", `{"query":"{ sites { nodes { id } } }"}`, "Content-Type: application/json", "X-Request-Id: find-me")
	if id := response.Header.Get("X-Request-Id"); id != "find-me" || !bytes.HasSuffix(answer, []byte(`"requestId":"find-me"}}`)) || !bytes.Contains(answer, []byte(`internal error: request find-me `)) {
		t.Errorf("%q %s", id, answer)
	}
	if text := log.String(); strings.Count(text, "request_id=find-me") != 2 || strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, "sites") || bytes.Contains(answer, []byte("no such table")) {
		t.Errorf("the log is %s, the answer %s", text, answer)
	}
}

// TestRefusalsTellTheRequest holds that refusals of all layers have the request's id
// and the headers of the API.
func TestRefusalsTellTheRequest(t *testing.T) {
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	stranger := apitest.Server{URL: s.URL, Token: "wrong"}
	for _, tt := range []struct {
		s            apitest.Server
		method, body string
		status       int
	}{
		{stranger, "POST", "{}", 401}, {s, "PUT", "", 405}, {s, "POST", "{}", 400}, {s, "POST", strings.Repeat(" ", 300<<10), 413}, {s, "POST", `{"query":"{"}`, 400},
	} {
		response, answer := tt.s.Exchange(t, tt.method, "/graphql", tt.body, "Content-Type: application/json", "Accept: application/graphql-response+json", "X-Request-Id: r-1")
		header := response.Header
		if response.StatusCode != tt.status || header.Get("X-Request-Id") != "r-1" || !bytes.HasSuffix(bytes.TrimSpace(answer), []byte(`"requestId":"r-1"}}`)) ||
			header.Get("Cache-Control") != "no-store" || header.Get("Content-Type") != "application/graphql-response+json; charset=utf-8" {
			t.Errorf("%s %.20s: %d %q %s", tt.method, tt.body, response.StatusCode, header, answer)
		}
	}
}

// TestDeferIsUnknown holds that @defer is refused: an answer comes in one piece, and
// the executor would leave null in it.
func TestDeferIsUnknown(t *testing.T) {
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	_, answer := s.Ask(t, "{ customers { nodes { id ... @defer { sites { totalCount } } } } }")
	_, known := s.Ask(t, "{ __schema { directives { name } } }")
	if !bytes.Contains(answer, []byte("GRAPHQL_VALIDATION_FAILED")) || bytes.Contains(known, []byte(`"defer"`)) || !bytes.Contains(known, []byte(`"skip"`)) {
		t.Errorf("%s, and there are %s", answer, known)
	}
}
