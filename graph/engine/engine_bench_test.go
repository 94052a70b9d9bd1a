package engine_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var benchCustomers = flag.Int("bench-customers", 500, "how many customers the benchmark of the engine seeds")

// BenchmarkPaths answers the benchmarked operations by the engine and by the
// resolvers, which take turns. For each it prints the median of the time, its tenths
// from the first to the last, the CPU time of this process, that of SQLite among it,
// and the allocations, of one operation each.
func BenchmarkPaths(b *testing.B) {
	queries := map[string]string{"A": apitest.Read(b, "a.graphql")}
	for name, query := range benchmarked {
		queries[name] = query
	}
	for engine, fresh := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		db := modelstest.Open(b, fresh(b))
		apitest.Seeded(b, db, *benchCustomers)
		if err := db.Exec("ANALYZE").Error; err != nil {
			b.Fatal(err)
		}
		bearer, hash := auth.NewToken()
		if err := token.Create(b.Context(), db, &token.APIToken{Hash: hash, AllCustomers: true}); err != nil {
			b.Fatal(err)
		}
		on := apitest.Handler(b, db, slog.New(slog.DiscardHandler), "--engine=on", "--max-cost=1000000")
		off := apitest.Handler(b, db, slog.New(slog.DiscardHandler), "--engine=off", "--max-cost=1000000")
		for _, name := range []string{"A", "B", "C", "D"} {
			b.Run(engine+"/"+name, func(b *testing.B) {
				var fast, slow measure
				n := 0
				for b.Loop() {
					body, _ := json.Marshal(map[string]any{"query": queries[name], "variables": map[string]any{"id": n**benchCustomers/97%*benchCustomers + 1}})
					n++
					a, z := fast.take(b, on, bearer, body), slow.take(b, off, bearer, body)
					if !bytes.Equal(apitest.Bare(a), apitest.Bare(z)) {
						b.Fatalf("the answers differ:\n%.300s\n%.300s", a, z)
					}
				}
				fast.report(b, "engine")
				slow.report(b, "resolvers")
			})
		}
	}
}

// measure is what operations took.
type measure struct {
	took   []time.Duration
	cpu    time.Duration
	allocs uint64
}

// take runs an operation and returns its answer.
func (m *measure) take(b *testing.B, handler http.Handler, token string, body []byte) []byte {
	request := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	handler.ServeHTTP(recorder, request)
	m.took = append(m.took, time.Since(start))
	m.cpu += cpuTime() - cpu
	runtime.ReadMemStats(&after)
	m.allocs += after.Mallocs - before.Mallocs
	if recorder.Code != http.StatusOK || bytes.Contains(recorder.Body.Bytes(), []byte(`"errors"`)) {
		b.Fatalf("%d %.300s", recorder.Code, recorder.Body)
	}
	return recorder.Body.Bytes()
}

func (m *measure) report(b *testing.B, path string) {
	slices.Sort(m.took)
	at := func(tenths int) float64 { return float64(m.took[(len(m.took)-1)*tenths/10].Microseconds()) / 1000 }
	b.ReportMetric(at(5), path+"-ms")
	b.ReportMetric(at(1), path+"-ms-low")
	b.ReportMetric(at(9), path+"-ms-high")
	b.ReportMetric(float64(m.cpu.Microseconds())/1000/float64(len(m.took)), path+"-cpu-ms")
	b.ReportMetric(float64(m.allocs)/float64(len(m.took)), path+"-allocs")
}

// cpuTime is the time that this process has spent on processors.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(fmt.Sprintf("getrusage: %v", err)) // it can't fail for the process itself
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
