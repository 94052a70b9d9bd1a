package operation

import (
	"context"
	"sync/atomic"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// gate lets a number of operations in at once. Some more wait, and come in in the
// order in which they came.
type gate struct {
	slots      chan struct{} // holds one element for each that is in
	waiting    atomic.Int64
	maxWaiting int64
	closing    chan struct{}
}

func newGate(operations, waiting int) *gate {
	return &gate{slots: make(chan struct{}, operations), maxWaiting: int64(waiting), closing: make(chan struct{})}
}

// ErrStopping is why operations are refused, or end, when the server stops.
var ErrStopping = &apierror.Error{Code: apierror.Unavailable, Message: "the server is stopping", RetryAfter: 1}

var errBusy = &apierror.Error{Code: apierror.Unavailable, Message: "the server is busy: too many operations run and wait", RetryAfter: 1}

// enter lets an operation in or tells why not. Who was let in must leave.
func (g *gate) enter(ctx context.Context) *apierror.Error {
	if g.isClosing() {
		return ErrStopping
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.maxWaiting {
		return errBusy
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-g.closing:
		return ErrStopping
	case <-ctx.Done():
		return errBusy
	}
}

func (g *gate) leave() { <-g.slots }

func (g *gate) isClosing() bool {
	select {
	case <-g.closing:
		return true
	default:
		return false
	}
}

// close lets nobody in any more, and returns when all have left, or when ctx ends.
func (g *gate) close(ctx context.Context) {
	close(g.closing)
	for range cap(g.slots) { // who holds all slots is alone
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

// running is how many are in.
func (g *gate) running() int { return len(g.slots) }
