package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"
)

// plan is how much is measured.
type plan struct {
	Quick       bool
	Customers   int
	Connections []int // of the load generator, one run each
	Rounds      int   // runs of each server, query and number of connections
	Lasts       time.Duration
	Warms       time.Duration // a run of each server and query before the first round
	Cores       int           // that all processes share
	Cache       string        // absolute; holds the database and what is built
}

// ratiosAt is the number of connections that the ratios are taken at.
const ratiosAt = 8

// newPlan reads the plan from the environment: BENCH_QUICK, BENCH_CUSTOMERS and
// BENCH_CACHE.
func newPlan() (plan, error) {
	p := plan{
		Customers: 20_000, Connections: []int{1, ratiosAt, 32}, Rounds: 3,
		Lasts: 3 * time.Second, Warms: 3 * time.Second, Cores: runtime.NumCPU(),
	}
	if os.Getenv("BENCH_QUICK") != "" {
		p.Quick, p.Customers, p.Connections = true, 2_000, []int{ratiosAt}
		p.Lasts, p.Warms = 2*time.Second, time.Second
	}
	if text := os.Getenv("BENCH_CUSTOMERS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < smallest {
			return p, fmt.Errorf("BENCH_CUSTOMERS: %q is not a number of customers, %d at least", text, smallest)
		}
		p.Customers = n
	}
	cache := os.Getenv("BENCH_CACHE")
	if cache == "" {
		cache = ".bench"
	}
	var err error
	if p.Cache, err = filepath.Abs(cache); err != nil {
		return p, err
	}
	return p, os.MkdirAll(p.Cache, 0o755)
}

// smallest is the fewest customers of which the queries fill their pages.
const smallest = 200

// Pool is how many connections to PostgreSQL a server may hold, usagegraph's own
// choice: more give the same throughput and many times the latency.
func (p plan) Pool() int { return 2 * p.Cores }
