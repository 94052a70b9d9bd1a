package admission

import (
	"cmp"
	"database/sql"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/transport"
)

// metrics are for Prometheus. No label holds what a client chooses, so that their
// number is bounded.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec // by code, the status, and method
	operations *prometheus.CounterVec // by path
	errors     *prometheus.CounterVec // by code
	refusals   *prometheus.CounterVec // by reason
	duration   prometheus.Histogram   // seconds
	cost       prometheus.Histogram
	statements prometheus.Counter
	rows       prometheus.Counter
}

func newMetrics(pool *sql.DB, gate *gate) *metrics {
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		requests:   counters("http_requests_total", "HTTP requests, by status and method.", "code", "method"),
		operations: counters("operations_total", "Requests for operations, by what ran them: none for those that were refused.", "path"),
		errors:     counters("operation_errors_total", "Operations with an error, by the error's code. CANCELED are those whose client went away.", "code"),
		refusals:   counters("refusals_total", "Requests and operations that were refused for their token, or because the server has no room for them, by reason.", "reason"),
		duration: histogram("operation_duration_seconds", "How long operations took, from the request to the end of the answer.",
			.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30),
		cost:       histogram("operation_cost", "What operations cost.", 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
		statements: counter("statements_total", "SQL statements that operations ran."),
		rows:       counter("rows_total", "Rows that these statements read."),
	}
	m.registry.MustRegister(m.requests, m.operations, m.errors, m.refusals, m.duration, m.cost, m.statements, m.rows,
		gauge("operations_running", "Operations that run now.", func() float64 { return float64(gate.running()) }),
		gauge("operations_waiting", "Operations that wait to be run.", func() float64 { return float64(gate.waiting.Load()) }),
		collectors.NewDBStatsCollector(pool, "usagegraph"),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	for _, reason := range append([]auth.Reason{busy, stopping}, auth.Reasons...) {
		m.refusals.WithLabelValues(string(reason)) // from 0 on, so that its first is a rise
	}
	return m
}

// observe counts an operation.
func (m *metrics) observe(record *Record, took time.Duration) {
	path := record.Path
	if path == "" {
		path = "none"
	}
	m.operations.WithLabelValues(string(path)).Inc()
	for _, code := range record.codes {
		m.errors.WithLabelValues(code).Inc()
	}
	m.duration.Observe(took.Seconds())
	m.cost.Observe(float64(record.Cost))
	m.statements.Add(float64(record.Statements.Load()))
	m.rows.Add(float64(record.Rows.Load()))
}

// Reasons of the gate.
const (
	busy     auth.Reason = "busy"
	stopping auth.Reason = "stopping"
)

// Refused counts a refusal.
func (c *Controller) Refused(reason auth.Reason) {
	c.metrics.refusals.WithLabelValues(string(reason)).Inc()
}

// methods are those that have a series of their own, and its name.
var methods = map[string]string{}

func init() {
	for _, name := range []string{"get", "head", "post", "options", "put", "patch", "delete", "connect", "trace", "notify"} {
		methods[name], methods[strings.ToUpper(name)] = name, name
	}
}

// Count counts the requests that next answers.
func (c *Controller) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		answer := transport.RecordStatus(w)
		next.ServeHTTP(answer, request)
		status := cmp.Or(answer.Status, http.StatusOK) // as net/http answers what says nothing
		c.metrics.requests.WithLabelValues(strconv.Itoa(status), cmp.Or(methods[request.Method], "unknown")).Inc()
	})
}

// Metrics answers Prometheus.
func (c *Controller) Metrics() http.Handler {
	return promhttp.HandlerFor(c.metrics.registry, promhttp.HandlerOpts{})
}

const namespace = "usagegraph"

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func gauge(name, help string, value func() float64) prometheus.GaugeFunc {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, value)
}

func histogram(name, help string, buckets ...float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
}
