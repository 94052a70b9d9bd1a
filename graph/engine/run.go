package engine

import (
	"context"
	"sync"

	"github.com/usagegraph/usagegraph/graph/coerce"
	"github.com/usagegraph/usagegraph/models"
)

// run is one run of a plan.
type run struct {
	plan   *plan
	reader *models.Reader
	moment models.Moment
	states []state
	asOf   []models.AsOf   // for each of the plan's
	level  []*models.Fetch // what is read of a level; kept for its room
}

// state is what a run has read at a node.
type state struct {
	query                 models.Query
	keys                  *models.Keys
	places                []int32 // of its key, for each of the parent's rows; -1 for those without rows
	rows, counts, befores models.Fetch
}

var runs = sync.Pool{New: func() any { return new(run) }}

// newRun checks the arguments of all fields.
func newRun(p *plan, reader *models.Reader, moment models.Moment, variables map[string]any) (*run, error) {
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
		if n.arguments.lookup {
			key, err := n.arguments.key(n.edge, variables)
			if err != nil {
				return r, err
			}
			s.keys = reader.NewKeys(n.edge, false)
			s.keys.AddValues(key)
		}
		if n.known {
			s.keys, *places = reader.KeysOf(n.edge, r.states[n.parent.index].keys), append(*places, 0)
		}
	}
	r.asOf = r.asOf[:0]
	for _, field := range p.asOf {
		given, err := coerce.Arguments(p.schema, field, variables)
		if err != nil {
			return r, err
		}
		r.asOf = append(r.asOf, asOfOf(models.NewArguments(given, moment.Now)))
	}
	return r, nil
}

// end gives back what the run has used. Nothing of it may be held any more.
func (r *run) end() {
	for i := range r.plan.nodes {
		s := &r.states[i]
		s.query, s.keys = models.Query{}, nil
		for _, fetch := range []*models.Fetch{&s.rows, &s.counts, &s.befores} {
			if fetch.Selection != nil {
				*fetch = models.Fetch{Rows: fetch.Rows}
				fetch.Rows.Reset()
			}
		}
	}
	clear(r.level[:cap(r.level)])
	r.plan, r.reader = nil, nil
	runs.Put(r)
}

// read reads all levels, each when the one above it has been read. Who is looked up by
// key is read with what the key leads to: where there is no such row, or none that may be
// read, that is not shown.
func (r *run) read(ctx context.Context) error {
	return r.reader.Session(ctx, func(session *models.Session) error {
		for _, level := range r.plan.levels {
			fetches := r.level[:0]
			for _, n := range level {
				r.gather(n)
			}
			for _, n := range level {
				fetches = r.fetches(fetches, n)
			}
			if r.level = fetches; len(fetches) == 0 {
				return nil
			}
			if err := session.Fetch(ctx, fetches); err != nil {
				return err
			}
			if fetches = r.again(level, fetches[:0]); len(fetches) > 0 {
				if err := session.Fetch(ctx, fetches); err != nil {
					return err
				}
			}
			for _, n := range level {
				switch {
				case n.within:
					if err := r.split(n); err != nil {
						return err
					}
				case n.above:
					r.follow(n)
				}
			}
		}
		return nil
	})
}

// fetches adds what is read at a node.
func (r *run) fetches(to []*models.Fetch, n *node) []*models.Fetch {
	s := &r.states[n.index]
	if n.entry != n.index || s.keys != nil && s.keys.Len() == 0 {
		return to
	}
	var texts *models.Texts
	short := n.isShort()
	below := n.above || short
	if n.arguments.query != nil && !(below && n.parent.arguments.query == nil) {
		texts = &n.texts // of which the page above is part, if it is read below one
	}
	add := func(fetch *models.Fetch, what models.What) {
		*fetch = models.Fetch{What: what, Selection: n.selection, Query: s.query, Keys: s.keys, Texts: texts, Rows: fetch.Rows, Bare: !n.cursors}
		if below {
			fetch.Above, fetch.At, fetch.Short = &r.states[n.parent.index].rows, n.at, short
		}
		to = append(to, fetch)
	}
	switch {
	case !n.connection:
		add(&s.rows, models.FetchChildren)
	case n.needsRows(s.query.Page().Backward):
		add(&s.rows, models.FetchPages)
	}
	if n.count {
		add(&s.counts, models.FetchCounts)
	}
	if n.looksBefore(s.query.Page()) {
		add(&s.befores, models.FetchBefores)
	}
	return to
}

// again adds what is read of lists once more, because they were taken to be short and are
// not. So they are not taken for a while, nor where that was a waste.
func (r *run) again(level []*node, to []*models.Fetch) []*models.Fetch {
	for _, n := range level {
		fetch := &r.states[n.index].rows
		cut := fetch.IsCut()
		if cut || fetch.IsWasteful() {
			n.long.Store(longFor)
		}
		if !cut {
			continue
		}
		if fetch.Short = false; !n.above {
			fetch.Above = nil // by the keys
		}
		to = append(to, fetch)
	}
	return to
}

// gather collects the keys of the parents' rows that are shown.
func (r *run) gather(n *node) {
	s := &r.states[n.index]
	if n.parent == nil || n.known || n.above {
		return
	}
	parent := &r.states[n.parent.index]
	if n.within {
		s.keys = parent.keys
		return
	}
	if n.entry == n.index {
		s.keys = r.reader.NewKeys(n.edge, n.shared)
	}
	if parent.keys != nil && parent.keys.Len() == 0 {
		return
	}
	places := &r.states[n.entry].places
	for len(*places) < parent.rows.Rows.Len() {
		*places = append(*places, -1)
	}
	s.keys.Grow(parent.rows.Rows.Len())
	for place := range parent.rows.Rows.Parents() {
		from, to, _ := r.shown(n.parent, int32(place))
		for row := from; row < to; row++ {
			(*places)[row] = s.keys.Add(&parent.rows.Rows, row, n.at)
		}
	}
}

// follow gives each row that is shown above the list in its place.
func (r *run) follow(n *node) {
	places := &r.states[n.entry].places
	_, to, _ := r.shown(n.parent, 0)
	for row := range to {
		*places = append(*places, int32(row))
	}
}

// split gives each row of a node that is within its parent to the parent's row.
func (r *run) split(n *node) error {
	s, parents := &r.states[n.index], &r.states[n.parent.index].rows.Rows
	for row := range parents.Len() {
		s.places = append(s.places, int32(row))
	}
	return s.rows.Rows.Split(parents, n.theirs, n.rest)
}

// shown is the rows of a parent that are on its page, nearest first, and whether the
// list goes on.
func (r *run) shown(n *node, place int32) (from, to int, more bool) {
	s := &r.states[n.index]
	from, to = s.rows.Rows.Of(place)
	if limit := s.query.Page().Limit; n.connection && to-from > limit {
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
