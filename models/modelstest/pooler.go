package modelstest

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// poolerSettings are those of a PgBouncer that gives each transaction some backend, and
// changes no name of a statement.
const poolerSettings = `[databases]
postgres = host=%s user=postgres pool_size=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
%s`

// Pooler starts a PgBouncer in front of the server, with so many backends, which ends with
// the test. It returns the address of the server's database through it.
func (s *Server) Pooler(backends int) string {
	s.t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // where Debian has it, which may be in no user's path
	}
	version, err := exec.Command(program, "--version").Output()
	if err != nil {
		s.t.Fatalf("the test needs PgBouncer (Debian: apt-get install pgbouncer): %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		s.t.Fatal(err)
	}
	settings := filepath.Join(s.server.Folder, "pgbouncer.ini")
	if err := os.WriteFile(settings, fmt.Appendf(nil, poolerSettings, s.server.Folder, backends, port, unprepared(version)), 0o644); err != nil {
		s.t.Fatal(err)
	}
	pooler := exec.Command(program, "-q", settings)
	pooler.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT, Credential: s.server.Account}
	pooler.Dir, pooler.Stderr = s.server.Folder, os.Stderr
	if err := pooler.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = pooler.Process.Kill()
		_ = pooler.Wait()
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("PgBouncer does not answer: %v", err)
		}
	}
	through := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: address, Path: "/postgres", RawQuery: "sslmode=disable"}
	return through.String()
}

// unprepared is the setting that has a PgBouncer of 1.21 or later pass statements on as
// they are named. Those before can't do anything else, and refuse the setting.
func unprepared(version []byte) string {
	found := regexp.MustCompile(`(\d+)\.(\d+)`).FindSubmatch(version)
	if found == nil {
		return ""
	}
	major, _ := strconv.Atoi(string(found[1])) // digits
	minor, _ := strconv.Atoi(string(found[2]))
	if major > 1 || minor >= 21 {
		return "max_prepared_statements = 0\n"
	}
	return ""
}
