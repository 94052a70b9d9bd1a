package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// listsOfParents reads the lists of all rows that are shown of the parent, by the keys in
// them.
type listsOfParents struct {
	idle
	repeated bool // the rows of other nodes have the same keys
}

func (l listsOfParents) collect(r *run, n *node) {
	r.states[n.index].keys = r.reader.NewKeys(n.edge, l.repeated)
	r.collectKeys(n)
}

func (listsOfParents) parents(r *run, n *node) (store.Parents, bool) { return byKeys(r, n) }

// rowsOfAnother finds its rows among those of a node of the same level, whose lists are
// listsOfParents, and reads none.
type rowsOfAnother struct{ idle }

func (rowsOfAnother) collect(r *run, n *node)                   { r.collectKeys(n) }
func (rowsOfAnother) parents(*run, *node) (store.Parents, bool) { return nil, false }

// collectKeys adds the keys of the parent's rows that are shown to those of a node, and
// notes their places.
func (r *run) collectKeys(n *node) {
	keys, parent := r.states[n.index].keys, &r.states[n.parent.index]
	if parent.keys != nil && parent.keys.Len() == 0 {
		return
	}
	places := &r.states[n.entry].places
	for len(*places) < parent.rows.Rows.Len() {
		*places = append(*places, -1)
	}
	keys.Grow(parent.rows.Rows.Len())
	for place := range parent.rows.Rows.Parents() {
		from, to, _ := r.shown(n.parent, int32(place))
		for row := from; row < to; row++ {
			(*places)[row] = keys.Add(&parent.rows.Rows, row, n.keyCells)
		}
	}
}
