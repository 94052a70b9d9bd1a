package modelstest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is a PostgreSQL server with a migrated database to copy.
type server struct {
	base     url.URL
	template string
	folder   string               // "" for one that was there before
	bin      string               // the folder of its binaries
	as       *syscall.SysProcAttr // who runs it
	process  *exec.Cmd
	exited   chan error
}

func testingContext() context.Context { return context.Background() }

// postgresServer is the server of TEST_DATABASE_URL, or else one that is started
// from the installed binaries and stopped by Main.
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
	if address := os.Getenv("TEST_DATABASE_URL"); address != "" {
		base, err := url.Parse(address)
		if err != nil {
			return nil, fmt.Errorf("TEST_DATABASE_URL: %w", err)
		}
		return &server{base: *base}, nil
	}
	return install()
}

// install starts a server of its own, in a folder of its own.
func install() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "usagegraph-postgres")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, bin: bin, exited: make(chan error, 1)}
	s.base = url.URL{Scheme: "postgres", Path: "/postgres", RawQuery: url.Values{"host": {folder}, "user": {"postgres"}}.Encode()}
	if s.as, err = account(folder); err != nil {
		return nil, err
	}
	create := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	create.SysProcAttr, create.Dir = s.as, folder
	if out, err := create.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return s, s.start()
}

// start starts the server, which dies with this process, and waits until it
// answers. What is committed survives a crash of the server, as tests of crashes
// rely on, but not one of the machine.
func (s *server) start() error {
	s.process = exec.Command(filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.folder, "data"), "-k", s.folder,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "max_connections=200", "-c", "max_wal_size=4GB", "-c", "logging_collector=off")
	s.process.SysProcAttr, s.process.Dir = s.as, s.folder
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
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
		if err = s.exec("SELECT 1"); err == nil {
			return nil
		}
		select {
		case err := <-s.exited:
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("postgres ended: %w\n%s", err, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("postgres does not answer: %w", err)
}

// stop ends the server that this process started, and removes what it made.
func stop() {
	if started == nil {
		return
	}
	if started.folder == "" {
		_ = started.exec("DROP DATABASE IF EXISTS " + started.template + " WITH (FORCE)")
		return
	}
	started.end(syscall.SIGINT)
	_ = os.RemoveAll(started.folder)
}

// end sends the server a signal that ends it, and waits until it has ended.
func (s *server) end(signal syscall.Signal) {
	_ = s.process.Process.Signal(signal)
	<-s.exited
}

func (s *server) address(database string) string {
	u := s.base
	u.Path = "/" + database
	return u.String()
}

func (s *server) exec(sql string) error {
	ctx := testingContext()
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// binaries is the folder of PostgreSQL's server binaries.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	var folders []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"} {
		found, _ := filepath.Glob(pattern) // the patterns are right
		folders = append(folders, found...)
	}
	slices.Reverse(folders) // the newest first
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder, nil
		}
	}
	return "", errors.New("the tests need a PostgreSQL server and found none: install one (Debian: apt-get install postgresql; macOS: brew install postgresql), or set TEST_DATABASE_URL to a server on which the tests may make databases")
}

// account is who runs the server: PostgreSQL refuses root. The folder becomes its.
func account(folder string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no other account: %w", err)
		}
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return nil, err
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, os.Chown(folder, uid, gid)
}
