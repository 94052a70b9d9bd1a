package main

import (
	"math"
	"os"
	"testing"
	"time"
)

// TestRun holds how a run is reckoned, and that answers of another size than those
// that were checked are no result.
func TestRun(t *testing.T) {
	s, l := &server{Title: "x"}, load{size: 1000}
	used := [2]time.Duration{2080 * time.Millisecond, 208 * time.Millisecond}
	r, err := newRun(s, l, 8, []float64{100, 2e6, 100_500, 0, 1500, 3000}, used)
	if err != nil {
		t.Fatal(err)
	}
	want := run{Server: "x", Connections: 8, PerSecond: 50, P50: 1.5, P99: 3, ServerCPU: 20, DatabaseCPU: 2}
	if r != want || r.CPU() != 22 {
		t.Errorf("%+v, want %+v", r, want)
	}
	if _, err := newRun(s, l, 8, []float64{100, 2e6, 50_000, 0, 1500, 3000}, used); err == nil {
		t.Error("answers of half the size are taken for answers")
	}
}

// TestSpreads holds that medians are medians, and that ratios are taken in the
// same round.
func TestSpreads(t *testing.T) {
	a, b := results{{PerSecond: 4}, {PerSecond: 30}, {PerSecond: 8}}, results{{PerSecond: 1}, {PerSecond: 10}, {PerSecond: 4}}
	perSecond := func(r run) float64 { return r.PerSecond }
	if got, want := a.spread(perSecond), (spread{8, 4, 30}); got != want {
		t.Errorf("spread %v, want %v", got, want)
	}
	if got, want := a.ratio(b, perSecond), (spread{3, 2, 4}); got != want {
		t.Errorf("ratio %v, want %v", got, want)
	}
	if got, want := newSpread([]float64{4, 1}).String(), "2.50 (1.00–4.00)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestProcesses holds that /proc is read right: work costs this process CPU time.
func TestProcesses(t *testing.T) {
	before, err := cpu(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for after := before; after < before+3*tick; {
		for i := range 100_000 {
			sum += math.Sqrt(float64(i))
		}
		if after, err = cpu(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	bytes, err := peakMemory(os.Getpid())
	if err != nil || bytes < 1<<20 || math.IsNaN(sum) {
		t.Errorf("%d bytes of memory, %v", bytes, err)
	}
	if _, err := cpu(1 << 30); err == nil {
		t.Error("a process that is not there has CPU time")
	}
}

// TestMachine holds that the report says where it was measured.
func TestMachine(t *testing.T) {
	var a about
	if err := a.machine(); err != nil || a.Memory == "" || a.Kernel == "" || a.Load == "" {
		t.Errorf("%+v, %v", a, err)
	}
	if got := property("a : 1\nmodel name\t: An x 2: y\nz: 3\n", "model name"); got != "An x 2: y" {
		t.Errorf("model name is %q", got)
	}
}
