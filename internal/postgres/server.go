// Package postgres starts PostgreSQL servers from the binaries that are installed: those of
// the tests, and that of the benchmark.
package postgres

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a server for tests, in a temporary folder of its own.
type Server struct {
	Folder  string              // which has the socket, the log and the data
	Account *syscall.Credential // who runs it; nil is whoever this is

	bin     string // the folder of its binaries
	process *exec.Cmd
	exited  chan error
}

// New makes a server and starts it. Remove must be called in the end.
func New() (*Server, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "usagegraph-postgres")
	if err != nil {
		return nil, err
	}
	s := &Server{Folder: folder, bin: bin, exited: make(chan error, 1)}
	if s.Account, err = Account(); err != nil {
		return nil, err
	}
	if err := Own(folder, s.Account); err != nil {
		return nil, err
	}
	if err := Create(bin, filepath.Join(folder, "data"), folder, s.Account); err != nil {
		return nil, err
	}
	return s, s.Start()
}

// Start starts the server, which dies with this process, and waits until it
// answers. What is committed survives a crash of the server, as tests of crashes
// rely on, but not one of the machine.
func (s *Server) Start() error {
	s.process = exec.Command(filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.Folder, "data"), "-k", s.Folder,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "max_connections=200", "-c", "max_wal_size=4GB", "-c", "logging_collector=off")
	s.process.Dir = s.Folder
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT, Credential: s.Account}
	log, err := os.OpenFile(filepath.Join(s.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.process.Stderr = log
	failed := make(chan error, 1)
	go func() {
		// The signal of a parent's death is that of the thread that started it.
		runtime.LockOSThread()
		err := s.process.Start()
		failed <- err
		if err == nil {
			s.exited <- s.process.Wait()
		}
	}()
	if err := <-failed; err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	for range 300 {
		if err = Exec(s.Address("postgres"), "SELECT 1"); err == nil {
			return nil
		}
		select {
		case err := <-s.exited:
			log, _ := os.ReadFile(filepath.Join(s.Folder, "log"))
			return fmt.Errorf("postgres ended: %w\n%s", err, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("postgres does not answer: %w", err)
}

// End sends the server a signal that ends it, and waits until it has ended.
func (s *Server) End(signal syscall.Signal) {
	_ = s.process.Process.Signal(signal)
	<-s.exited
}

// Remove removes the folder of a server that has ended.
func (s *Server) Remove() { _ = os.RemoveAll(s.Folder) }

// Address is that of a database of the server.
func (s *Server) Address(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.Folder}, "user": {"postgres"}}.Encode()}
	return u.String()
}

// Exec runs statements on a database.
func Exec(address, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
