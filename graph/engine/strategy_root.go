package engine

import (
	"github.com/usagegraph/usagegraph/models/store"
)

// allRows reads a list at the root.
type allRows struct{ idle }

func (allRows) parents(*run, *node) (store.Parents, bool) { return nil, true }

// byArgument reads the row at the root whose key is an argument.
type byArgument struct{ idle }

func (byArgument) prepare(r *run, n *node, variables map[string]any) error {
	key, err := n.arguments.key(n.edge, variables)
	if err != nil {
		return err
	}
	keys := r.reader.NewKeys(n.edge, false)
	keys.AddValues(key)
	r.states[n.index].keys = keys
	return nil
}

func (byArgument) parents(r *run, n *node) (store.Parents, bool) { return byKeys(r, n) }
