package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
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
	return serving(t, exec.CommandContext(t.Context(), path, args...))
}

// serving starts a command, and waits until it serves.
func serving(t *testing.T, command *exec.Cmd) process {
	t.Helper()
	p := process{command: command, ended: make(chan error, 1)}
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
	p := startServe(t, address, "--log-format", "json", "--pool", "1", "--drain", "0s")
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
	for _, args := range []string{"--pool 0", "--timeout 0s", "--max-operations 0", "--max-waiting=-1", "--drain=-1s", "--log-format xml", "--log-level loud"} {
		flag, _, _ := strings.Cut(strings.ReplaceAll(args, "=", " "), " ")
		if got := run(t, modelstest.SQLite(t), "", append([]string{"serve", "--listen", "127.0.0.1:0"}, strings.Fields(args)...)...); !got.failed || !strings.Contains(got.stderr, flag) {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

// TestDrain stops the binary under the load of 32 connections, which go elsewhere a while
// after /readyz has told so, as behind a load balancer: none of their requests fails, and
// those that come on a connection that was idle do not, either.
func TestDrain(t *testing.T) {
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		load(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		p := startServe(t, address, "--drain", "1s")
		p.token = newServer(t, db, models.APIToken{AllCustomers: true}).token
		var away atomic.Bool
		var requests, closed atomic.Int64
		var senders sync.WaitGroup
		for i := range 32 {
			senders.Go(func() {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for n := 0; n == 0 || !away.Load(); n++ {
					ends, err := p.askBy(client)
					if err != nil {
						t.Errorf("connection %d, request %d: %v", i, n, err)
						return
					}
					requests.Add(1)
					if ends {
						closed.Add(1)
					}
					if i >= 24 { // is idle for a while after each request
						time.Sleep(50 * time.Millisecond)
					}
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		p.stop(t)
		until(t, "it is not ready", func() bool {
			response, body := p.exchange(t, "GET", "/readyz", "")
			return response.StatusCode == http.StatusServiceUnavailable && string(body) == "stopping\n"
		})
		if response, _ := p.exchange(t, "GET", "/healthz", ""); response.StatusCode != http.StatusOK || !response.Close {
			t.Errorf("/healthz has %d, and the connection ends: %t", response.StatusCode, response.Close)
		}
		time.Sleep(300 * time.Millisecond)
		away.Store(true)
		senders.Wait()
		p.wait(t)
		if requests.Load() < 100 || closed.Load() < 32 {
			t.Errorf("of %d requests %d ended their connection", requests.Load(), closed.Load())
		}
	})
}

// askBy asks by a client, and returns whether the connection ends with the answer. Any
// answer but the right one is an error.
func (p process) askBy(client *http.Client) (ends bool, err error) {
	request, err := http.NewRequest("POST", p.url+"/graphql", strings.NewReader(`{"query":"{ customers { totalCount } }"}`))
	if err != nil {
		return false, err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + p.token}}
	request.GetBody = nil // nothing is sent twice without being seen
	response, err := client.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !strings.HasPrefix(string(body), `{"data":{"customers":{"totalCount":1}}`)) {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return response.Close, err
}

// TestSecondSignal ends the process at once, though it drains.
func TestSecondSignal(t *testing.T) {
	p := startServe(t, modelstest.SQLite(t), "--drain", "1h")
	p.stop(t)
	until(t, "it is not ready", func() bool {
		response, _ := p.exchange(t, "GET", "/readyz", "")
		return response.StatusCode == http.StatusServiceUnavailable
	})
	p.stop(t)
	select {
	case err := <-p.ended:
		if err == nil {
			t.Error("it ended as if it had drained")
		}
	case <-time.After(10 * time.Second):
		t.Error("the second signal did not end it")
	}
}
