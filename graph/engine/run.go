package engine

import (
	"context"
	"sync"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/store"
)

// run is one run of a plan.
type run struct {
	plan   *plan
	reader *store.Reader
	moment models.Moment
	states []state
	asOf   []billing.AsOf // for each of the plan's
	level  []*store.Fetch // what is read of a level; kept for its room
}

// state is what a run has read at a node.
type state struct {
	query                 store.Query
	keys                  *store.Keys
	places                []int32 // of its key, for each of the parent's rows; -1 for those without rows
	rows, counts, befores store.Fetch

	page    store.SelectedPage
	all     store.OneRange
	asRange bool // the rows are read as one range
}

var runs = sync.Pool{New: func() any { return new(run) }}

// newRun checks the arguments of all fields.
func newRun(p *plan, reader *store.Reader, moment models.Moment, variables map[string]any) (*run, error) {
	r := runs.Get().(*run)
	r.plan, r.reader, r.moment = p, reader, moment
	for len(r.states) < len(p.nodes) {
		r.states = append(r.states, state{})
	}
	for _, n := range p.nodes {
		s := &r.states[n.index]
		places := &r.states[n.entry].places
		s.keys, *places = nil, (*places)[:0]
		var err error
		if s.query, err = n.arguments.prepare(variables, moment.Now); err != nil {
			return r, err
		}
		if err := n.strategy.prepare(r, n, variables); err != nil {
			return r, err
		}
	}
	r.asOf = r.asOf[:0]
	for _, field := range p.asOf {
		given, err := coerce.Arguments(p.schema, field, variables)
		if err != nil {
			return r, err
		}
		r.asOf = append(r.asOf, asOfOf(store.NewArguments(given, moment.Now)))
	}
	return r, nil
}

// end gives back what the run has used. Nothing of it may be held any more.
func (r *run) end() {
	for i := range r.plan.nodes {
		s := &r.states[i]
		s.query, s.keys, s.page, s.all = store.Query{}, nil, store.SelectedPage{}, store.OneRange{}
		for _, fetch := range []*store.Fetch{&s.rows, &s.counts, &s.befores} {
			if fetch.Selection != nil {
				*fetch = store.Fetch{Rows: fetch.Rows}
				fetch.Rows.Reset()
			}
		}
	}
	clear(r.level[:cap(r.level)])
	r.plan, r.reader = nil, nil
	runs.Put(r)
}

// read reads all levels, each when the one above it has been read.
func (r *run) read(ctx context.Context) error {
	return r.reader.Session(ctx, func(session *store.Session) error {
		for _, level := range r.plan.levels {
			if err := r.readLevel(ctx, session, level); err != nil {
				return err
			}
			if len(r.level) == 0 {
				return nil
			}
		}
		return nil
	})
}

// readLevel reads what can be read at once, and what of it must be read once more.
func (r *run) readLevel(ctx context.Context, session *store.Session, level []*node) error {
	for _, n := range level {
		n.strategy.collect(r, n)
	}
	r.level = r.level[:0]
	for _, n := range level {
		if parents, some := n.strategy.parents(r, n); some {
			r.fetch(n, parents)
		}
	}
	if len(r.level) == 0 {
		return nil
	}
	if err := session.Fetch(ctx, r.level); err != nil {
		return err
	}
	fetches := r.level[:0]
	for _, n := range level {
		if parents := n.strategy.reread(r, n); parents != nil {
			fetch := &r.states[n.index].rows
			fetch.Parents = parents
			fetches = append(fetches, fetch)
		}
	}
	if len(fetches) > 0 {
		if err := session.Fetch(ctx, fetches); err != nil {
			return err
		}
	}
	for _, n := range level {
		if err := n.strategy.place(r, n); err != nil {
			return err
		}
	}
	return nil
}

// fetch adds what is read at a node to the level.
func (r *run) fetch(n *node, parents store.Parents) {
	s := &r.states[n.index]
	if n.connection == nil {
		r.add(n, &s.rows, store.FetchChildren, parents)
		return
	}
	page := s.query.Page()
	if n.connection.needsRows(page) {
		r.add(n, &s.rows, store.FetchPages, parents)
	}
	if n.connection.count {
		r.add(n, &s.counts, store.FetchCounts, parents)
	}
	if n.connection.looksBefore(page) {
		r.add(n, &s.befores, store.FetchBefores, parents)
	}
}

// add adds one statement of a node to the level.
func (r *run) add(n *node, fetch *store.Fetch, kind store.FetchKind, parents store.Parents) {
	*fetch = store.Fetch{
		Kind: kind, Selection: n.selection, Query: r.states[n.index].query, Parents: parents, Rows: fetch.Rows,
		Cache: n.cacheFor(parents), NoCursors: n.connection == nil || !n.connection.cursors,
	}
	r.level = append(r.level, fetch)
}

// cacheFor is where the statement is kept, nil where it is not the same in each run: that
// of lists which are read below a page has the page in it.
func (n *node) cacheFor(parents store.Parents) *store.StatementCache {
	_, keyed := parents.(*store.Keys)
	if n.arguments.query == nil || parents != nil && !keyed && n.parent.arguments.query == nil {
		return nil
	}
	return &n.cache
}

// shown is the rows of a parent that are on its page, nearest first, and whether the
// list goes on.
func (r *run) shown(n *node, place int32) (from, to int, more bool) {
	s := &r.states[n.index]
	from, to = s.rows.Rows.Of(place)
	if limit := s.query.Page().Limit; n.connection != nil && to-from > limit {
		return from, from + limit, true
	}
	return from, to, false
}

// placeOf is the place of the key by which a row of the parent leads to rows of n.
func (r *run) placeOf(n *node, row int) int32 {
	if n.parent == nil {
		return 0
	}
	return r.states[n.entry].places[row]
}
