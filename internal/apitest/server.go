// Package apitest is what tests of the whole API share: servers over a database of
// modelstest, requests and answers, the samples and made-up customers, operations and
// probes that follow the schema, and the binary. Tests that use it are of external packages,
// for it imports what they test.
package apitest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/admission"
	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/models/token"
)

// Serve is the whole API with the flags of the serve command, without a token.
func Serve(t testing.TB, db *gorm.DB, flags ...string) Server {
	t.Helper()
	s := httptest.NewServer(Handler(t, db, slog.New(slog.DiscardHandler), flags...))
	t.Cleanup(s.Close)
	return Server{URL: s.URL}
}

// Log is what a server has logged.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write appends a line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// String is all lines so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// ServeWithLog is the whole API with the flags of the serve command, and what it logs.
func ServeWithLog(t *testing.T, db *gorm.DB, flags ...string) (Server, *Log) {
	t.Helper()
	log := &Log{}
	web := httptest.NewServer(Handler(t, db, slog.New(slog.NewTextHandler(log, nil)), flags...))
	t.Cleanup(web.Close)
	return Server{URL: web.URL}, log
}

// Server is the whole API over a database, with a token.
type Server struct{ URL, Token string }

// NewServer serves with the flags of the serve command.
func NewServer(t testing.TB, db *gorm.DB, row token.APIToken, flags ...string) Server {
	t.Helper()
	bearer, hash := auth.NewToken()
	row.Hash = hash
	if err := token.Create(t.Context(), db, &row); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(Handler(t, db, slog.New(slog.DiscardHandler), flags...))
	t.Cleanup(s.Close)
	return Server{s.URL, bearer}
}

// patience is how long an operation may take in a test that names no timeout: under the race
// detector, beside the tests of other packages, one takes up to a minute.
const patience = "--timeout=5m"

// Settings are the settings of the serve command's flags.
func Settings(t testing.TB, flags ...string) (s api.Settings) {
	t.Helper()
	if _, err := kong.Must(&s, kong.Vars(api.Variables())).Parse(append([]string{patience}, flags...)); err != nil {
		t.Fatal(err)
	}
	return s
}

// Handler is the whole API with the flags of the serve command.
func Handler(t testing.TB, db *gorm.DB, log *slog.Logger, flags ...string) http.Handler {
	t.Helper()
	handler, _ := HandlerOf(t, db, log, flags...)
	return handler
}

// HandlerOf is Handler, and what runs its operations.
func HandlerOf(t testing.TB, db *gorm.DB, log *slog.Logger, flags ...string) (http.Handler, *admission.Controller) {
	t.Helper()
	settings := Settings(t, flags...)
	operations := Runner(t, db, settings)
	handler, err := api.New(db, log, settings, operations)
	if err != nil {
		t.Fatal(err)
	}
	return handler, operations
}

// Runner makes what runs the operations of an API with the settings.
func Runner(t testing.TB, db *gorm.DB, s api.Settings) *admission.Controller {
	t.Helper()
	operations, err := admission.New(s.Operations, db)
	if err != nil {
		t.Fatal(err)
	}
	return operations
}
