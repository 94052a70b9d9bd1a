package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// run is one measurement. CPU and latencies are milliseconds.
type run struct {
	Server, Query string
	Connections   int
	Round         int
	PerSecond     float64
	P50, P99      float64
	ServerCPU     float64 // a request
	DatabaseCPU   float64 // a request
	Errors        int
}

// CPU is what a request cost in all.
func (r run) CPU() float64 { return r.ServerCPU + r.DatabaseCPU }

// measure warms all servers up, and then measures them round by round, in turn, so
// that what else the machine does meets all of them alike.
func measure(ctx context.Context, p plan, d *postgres, servers []*server, loads map[loadKey]load) (runs results, err error) {
	began := time.Now()
	for round := range p.Rounds + 1 { // round 0 warms up
		connections, lasts := p.Connections, p.Lasts
		if round == 0 {
			connections, lasts = []int{ratiosAt}, p.Warms
		}
		for _, n := range connections {
			for _, q := range queries {
				for i := range servers {
					s := servers[(i+round)%len(servers)]
					r, err := measureOne(ctx, d, s, loads[loadKey{s.Title, q.Name}], n, lasts)
					if err != nil {
						return nil, fmt.Errorf("%s, query %s, %d connections: %w", s.Title, q.Name, n, err)
					}
					r.Query, r.Round = q.Name, round
					fmt.Fprintf(os.Stderr, "%4.0f s  round %d of %d  %2d connections  %s  %-25s %9.1f requests/s  %.3f + %.3f ms CPU\n",
						time.Since(began).Seconds(), round, p.Rounds, n, q.Name, s.Title, r.PerSecond, r.ServerCPU, r.DatabaseCPU)
					if round > 0 {
						runs = append(runs, r)
					}
				}
			}
		}
	}
	return runs, nil
}

// measureOne loads a server for a time.
func measureOne(ctx context.Context, d *postgres, s *server, l load, connections int, lasts time.Duration) (r run, err error) {
	if err := settle(ctx, d, s); err != nil {
		return r, err
	}
	before, err := both(d, s)
	if err != nil {
		return r, err
	}
	out, err := wrk(ctx, s, l, connections, lasts)
	if err != nil {
		return r, err
	}
	if out[0] == 0 {
		if lasts >= time.Minute {
			return r, fmt.Errorf("no answer in %s", lasts)
		}
		return measureOne(ctx, d, s, l, connections, 4*lasts) // the machine is too busy for so short a run
	}
	after, err := both(d, s)
	if err != nil {
		return r, err
	}
	// What the server logs is not kept: a line a request fills a disk.
	if err := os.Truncate(s.log, 0); err != nil {
		return r, err
	}
	return newRun(s, l, connections, out, [2]time.Duration{after[0] - before[0], after[1] - before[1]})
}

// newRun reckons a run from the numbers of load.lua and the CPU time of the server
// and of the database.
func newRun(s *server, l load, connections int, out []float64, used [2]time.Duration) (run, error) {
	requests, seconds, bytes := out[0], out[1]/1e6, out[2]
	r := run{Server: s.Title, Connections: connections, PerSecond: requests / seconds, Errors: int(out[3]), P50: out[4] / 1e3, P99: out[5] / 1e3}
	// Refusals with status 200 are of another size than what was checked. An answer
	// that was cut off is among the bytes, not among the requests.
	if least, most := requests*l.size, (requests+float64(connections))*l.size; r.Errors == 0 && (bytes < 0.92*least || bytes > 1.08*most) {
		return r, fmt.Errorf("answers have %.0f bytes, those that were checked %.0f", bytes/requests, l.size)
	}
	// In the end each connection has a request half done, as a mean.
	worked := requests + float64(connections)/2
	r.ServerCPU, r.DatabaseCPU = used[0].Seconds()*1e3/worked, used[1].Seconds()*1e3/worked
	return r, nil
}

// both is the CPU time so far of the server and of the database.
func both(d *postgres, s *server) (used [2]time.Duration, err error) {
	if used[0], err = cpu(s.pid()); err != nil {
		return used, err
	}
	used[1], err = cpu(d.pid())
	return used, err
}

// settle waits until a server and the database have nothing left to do: the load
// generator cuts its last requests off.
func settle(ctx context.Context, d *postgres, s *server) error {
	last, err := both(d, s)
	for i := 0; err == nil && i < 50; i++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		var now [2]time.Duration
		if now, err = both(d, s); now == last {
			return nil
		}
		last = now
	}
	return err
}

// wrk runs the load generator, and returns the numbers that load.lua prints.
func wrk(ctx context.Context, s *server, l load, connections int, lasts time.Duration) ([]float64, error) {
	arguments := []string{"-t1", "-c", strconv.Itoa(connections), "-d", fmt.Sprintf("%.0fs", lasts.Seconds()), "--timeout", "60s", "-s", "bench/load.lua"}
	for name, values := range s.headers {
		arguments = append(arguments, "-H", name+": "+values[0])
	}
	out, err := exec.CommandContext(ctx, "wrk", append(arguments, s.address, "--", l.file, "1")...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	_, line, ok := strings.Cut(string(out), "result ")
	fields := strings.Fields(line)
	if !ok || len(fields) != 6 {
		return nil, fmt.Errorf("wrk: no result in\n%s", out)
	}
	numbers := make([]float64, len(fields))
	for i, field := range fields {
		if numbers[i], err = strconv.ParseFloat(field, 64); err != nil {
			return nil, fmt.Errorf("wrk: %w", err)
		}
	}
	return numbers, nil
}
