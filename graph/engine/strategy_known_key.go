package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// knownKey reads the list of a row that an argument names, together with the row: the
// argument is the key of the list, too, or leads to it. Where there is no such row, or none
// that may be read, the list is not shown.
type knownKey struct{ idle }

func (knownKey) prepare(r *run, n *node, _ map[string]any) error {
	places := &r.states[n.entry].places
	r.states[n.index].keys, *places = r.reader.KeysOf(n.edge, r.states[n.parent.index].keys), append(*places, 0)
	return nil
}

func (knownKey) parents(r *run, n *node) (store.Parents, bool) { return byKeys(r, n) }
