package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// byGrandparents reads all lists of the parent's rows by the keys of their own parents,
// together with these rows, and splits them by cells that are in both.
type byGrandparents struct {
	idle
	rest, theirs []int // the cells by which lists differ, in it and in the parent's row
}

func (*byGrandparents) collect(r *run, n *node) {
	r.states[n.index].keys = r.states[n.parent.index].keys
}

func (*byGrandparents) parents(r *run, n *node) (store.Parents, bool) { return byKeys(r, n) }

func (b *byGrandparents) place(r *run, n *node) error {
	s, parents := &r.states[n.index], &r.states[n.parent.index].rows.Rows
	for row := range parents.Len() {
		s.places = append(s.places, int32(row))
	}
	return s.rows.Rows.Split(parents, b.theirs, b.rest)
}
