package modelstest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"syscall"

	"github.com/usagegraph/usagegraph/internal/postgres"
)

// server is a PostgreSQL server with a migrated database to copy.
type server struct {
	base     url.URL
	template string
	own      *postgres.Server // nil for one that was there before
}

func testingContext() context.Context { return context.Background() }

// postgresServer is the server of TEST_DATABASE_URL, or else one that is started
// from the installed binaries and stopped by Main. make test sets the variable, so that
// the tests of all packages share a server.
var postgresServer = sync.OnceValues(func() (*server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	started = s
	s.template = fmt.Sprintf("template_%d", os.Getpid())
	if err := s.exec("CREATE DATABASE " + s.template); err != nil {
		return nil, err
	}
	return s, migrate(s.address(s.template))
})

var started *server

func newServer() (*server, error) {
	address, own := os.Getenv("TEST_DATABASE_URL"), (*postgres.Server)(nil)
	if address == "" {
		var err error
		if own, err = postgres.New(); err != nil {
			return nil, fmt.Errorf("the tests need a PostgreSQL server, or TEST_DATABASE_URL set to one on which they may make databases: %w", err)
		}
		address = own.Address("postgres")
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("TEST_DATABASE_URL: %w", err)
	}
	return &server{base: *base, own: own}, nil
}

// stop ends the server that this process started, and removes what it made.
func stop() {
	if started == nil {
		return
	}
	if started.own == nil {
		_ = started.exec("DROP DATABASE IF EXISTS " + started.template + " WITH (FORCE)")
		return
	}
	started.own.End(syscall.SIGINT)
	started.own.Remove()
}

func (s *server) address(database string) string {
	u := s.base
	u.Path = "/" + database
	return u.String()
}

func (s *server) exec(sql string) error { return postgres.Exec(s.base.String(), sql) }
