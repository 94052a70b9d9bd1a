package admission

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/models/fault"
)

// gate lets a number of operations in at once. Some more wait. Who comes in next is the
// token with the fewest operations inside, and of several the one whose turn is longest
// ago: however much one token asks for, others have the same share. The operations of a
// token come in in the order in which they came.
type gate struct {
	size, maxWaiting int
	waiting          atomic.Int64
	closing          chan struct{}
	empty            chan struct{} // closed when it is closing and no operation is in

	mu     sync.Mutex
	in     int
	turns  uint64            // that there have been
	tokens uint64            // that have come, each again after it had nothing here
	shares map[string]*share // of the tokens that have operations here
}

// share is what the gate has of one token.
type share struct {
	in    int
	queue []*waiter
	turn  uint64 // when one of its operations came in last, 0 for none
	came  uint64 // when it came: of those without a turn the first goes first
}

// waiter is an operation that waits.
type waiter struct{ answer chan *fault.Error } // nil lets it in

func newGate(operations, waiting int) *gate {
	return &gate{size: operations, maxWaiting: waiting, closing: make(chan struct{}), empty: make(chan struct{}), shares: map[string]*share{}}
}

// ErrStopping is why operations are refused, or end, when the server stops.
var ErrStopping = &fault.Error{Code: fault.Unavailable, Message: "the server is stopping", RetryAfter: 1}

var errBusy = &fault.Error{Code: fault.Unavailable, Message: "the server is busy: too many operations run and wait", RetryAfter: 1}

// tokenOf names the token that an operation is of.
func tokenOf(ctx context.Context) string {
	principal, _ := auth.For(ctx)
	return principal.TokenID
}

// enter lets an operation in, or returns why not. An operation that was let in must leave.
func (g *gate) enter(ctx context.Context) *fault.Error {
	token := tokenOf(ctx)
	w, refused := g.wait(token)
	if w == nil {
		return refused
	}
	select {
	case refused := <-w.answer:
		return refused
	case <-ctx.Done():
		if !g.giveUp(token, w) && <-w.answer == nil {
			g.leave(ctx)
		}
		return errBusy
	}
}

// wait lets an operation in, refuses it, or has it wait. Where no more may wait, a token
// that has fewer waiting than another takes the place of that one's last.
func (g *gate) wait(token string) (*waiter, *fault.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.isClosing() {
		return nil, ErrStopping
	}
	s := g.shares[token]
	if s == nil {
		g.tokens++
		s = &share{came: g.tokens}
	}
	if g.in < g.size {
		g.shares[token] = s
		g.admit(s)
		return nil, nil
	}
	if g.waiting.Load() >= int64(g.maxWaiting) && !g.makeRoom(len(s.queue)) {
		return nil, errBusy
	}
	w := &waiter{make(chan *fault.Error, 1)}
	s.queue = append(s.queue, w)
	g.shares[token] = s
	g.waiting.Add(1)
	return w, nil
}

// admit counts an operation of a token as in.
func (g *gate) admit(s *share) {
	g.in++
	g.turns++
	s.in, s.turn = s.in+1, g.turns
}

// makeRoom refuses the last operation of the token that has the most waiting, if that is
// at least two more than a newcomer's has.
func (g *gate) makeRoom(waiting int) bool {
	var most *share
	for _, s := range g.shares {
		if most == nil || len(s.queue) > len(most.queue) || len(s.queue) == len(most.queue) && most.goesBefore(s) {
			most = s
		}
	}
	if most == nil || len(most.queue) < waiting+2 {
		return false
	}
	last := len(most.queue) - 1
	most.queue[last].answer <- errBusy
	most.queue = most.queue[:last]
	g.waiting.Add(-1)
	return true
}

// giveUp ends the waiting of an operation, and returns false if it has an answer already.
func (g *gate) giveUp(token string, w *waiter) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.shares[token]
	if s == nil {
		return false
	}
	at := slices.Index(s.queue, w)
	if at < 0 {
		return false
	}
	s.queue = slices.Delete(s.queue, at, at+1)
	g.waiting.Add(-1)
	g.forget(token, s)
	return true
}

// leave makes room for the next operation.
func (g *gate) leave(ctx context.Context) {
	token := tokenOf(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.shares[token]
	s.in--
	g.in--
	g.forget(token, s)
	if next := g.next(); next != nil {
		next.queue[0].answer <- nil
		next.queue = slices.Delete(next.queue, 0, 1)
		g.waiting.Add(-1)
		g.admit(next)
	}
	g.closeEmpty()
}

// forget forgets a token that has no operation here.
func (g *gate) forget(token string, s *share) {
	if s.in == 0 && len(s.queue) == 0 {
		delete(g.shares, token)
	}
}

// goesBefore reports whether a token comes in before another.
func (s *share) goesBefore(other *share) bool {
	return cmp.Or(cmp.Compare(s.in, other.in), cmp.Compare(s.turn, other.turn), cmp.Compare(s.came, other.came)) < 0
}

// next is the token whose turn it is, nil if none waits.
func (g *gate) next() (next *share) {
	for _, s := range g.shares {
		if len(s.queue) > 0 && (next == nil || s.goesBefore(next)) {
			next = s
		}
	}
	return next
}

func (g *gate) isClosing() bool {
	select {
	case <-g.closing:
		return true
	default:
		return false
	}
}

// close lets no operation in any more, and returns when all have left, or when ctx ends.
func (g *gate) close(ctx context.Context) {
	g.mu.Lock()
	close(g.closing)
	for token, s := range g.shares {
		for _, w := range s.queue {
			w.answer <- ErrStopping
		}
		g.waiting.Add(-int64(len(s.queue)))
		s.queue = nil
		g.forget(token, s)
	}
	g.closeEmpty()
	g.mu.Unlock()
	select {
	case <-g.empty:
	case <-ctx.Done():
	}
}

// closeEmpty ends close when the last operation has left.
func (g *gate) closeEmpty() {
	if g.in == 0 && g.isClosing() {
		close(g.empty)
	}
}

// running is how many are in.
func (g *gate) running() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.in
}
