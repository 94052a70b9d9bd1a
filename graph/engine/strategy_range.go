package engine

import (
	"sync/atomic"

	"github.com/usagegraph/usagegraph/models/store"
)

// backoffRuns is for how many runs lists are not read as one range once some of them were
// too long for that, or most of what was read was not shown.
const backoffRuns = 100

// oneRange reads the lists of the rows on one page of the parent as one range of their
// table, if they are short, and otherwise by another strategy.
type oneRange struct {
	otherwise strategy
	backoff   atomic.Int32 // runs that are to be read otherwise
}

// tries returns whether a run takes the lists to be short.
func (o *oneRange) tries() bool { return o.backoff.Load() <= 0 || o.backoff.Add(-1) < 0 }

func (o *oneRange) prepare(r *run, n *node, variables map[string]any) error {
	return o.otherwise.prepare(r, n, variables)
}

func (o *oneRange) collect(r *run, n *node) { o.otherwise.collect(r, n) }

func (o *oneRange) parents(r *run, n *node) (store.Parents, bool) {
	parents, some := o.otherwise.parents(r, n)
	s := &r.states[n.index]
	if s.asRange = some && o.tries(); !s.asRange {
		return parents, some
	}
	s.all = store.OneRange{Page: &r.states[n.parent.index].rows, Cells: n.keyCells}
	return &s.all, true
}

func (o *oneRange) reread(r *run, n *node) store.Parents {
	s := &r.states[n.index]
	if !s.asRange {
		return nil
	}
	if s.all.Truncated() || s.all.Wasteful() {
		o.backoff.Store(backoffRuns)
	}
	if !s.all.Truncated() {
		return nil
	}
	parents, _ := o.otherwise.parents(r, n)
	return parents
}

func (o *oneRange) place(r *run, n *node) error { return o.otherwise.place(r, n) }
