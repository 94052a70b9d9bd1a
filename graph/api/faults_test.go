package api_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var faults = flag.Bool("faults", false, "break the database under load")

const (
	faultClients = 16 // that ask at once
	faultQuery   = "{ customers(first: 3) { nodes { name sites(first: 2) { nodes { name } } balances(first: 2) { nodes { balance } } } } }"
)

// TestFaults ends PostgreSQL's connections, and then PostgreSQL, under load: each
// request is answered in time and with a code, the service resumes by itself, and
// nothing leaks.
func TestFaults(t *testing.T) {
	if !*faults {
		t.Skip("make e2e runs it")
	}
	postgres := modelstest.NewServer(t)
	address := postgres.Address()
	db := modelstest.Open(t, address)
	apitest.Seeded(t, db, 25)
	const timeout = 3 * time.Second
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--timeout", timeout.String())
	administrator := modelstest.Open(t, address)
	s.Ask(t, faultQuery)
	before := runtime.NumGoroutine()

	l := &faultLoad{server: s, codes: map[string]int{}}
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for range faultClients {
		clients.Go(func() { l.ask(ctx, t) })
	}
	answered := func() bool { return l.answered.Load() >= 3*faultClients }
	apitest.Eventually(t, "operations are answered", answered)
	if err := administrator.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Error; err != nil {
		t.Fatal(err)
	}
	l.answered.Store(0)
	apitest.Eventually(t, "operations are answered after their connections ended", answered)
	postgres.Crash()
	l.refused.Store(0)
	apitest.Eventually(t, "operations are refused while the database is away", func() bool { return l.refused.Load() >= 3*faultClients })
	postgres.Restart()
	l.answered.Store(0)
	apitest.Eventually(t, "operations are answered when the database is back", answered)
	stop()
	clients.Wait()
	t.Logf("%v, the longest took %s", l.codes, l.longest.Round(time.Millisecond))

	for code := range l.codes {
		if code != "" && code != "UNAVAILABLE" && code != "TIMEOUT" {
			t.Errorf("there is the code %s", code)
		}
	}
	if l.longest > timeout+10*time.Second {
		t.Errorf("a request took %s", l.longest)
	}
	leaksNothing(t, db, before)
}

// leaksNothing holds that the connections to the database are those of the pool, idle,
// and that no more goroutines run than before.
func leaksNothing(t *testing.T, db *gorm.DB, before int) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	apitest.Eventually(t, "all connections are idle", func() bool { return pool.Stats().InUse == 0 })
	var open int
	if err := db.Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'").Scan(&open).Error; err != nil {
		t.Fatal(err)
	}
	if ours := pool.Stats().OpenConnections; max(open, ours) > database.DefaultPool() {
		t.Errorf("PostgreSQL has %d connections and the pool %d, of %d", open, ours, database.DefaultPool())
	}
	apitest.Eventually(t, fmt.Sprintf("no more than %d goroutines run", before), func() bool { return runtime.NumGoroutine() <= before })
}

// faultLoad is a load of one query, and what became of it.
type faultLoad struct {
	server            apitest.Server
	answered, refused atomic.Int64

	mu      sync.Mutex
	codes   map[string]int // of the first errors, "" without one
	longest time.Duration
}

// ask asks again and again.
func (l *faultLoad) ask(ctx context.Context, t *testing.T) {
	body, _ := json.Marshal(map[string]string{"query": faultQuery}) // texts always marshal
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(t.Context(), "POST", l.server.URL+"/graphql", strings.NewReader(string(body)))
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+l.server.Token)
		start := time.Now()
		code, err := firstCode(request)
		if err != nil {
			t.Error(err)
			return
		}
		if code == "" {
			l.answered.Add(1)
		} else {
			l.refused.Add(1)
			time.Sleep(20 * time.Millisecond) // a client that must wait does
		}
		l.mu.Lock()
		l.codes[code]++
		l.longest = max(l.longest, time.Since(start))
		l.mu.Unlock()
	}
}

// firstCode sends a request and returns the code of its answer's first error.
func firstCode(request *http.Request) (string, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return "", fmt.Errorf("%w: %.200s", err, text)
	}
	if len(answer.Errors) == 0 {
		return "", nil
	}
	return answer.Errors[0].Extensions.Code, nil
}
