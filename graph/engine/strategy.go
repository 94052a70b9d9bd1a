package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// A strategy is a way of reading the rows of a node. A run calls its methods in their order:
// prepare before anything is read, collect when the levels above have been read, parents
// for the statements of the level, reread when these have run, and place at last.
type strategy interface {
	// prepare begins a run with the variables of its operation.
	prepare(r *run, n *node, variables map[string]any) error
	// collect collects the keys of the parents' rows that are shown.
	collect(r *run, n *node)
	// parents are those whose lists are read, nil at the root. It is false if there are
	// none to read.
	parents(r *run, n *node) (store.Parents, bool)
	// reread are the parents whose lists must be read once more, nil if none must.
	reread(r *run, n *node) store.Parents
	// place gives each row of the parent the place of its list.
	place(r *run, n *node) error
}

// idle are the steps of a strategy that has nothing to do in them.
type idle struct{}

func (idle) prepare(*run, *node, map[string]any) error { return nil }
func (idle) collect(*run, *node)                       {}
func (idle) reread(*run, *node) store.Parents          { return nil }
func (idle) place(*run, *node) error                   { return nil }

// byKeys are the parents of a node by the keys that have been collected.
func byKeys(r *run, n *node) (store.Parents, bool) {
	if keys := r.states[n.index].keys; keys.Len() > 0 {
		return keys, true
	}
	return nil, false
}

// mergeLevels decides which lists of the second level are read with the pages of the first,
// or as if they were: all if all of them can, in one round trip, and those that are one
// range of their table in any case.
func (p *plan) mergeLevels(postgres bool) {
	if len(p.levels) < 2 {
		return
	}
	second, together := p.levels[1], postgres
	for _, n := range second {
		together = together && n.fitsPage()
	}
	for _, n := range second {
		isRange := n.fitsPage() && n.connection != nil && n.edge.CoversRange(n.parent.edge)
		if together {
			n.strategy = withPage{}
		}
		if isRange {
			n.strategy = &oneRange{otherwise: n.strategy}
		}
	}
	if together {
		p.levels = append([][]*node{append(p.levels[0], second...)}, p.levels[2:]...)
	}
}

// fitsPage returns whether the rows may be read with the page of their parents, which is
// then selected twice: one more scan of the same range of an index saves a round trip.
func (n *node) fitsPage() bool {
	_, known := n.parent.strategy.(knownKey)
	return known && n.parent.connection != nil && n.parent.arguments.unfiltered && n.strategy == listsOfParents{} &&
		n.arguments.unfiltered && n.edge.OfOneParent() && (n.connection == nil || !n.connection.count)
}
