package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

func TestDemoListensOnThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "[::]:80", "demo.example:80"} {
		if err := (serve{Demo: true, Listen: address}).Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "this machine only") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestListen holds that an address that is none is reported as such, with and without
// --demo.
func TestListen(t *testing.T) {
	for address, want := range map[string]string{
		"18102": "missing port", "localhost": "missing port", "": "missing port", "127.0.0.1:": "", "127.0.0.1:99999": "invalid port", "127.0.0.1:nonsense": "unknown port",
		"::1:80": "too many colons", "http://127.0.0.1:80": "too many colons", "127.0.0.1:-1": "invalid port",
	} {
		for _, demo := range []bool{false, true} {
			err := serve{Demo: demo, Listen: address}.checkListen()
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "HOST:PORT") || !strings.Contains(err.Error(), want)) {
				t.Errorf("%q, demo %t: %v, want %q", address, demo, err, want)
			}
		}
	}
}

// TestSignal stops the binary while an operation waits for a lock: it is not ready any
// more and refuses others, answers that one, and ends.
func TestSignal(t *testing.T) {
	address := modelstest.Postgres(t)
	db := modelstest.Open(t, address)
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	p := apitest.StartServe(t, address, "--log-format", "json", "--pool", "1", "--drain", "0s")
	p.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	tx := db.Begin()
	if err := tx.Exec("LOCK TABLE customers").Error; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback() })
	answers := make(chan string)
	go func() {
		_, answer := p.Ask(t, `{ customers { totalCount } }`)
		answers <- string(answer)
	}()
	apitest.Eventually(t, "the operation waits for the lock", func() bool {
		var waiting int
		if err := db.Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting).Error; err != nil {
			t.Fatal(err)
		}
		return waiting == 1
	})
	p.Stop(t)
	apitest.Eventually(t, "it is not ready", func() bool {
		response, body := p.Exchange(t, "GET", "/readyz", "")
		return response.StatusCode == http.StatusServiceUnavailable && string(body) == "stopping\n" && response.Close
	})
	if err := tx.Rollback().Error; err != nil {
		t.Fatal(err)
	}
	if got := <-answers; got != `{"data":{"customers":{"totalCount":1}}}` {
		t.Errorf("the operation that ran has %s", got)
	}
	p.Wait(t)
}

// TestServeSettings refuses settings that make no sense.
func TestServeSettings(t *testing.T) {
	for _, args := range []string{"--pool 0", "--timeout 0s", "--max-operations 0", "--max-waiting=-1", "--drain=-1s", "--log-format xml", "--log-level loud"} {
		flag, _, _ := strings.Cut(strings.ReplaceAll(args, "=", " "), " ")
		if got := apitest.Run(t, modelstest.SQLite(t), "", append([]string{"serve", "--listen", "127.0.0.1:0"}, strings.Fields(args)...)...); !got.Failed || !strings.Contains(got.Stderr, flag) {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

// TestDrain stops the binary under the load of 32 connections, which go elsewhere a while
// after /readyz has failed, as behind a load balancer: none of their requests fails, and
// those that come on a connection that was idle do not, either.
func TestDrain(t *testing.T) {
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		p := apitest.StartServe(t, address, "--drain", "1s")
		p.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
		var away atomic.Bool
		var requests, closed atomic.Int64
		var senders sync.WaitGroup
		for i := range 32 {
			senders.Go(func() {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for n := 0; n == 0 || !away.Load(); n++ {
					ends, err := askBy(client, p)
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
		p.Stop(t)
		apitest.Eventually(t, "it is not ready", func() bool {
			response, body := p.Exchange(t, "GET", "/readyz", "")
			return response.StatusCode == http.StatusServiceUnavailable && string(body) == "stopping\n"
		})
		if response, _ := p.Exchange(t, "GET", "/healthz", ""); response.StatusCode != http.StatusOK || !response.Close {
			t.Errorf("/healthz has %d, and the connection ends: %t", response.StatusCode, response.Close)
		}
		time.Sleep(300 * time.Millisecond)
		away.Store(true)
		senders.Wait()
		p.Wait(t)
		if requests.Load() < 100 || closed.Load() < 32 {
			t.Errorf("of %d requests %d ended their connection", requests.Load(), closed.Load())
		}
	})
}

// askBy asks by a client, and returns whether the connection ends with the answer. Any
// answer but the right one is an error.
func askBy(client *http.Client, p apitest.Process) (ends bool, err error) {
	request, err := http.NewRequest("POST", p.URL+"/graphql", strings.NewReader(`{"query":"{ customers { totalCount } }"}`))
	if err != nil {
		return false, err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + p.Token}}
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
	p := apitest.StartServe(t, modelstest.SQLite(t), "--drain", "1h")
	p.Stop(t)
	apitest.Eventually(t, "it is not ready", func() bool {
		response, _ := p.Exchange(t, "GET", "/readyz", "")
		return response.StatusCode == http.StatusServiceUnavailable
	})
	p.Stop(t)
	select {
	case err := <-p.Ended:
		if err == nil {
			t.Error("it ended as if it had drained")
		}
	case <-time.After(10 * time.Second):
		t.Error("the second signal did not end it")
	}
}
