package engine

import (
	"errors"

	"github.com/usagegraph/usagegraph/models/store"
)

var errNull = errors.New("a field that is never null is")

// writer writes the answer of a run.
type writer struct {
	*run
	out []byte
	err error
}

// row writes an object: a row of a node, or Query, of which there is no node.
func (w *writer) row(o *object, of *node, row int) {
	w.out = append(w.out, '{')
	for i := range o.steps {
		s := &o.steps[i]
		w.out = append(w.out, s.name...)
		w.field(s, of, row)
	}
	w.out = append(w.out, '}')
}

func (w *writer) field(s *step, of *node, row int) {
	switch s.kind {
	case constant:
		w.out = append(w.out, s.text...)
	case cell:
		value := w.states[of.index].rows.Rows.Cell(row, s.place)
		if value == nil {
			w.null(s)
			return
		}
		w.out = s.output(w.out, value)
	case key:
		rows := &w.states[of.index].rows
		w.out = rows.AppendKey(append(w.out, s.text...), &rows.Rows, row, s.places)
		w.out = append(w.out, '"')
	case computed:
		w.out = s.computed.Write(w.out, store.Cells{Rows: &w.states[of.index].rows.Rows, Row: row, Places: s.places}, w.moment)
	case part:
		w.part(s, of, row)
	case account:
		w.account(s, of, row)
	case net:
		w.net(s, row)
	default:
		w.relation(s, w.placeOf(s.node, row))
	}
}

func (w *writer) null(s *step) {
	if s.nonNull {
		w.err = errNull
	}
	w.out = append(w.out, "null"...)
}

// part writes an object of some cells, null if none of those that matter is there.
func (w *writer) part(s *step, of *node, row int) {
	rows := &w.states[of.index].rows.Rows
	for _, place := range s.places {
		if rows.Cell(row, place) != nil {
			w.row(s.object, of, row)
			return
		}
	}
	w.null(s)
}

// relation writes what a field leads to, by the place of the parent's key.
func (w *writer) relation(s *step, place int32) {
	switch s.kind {
	case one:
		from, to, _ := w.shown(s.node, place)
		if from == to {
			w.null(s)
			return
		}
		w.row(s.object, s.node, from)
	case first:
		w.first(s, place)
	case list:
		w.rows(place, s.node, func(row int) { w.row(s.object, s.node, row) })
	default:
		w.connection(s.object, s.node, place)
	}
}

// first writes the first row whose cell is true.
func (w *writer) first(s *step, place int32) {
	from, to, _ := w.shown(s.node, place)
	for row := from; row < to; row++ {
		if w.states[s.node.index].rows.Rows.Bool(row, s.place) {
			w.row(s.object, s.node, row)
			return
		}
	}
	w.null(s)
}

// rows writes a list: an element for each row that is shown, in the order of the list.
func (w *writer) rows(place int32, of *node, element func(row int)) {
	w.out = append(w.out, '[')
	from, to, _ := w.shown(of, place)
	for i := range to - from {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if w.states[of.index].query.Page().Backward {
			element(to - 1 - i)
		} else {
			element(from + i)
		}
	}
	w.out = append(w.out, ']')
}
