package document_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var leakDocuments = flag.Int("leak-documents", 1500, "how many documents the test of leaks asks, each different from all others")

// leakSlack is how much more may be live in the end than when the caches had filled, in
// bytes.
const leakSlack = 4 << 20

// TestNothingLeaks asks the API documents of all sorts, none of them twice. When a fifth
// of them have filled what remembers documents and plans, neither the heap that is live
// nor the goroutines grow.
func TestNothingLeaks(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Seeded(t, db, 5)
	bearer, hash := auth.NewToken()
	if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash, AllCustomers: true}); err != nil {
		t.Fatal(err)
	}
	settings, paths, statuses := apitest.Settings(t), map[string]int{}, map[int]int{}
	settings.Took = func(_ context.Context, path, _ string) { paths[path]++ }
	handler, err := api.New(db, slog.New(slog.DiscardHandler), settings, apitest.Runner(t, db, settings))
	if err != nil {
		t.Fatal(err)
	}
	padding := ""
	if *leakDocuments < 50_000 {
		padding = strings.Repeat("x", 40_000) // fewer documents fill the caches if they are long
	}
	var live, goroutines int
	for i := range *leakDocuments {
		request := httptest.NewRequestWithContext(t.Context(), "POST", "/graphql", strings.NewReader(leakBody(t, i, padding)))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+bearer)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		statuses[answer.Code]++
		if failed := strings.Contains(answer.Body.String(), `"errors":[`); failed != leakKinds[i%len(leakKinds)].bad {
			t.Fatalf("document %d: %.500s", i, answer.Body)
		}
		if i == *leakDocuments/5 {
			live, goroutines = inUse()
		}
	}
	liveThen, goroutinesThen := inUse()
	t.Logf("%d kB and %d goroutines, then %d kB and %d goroutines; %v, %v", live>>10, goroutines, liveThen>>10, goroutinesThen, paths, statuses)
	if liveThen > live+leakSlack || goroutinesThen > goroutines {
		t.Errorf("%d bytes were live and %d goroutines ran, then %d and %d", live, goroutines, liveThen, goroutinesThen)
	}
	if len(paths) != 2 || statuses[http.StatusOK] != *leakDocuments {
		t.Errorf("operations went %v, and answers had %v", paths, statuses)
	}
	runtime.KeepAlive(handler) // and what it remembers
}

// leakKinds are the documents, which differ by %[1]d.
var leakKinds = []struct {
	format string
	bad    bool
}{
	{`query Q%[1]d { customers(first: 1) { nodes { a%[1]d: name sites(first: 1) { nodes { id } } } } }`, false},
	{`query Q%[1]d { customers(first: 1) { nodes { a%[1]d: netBalances { balance } } } }`, false},
	{`query Q%[1]d($n: Int, $name: Boolean!) { customers(first: $n) { nodes { id a%[1]d: name @include(if: $name) } } }`, false},
	{`query Q%[1]d { customer(id: %[1]d) { id balances(first: 2) { nodes { balance } } } }`, false},
	{`query Q%[1]d { a%[1]d: node(id: "Site:%[1]d") { ...F } } fragment F on Site { id customer { name } }`, false},
	{`query Q%[1]d { customers(filter: {name: {eq: "%[1]d"}}, orderBy: {field: NAME}) { totalCount } }`, false},
	{`query Q%[1]d { nothing%[1]d }`, true},
	{`query Q%[1]d { customers(first: -%[1]d) { nodes { id } } }`, true},
	{`query Q%[1]d { customers(`, true},
}

// leakBody is a request for the document of a number. Most are persisted.
func leakBody(t *testing.T, i int, padding string) string {
	t.Helper()
	text := fmt.Sprintf(leakKinds[i%len(leakKinds)].format+" #%[2]s", i+1, padding)
	body := map[string]any{"query": text, "variables": map[string]any{"n": i % 3, "name": i%2 == 0}}
	if i%10 != 0 {
		hash := sha256.Sum256([]byte(text))
		body["extensions"] = map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hex.EncodeToString(hash[:])}}
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// inUse is the heap that is live, in bytes, and how many goroutines there are, when those
// that clean up have had their time.
func inUse() (heap, goroutines int) {
	for range 3 {
		runtime.GC()
		time.Sleep(50 * time.Millisecond)
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc), runtime.NumGoroutine()
}
