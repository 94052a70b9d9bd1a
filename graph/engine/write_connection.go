package engine

import "strconv"

// connection writes a connection or its page info.
func (w *writer) connection(o *object, of *node, place int32) {
	w.out = append(w.out, '{')
	for i := range o.steps {
		s := &o.steps[i]
		w.out = append(w.out, s.name...)
		switch s.kind {
		case constant:
			w.out = append(w.out, s.text...)
		case edges:
			w.rows(place, of, func(row int) { w.edge(s.object, of, row) })
		case nodes:
			w.rows(place, of, func(row int) { w.row(s.object, of, row) })
		case pageInfo:
			w.connection(s.object, of, place)
		default:
			w.about(s, of, place)
		}
	}
	w.out = append(w.out, '}')
}

// about writes what is known of a list beside its rows.
func (w *writer) about(s *step, of *node, place int32) {
	state := &w.states[of.index]
	backward := state.query.Page().Backward
	switch s.kind {
	case totalCount:
		count := int64(0)
		if from, to := state.counts.Rows.Of(place); from < to {
			count = state.counts.Rows.Int(from, 0)
		}
		w.out = strconv.AppendInt(w.out, count, 10)
	case hasNext, hasPrevious:
		w.out = strconv.AppendBool(w.out, w.goesOn(of, place, (s.kind == hasNext) != backward))
	case startCursor, endCursor:
		from, to, _ := w.shown(of, place)
		switch {
		case from == to:
			w.null(s)
		case (s.kind == startCursor) != backward:
			w.cursor(of, from)
		default:
			w.cursor(of, to-1)
		}
	}
}

// goesOn returns whether the list goes on beyond the page, at its far end or its near
// one.
func (w *writer) goesOn(of *node, place int32, far bool) bool {
	if far {
		_, _, more := w.shown(of, place)
		return more
	}
	state := &w.states[of.index]
	if state.query.Page().From == "" {
		return false
	}
	from, to := state.befores.Rows.Of(place)
	return from < to
}

func (w *writer) edge(o *object, of *node, row int) {
	w.out = append(w.out, '{')
	for i := range o.steps {
		s := &o.steps[i]
		w.out = append(w.out, s.name...)
		switch s.kind {
		case cursor:
			w.cursor(of, row)
		case edgeNode:
			w.row(s.object, of, row)
		default:
			w.out = append(w.out, s.text...)
		}
	}
	w.out = append(w.out, '}')
}

func (w *writer) cursor(of *node, row int) {
	fetch := &w.states[of.index].rows
	w.out = append(w.out, '"')
	w.out = append(w.out, fetch.Cursors.Of(&fetch.Rows, row)...)
	w.out = append(w.out, '"')
}
