package main

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// process is the binary, which serves.
type process struct {
	server
	command *exec.Cmd
	ended   chan error
}

// startServe starts the binary on a database, and waits until it serves. It is killed
// at the end of the test, if it has not ended.
func startServe(t *testing.T, address string, args ...string) process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--database", address}, args...)
	p := process{command: exec.CommandContext(t.Context(), path, args...), ended: make(chan error, 1)}
	stderr, err := p.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	log := bufio.NewReader(stderr)
	line, err := log.ReadString('\n')
	found := regexp.MustCompile(`address"?[=:]"?(http://[^/]+)/`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("%v: %s", err, line)
	}
	p.url = found[1]
	go func() {
		_, _ = io.Copy(io.Discard, log)
		p.ended <- p.command.Wait()
	}()
	return p
}

// stop tells the process to stop, as an orchestrator does.
func (p process) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// wait waits until the process has ended, for a minute at most.
func (p process) wait(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("SIGTERM did not end it")
	}
}

// TestSignal stops the binary while an operation waits for a lock: it is not ready any
// more and refuses others, answers that one, and ends.
func TestSignal(t *testing.T) {
	address := modelstest.Postgres(t)
	db := modelstest.Open(t, address)
	load(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	p := startServe(t, address, "--log-format", "json", "--pool", "1")
	p.token = newServer(t, db, models.APIToken{AllCustomers: true}).token
	tx := db.Begin()
	if err := tx.Exec("LOCK TABLE customers").Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback() })
	answers := make(chan string)
	go func() {
		_, answer := p.ask(t, `{ customers { totalCount } }`)
		answers <- string(answer)
	}()
	until(t, "the operation waits for the lock", func() bool {
		var waiting int
		if err := db.Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting).Error; err != nil {
			t.Fatal(err)
		}
		return waiting == 1
	})
	p.stop(t)
	until(t, "it is not ready", func() bool {
		response, body := p.exchange(t, "GET", "/readyz", "")
		return response.StatusCode == http.StatusServiceUnavailable && string(body) == "stopping\n" && response.Close
	})
	if err := tx.Rollback().Error; err != nil {
		t.Fatal(err)
	}
	if got := <-answers; got != `{"data":{"customers":{"totalCount":1}}}` {
		t.Errorf("the operation that ran has %s", got)
	}
	p.wait(t)
}

// TestServeSettings refuses settings that make no sense.
func TestServeSettings(t *testing.T) {
	for _, args := range []string{"--pool 0", "--timeout 0s", "--max-operations 0", "--max-waiting=-1", "--log-format xml", "--log-level loud"} {
		flag, _, _ := strings.Cut(strings.ReplaceAll(args, "=", " "), " ")
		if got := run(t, modelstest.SQLite(t), "", append([]string{"serve", "--listen", "127.0.0.1:0"}, strings.Fields(args)...)...); !got.failed || !strings.Contains(got.stderr, flag) {
			t.Errorf("%s: %+v", args, got)
		}
	}
}
