package modelstest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/usagegraph/usagegraph/internal/postgres"
)

// Server is a PostgreSQL server that a test has for itself.
type Server struct {
	t      testing.TB
	server *postgres.Server
	up     bool
}

// NewServer starts a server for the test.
func NewServer(t testing.TB) *Server {
	t.Helper()
	installed, err := postgres.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t, installed, true}
	t.Cleanup(func() {
		if s.up {
			s.Crash()
		}
		installed.Remove()
	})
	return s
}

// Address is that of a database with all tables.
func (s *Server) Address() string {
	s.t.Helper()
	address := s.server.Address("postgres")
	if err := migrate(address); err != nil {
		s.t.Fatal(err)
	}
	return address
}

// Crash ends the server at once, and all connections with it.
func (s *Server) Crash() {
	s.server.End(syscall.SIGQUIT)
	s.up = false
}

// Restart starts the server again, and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.up = true
}

// Standby starts the server again as a standby, of no other: it can be read only.
func (s *Server) Standby() {
	s.t.Helper()
	s.server.End(syscall.SIGINT)
	s.up = false
	if err := os.WriteFile(filepath.Join(s.server.Folder, "data", "standby.signal"), nil, 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.Restart()
}
