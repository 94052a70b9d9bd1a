package admission

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// lines runs queries one after another, and returns what the log has of each.
func lines(t *testing.T, settings Settings, run schema, queries ...string) (*Controller, []map[string]any) {
	t.Helper()
	var text bytes.Buffer
	log := slog.New(transport.LogHandler{Handler: slog.NewJSONHandler(&text, nil)})
	controller, api := newAPI(t, settings, log, run)
	for _, query := range queries {
		ask(t.Context(), api, query)
	}
	if strings.Contains(text.String(), "secret") || strings.Contains(text.String(), "echo") {
		t.Errorf("the log has what the client sent: %s", text.String())
	}
	var all []map[string]any
	for line := range strings.Lines(text.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		all = append(all, fields)
	}
	if len(all) != len(queries) {
		t.Fatalf("%d lines of %d operations: %s", len(all), len(queries), text.String())
	}
	return controller, all
}

func echo(ctx context.Context) string {
	For(ctx).Statements.Add(2)
	For(ctx).Rows.Add(30)
	return `{"echo":null}`
}

// TestLog holds what the log has of an operation that is run, and of one that is not.
func TestLog(t *testing.T) {
	long := strings.Repeat("n", 1000)
	_, all := lines(t, Defaults(), echo, query, "{ secret }", "{ ", "query "+long+" { __typename }")
	for i, want := range []map[string]any{
		{"level": "INFO", "msg": "operation", "name": "Name", "status": 200.0, "codes": "", "cost": 42.0, "statements": 2.0, "rows": 30.0, "path": "resolvers", "token": "7"},
		{"name": "", "status": 200.0, "codes": "GRAPHQL_VALIDATION_FAILED", "statements": 0.0, "path": ""},
		{"codes": "GRAPHQL_PARSE_FAILED"},
		{"name": long[:64]},
	} {
		for key, value := range want {
			if got := all[i][key]; got != value {
				t.Errorf("line %d: %s is %v, want %v", i, key, got, value)
			}
		}
		if id, ok := all[i]["request_id"].(string); !ok || id == "" || all[i]["ms"].(float64) <= 0 {
			t.Errorf("line %d: %v", i, all[i])
		}
	}
}

// TestSlow warns of slow operations.
func TestSlow(t *testing.T) {
	settings := Defaults()
	settings.Slow = time.Nanosecond
	if _, all := lines(t, settings, echo, query); all[0]["level"] != "WARN" {
		t.Errorf("%v", all[0])
	}
}

// TestGone distinguishes operations whose clients did not wait from those that failed.
func TestGone(t *testing.T) {
	var text bytes.Buffer
	ctx, leave := context.WithCancel(t.Context())
	controller, api := newAPI(t, Defaults(), slog.New(slog.NewTextHandler(&text, nil)), func(context.Context) string {
		leave()
		return `{"echo":null}`
	})
	ask(ctx, api, query)
	if got := text.String(); !strings.Contains(got, "codes=CANCELED") || strings.Contains(got, "level=ERROR") || strings.Contains(scrape(t, controller), "INTERNAL") {
		t.Errorf("the log is %s", got)
	}
}

func scrape(t *testing.T, controller *Controller) string {
	t.Helper()
	answer := httptest.NewRecorder()
	controller.Metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.Code != 200 {
		t.Fatal(err, answer.Code)
	}
	return string(text)
}

// TestMetrics holds what Prometheus reads, and that what clients choose makes no new
// series.
func TestMetrics(t *testing.T) {
	settings := Defaults()
	controller, _ := lines(t, settings, func(ctx context.Context) string {
		graphql.AddError(ctx, fault.Invalid("x"))
		graphql.AddError(ctx, fault.Invalid("y"))
		return echo(ctx)
	}, query, query, "query Other { __typename }", "{ ")
	text := scrape(t, controller)
	for _, want := range []string{
		`usagegraph_http_requests_total{code="200",method="post"} 4`,
		`usagegraph_operations_total{path="none"} 1`,
		`usagegraph_operations_total{path="resolvers"} 3`,
		`usagegraph_operation_errors_total{code="BAD_USER_INPUT"} 3`,
		`usagegraph_operation_errors_total{code="GRAPHQL_PARSE_FAILED"} 1`,
		`usagegraph_operation_duration_seconds_count 4`,
		`usagegraph_operation_cost_bucket{le="100"} 4`,
		`usagegraph_operation_cost_sum 168`,
		`usagegraph_statements_total 6`,
		`usagegraph_rows_total 90`,
		`usagegraph_operations_running 0`,
		`usagegraph_operations_waiting 0`,
		`go_sql_max_open_connections{db_name="usagegraph"} `,
		`go_sql_wait_duration_seconds_total{db_name="usagegraph"} `,
		`go_goroutines `, `go_gc_gogc_percent `, `process_resident_memory_bytes `, `go_build_info{`,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
	}
	if found := regexp.MustCompile(`Name|Other|echo|secret`).FindString(text); found != "" {
		t.Errorf("there is %q", found)
	}
}

// TestCount holds that requests are counted as promhttp counts them.
func TestCount(t *testing.T) {
	controller, err := New(Defaults(), modelstest.Open(t, modelstest.SQLite(t)))
	if err != nil {
		t.Fatal(err)
	}
	status := 0
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if status != 0 {
			w.WriteHeader(status)
		}
	})
	theirs := counters("http_requests_total", "HTTP requests, by status and method.", "code", "method")
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "NOTIFY", "get", "Get", "QUERY", "secret"} {
		for _, status = range []int{0, 200, 204, 308, 404, 418, 503, 599} {
			request := httptest.NewRequest("GET", "/", nil)
			request.Method = method
			controller.Count(next).ServeHTTP(httptest.NewRecorder(), request)
			promhttp.InstrumentHandlerCounter(theirs, next).ServeHTTP(httptest.NewRecorder(), request)
		}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(theirs)
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if got, want := scrape(t, controller), answer.Body.String(); !strings.Contains(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
