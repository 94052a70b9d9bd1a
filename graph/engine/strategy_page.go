package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// withPage reads the lists of the rows on the page of the parent in the same round trip as
// that page.
type withPage struct{ idle }

func (withPage) parents(r *run, n *node) (store.Parents, bool) {
	s := &r.states[n.index]
	s.page = store.SelectedPage{Page: &r.states[n.parent.index].rows, Cells: n.keyCells}
	return &s.page, true
}

// place gives each row that is shown above the list in its place.
func (withPage) place(r *run, n *node) error {
	places := &r.states[n.entry].places
	_, to, _ := r.shown(n.parent, 0)
	for row := range to {
		*places = append(*places, int32(row))
	}
	return nil
}
