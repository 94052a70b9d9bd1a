package apitest

import (
	"bufio"
	"io"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// Process is the binary, which serves.
type Process struct {
	Server
	Command *exec.Cmd
	Ended   chan error
}

// StartServe starts the binary on a database, and waits until it serves. It is killed
// at the end of the test, if it has not ended.
func StartServe(t *testing.T, address string, args ...string) Process {
	t.Helper()
	path, err := Binary()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--database", address}, args...)
	return Serving(t, exec.CommandContext(t.Context(), path, args...))
}

// Serving starts a command, and waits until it serves.
func Serving(t *testing.T, command *exec.Cmd) Process {
	t.Helper()
	p := Process{Command: command, Ended: make(chan error, 1)}
	stderr, err := p.Command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Command.Start(); err != nil {
		t.Fatal(err)
	}
	log := bufio.NewReader(stderr)
	line, err := log.ReadString('\n')
	found := regexp.MustCompile(`address"?[=:]"?(http://[^/]+)/`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("%v: %s", err, line)
	}
	p.URL = found[1]
	go func() {
		_, _ = io.Copy(io.Discard, log)
		p.Ended <- p.Command.Wait()
	}()
	return p
}

// Stop ends the process, as an orchestrator does.
func (p Process) Stop(t *testing.T) {
	t.Helper()
	if err := p.Command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// Wait waits until the process has ended, for a minute at most.
func (p Process) Wait(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.Ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("SIGTERM did not end it")
	}
}
