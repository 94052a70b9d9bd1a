package admission

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/models/fault"
)

// queued is a gate whose operations come in and leave one by one.
type queued struct {
	t *testing.T
	*gate
	entered chan string // the tokens, in the order in which they came in
	refused chan string
}

func newQueued(t *testing.T, operations, waiting int) queued {
	return queued{t, newGate(operations, waiting), make(chan string, 100), make(chan string, 100)}
}

func of(t *testing.T, token string) context.Context {
	return auth.With(t.Context(), auth.Principal{TokenID: token})
}

// ask has operations of tokens come, each when the one before is in, waits or is refused.
func (q queued) ask(tokens ...string) {
	q.t.Helper()
	for _, token := range tokens {
		settled := q.settled() + 1
		go func() {
			if q.enter(of(q.t, token)) == nil {
				q.entered <- token
			} else {
				q.refused <- token
			}
		}()
		q.until(func() bool { return q.settled() == settled })
	}
}

// settled is how many operations are in, wait or have been refused.
func (q queued) settled() int {
	return q.running() + int(q.waiting.Load()) + len(q.refused)
}

func (q queued) until(holds func() bool) {
	q.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(100 * time.Microsecond) {
		if time.Now().After(deadline) {
			q.t.Fatal("it does not come about")
		}
	}
}

// drain has all that come in leave, one after the other, and returns the order.
func (q queued) drain(n int) (order []string) {
	q.t.Helper()
	for range n {
		token := <-q.entered
		order = append(order, token)
		q.leave(of(q.t, token))
	}
	return order
}

// TestGateIsFair holds that tokens take turns, whatever the number of their operations, and
// that those of one come in in their order.
func TestGateIsFair(t *testing.T) {
	q := newQueued(t, 1, 20)
	q.ask("a", "a", "a", "a", "a", "a", "b", "b", "c")
	if got, want := q.drain(9), []string{"a", "b", "c", "a", "b", "a", "a", "a", "a"}; !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
	if len(q.shares) > 0 || q.running() > 0 || q.waiting.Load() > 0 {
		t.Errorf("the gate holds %v", q.shares)
	}
}

// TestGateSharesSlots holds that who has fewer operations inside comes first: long ones of
// one token leave others their share.
func TestGateSharesSlots(t *testing.T) {
	q := newQueued(t, 4, 20)
	q.ask("a", "a", "a", "a", "a", "a", "b", "b", "b")
	for range 4 {
		<-q.entered
	}
	q.leave(of(t, "a"))
	q.leave(of(t, "a"))
	if first, second := <-q.entered, <-q.entered; first != "b" || second != "b" {
		t.Errorf("%s and %s come in", first, second)
	}
	q.leave(of(t, "b")) // a has two inside, b one
	if next := <-q.entered; next != "b" {
		t.Errorf("%s comes in", next)
	}
}

// TestGateMakesRoom holds that a token that fills the queue does not keep others from it.
func TestGateMakesRoom(t *testing.T) {
	q := newQueued(t, 1, 3)
	q.ask("a", "a", "a", "a", "a") // one is in, three wait, one is refused
	q.ask("b")                     // takes the place of a's last
	if got := []string{<-q.refused, <-q.refused}; !slices.Equal(got, []string{"a", "a"}) {
		t.Errorf("%v are refused", got)
	}
	q.ask("b") // it has one waiting and a two: there is no place to take
	if got := <-q.refused; got != "b" {
		t.Errorf("%s is refused", got)
	}
	if got, want := q.drain(4), []string{"a", "b", "a", "a"}; !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
}

// TestGateGivesUp holds that an operation whose context ends waits no more and holds nothing.
func TestGateGivesUp(t *testing.T) {
	g := newGate(1, 5)
	if refused := g.enter(of(t, "a")); refused != nil {
		t.Fatal(refused)
	}
	ctx, cancel := context.WithCancel(of(t, "b"))
	answers := make(chan *fault.Error, 1)
	go func() { answers <- g.enter(ctx) }()
	queued{t: t, gate: g}.until(func() bool { return g.waiting.Load() == 1 })
	cancel()
	if refused := <-answers; refused != errBusy {
		t.Errorf("who gave up: %v", refused)
	}
	g.leave(of(t, "a"))
	if g.running() != 0 || g.waiting.Load() != 0 || len(g.shares) != 0 {
		t.Errorf("%d are in, %d wait", g.running(), g.waiting.Load())
	}
}

// TestGateCloses holds that who waits is refused when the gate closes, and that closing
// waits for those inside.
func TestGateCloses(t *testing.T) {
	q := newQueued(t, 2, 5)
	q.ask("a", "b", "a", "b")
	closed := make(chan struct{})
	go func() {
		q.close(t.Context())
		close(closed)
	}()
	for range 2 {
		<-q.refused
	}
	if refused := q.enter(of(t, "c")); refused != ErrStopping {
		t.Errorf("who comes later: %v", refused)
	}
	q.leave(of(t, <-q.entered))
	select {
	case <-closed:
		t.Error("it is closed with an operation inside")
	case <-time.After(10 * time.Millisecond):
	}
	q.leave(of(t, <-q.entered))
	<-closed
}

// TestGateUnderLoad holds that no operation is lost or let in beyond the bound.
func TestGateUnderLoad(t *testing.T) {
	g := newGate(3, 8)
	done := make(chan struct{})
	for n := range 24 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 300 {
				ctx, cancel := context.WithTimeout(of(t, fmt.Sprint(n%4)), time.Duration(i%5)*100*time.Microsecond)
				if g.enter(ctx) == nil {
					if running := g.running(); running > 3 {
						t.Errorf("%d are in", running)
					}
					g.leave(ctx)
				}
				cancel()
			}
		}()
	}
	for range 24 {
		<-done
	}
	if g.running() != 0 || g.waiting.Load() != 0 || len(g.shares) != 0 {
		t.Errorf("%d are in, %d wait, %d tokens", g.running(), g.waiting.Load(), len(g.shares))
	}
}
