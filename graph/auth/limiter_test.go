package auth

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestLimiter spends in a time that does not pass by itself.
func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(10, 100)
		for _, step := range []struct {
			after   time.Duration
			spender string
			cost    int
			paid    int
			wait    time.Duration
		}{
			{0, "a", 60, 0, 0},
			{0, "a", 60, 0, 2 * time.Second}, // 40 are left
			{0, "a", 40, 0, 0},               // a refusal took nothing
			{0, "a", 1, 0, 100 * time.Millisecond},
			{0, "b", 100, 0, 0},
			{time.Second, "a", 11, 0, 100 * time.Millisecond},
			{0, "a", 10, 0, 0},
			{time.Hour, "a", 1_000_000, 0, 0}, // more than the burst takes all of it
			{0, "a", 1_000_000, 0, 10 * time.Second},
			{10 * time.Second, "a", 1_000_000, 0, 0},
			{10 * time.Second, "a", 1, 0, 0},
			{0, "a", 1_000_000, 1, 0}, // with what is paid, all of the burst
			{2 * time.Second, "a", 1, 0, 0},
			{0, "a", 59, 1, 4 * time.Second}, // until 59 are there, not 58
			{0, "a", 1, 1, 0},
		} {
			time.Sleep(step.after)
			if wait, ok := l.Spend(step.spender, step.cost, step.paid); wait != step.wait || ok != (step.wait == 0) {
				t.Errorf("%+v: wait %v, %v", step, wait, ok)
			}
		}
	})
}

// TestWait finds which spender has nothing left, and takes nothing.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(10, 2)
		for _, want := range []time.Duration{0, 0, 100 * time.Millisecond, 100 * time.Millisecond} {
			if wait := l.Wait("a"); wait != want {
				t.Errorf("wait %v, want %v", wait, want)
			}
			l.Spend("a", 1, 0)
		}
		time.Sleep(100 * time.Millisecond)
		if wait := l.Wait("a"); wait != 0 {
			t.Errorf("later: wait %v", wait)
		}
	})
}

// TestLimiterForgets holds that the memory of a flood from many addresses is bounded,
// and that who goes on is remembered.
func TestLimiterForgets(t *testing.T) {
	l := NewLimiter(1e-9, 1)
	l.Spend("goes on", 1, 0)
	for i := range 3 * remembered {
		l.Spend(fmt.Sprint(i), 1, 0)
		if _, ok := l.Spend("goes on", 1, 0); ok {
			t.Fatalf("after %d others it may spend again", i)
		}
	}
	if n := l.buckets.Len(); n != remembered {
		t.Errorf("%d are remembered", n)
	}
}

func TestSeconds(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "1", time.Millisecond: "1", time.Second: "1", time.Second + 1: "2", time.Hour: "3600"} {
		if got := retryAfter(wait); got != want {
			t.Errorf("%v: %s, want %s", wait, got, want)
		}
	}
}
