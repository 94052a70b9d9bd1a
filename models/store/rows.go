package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Rows are the rows that a Fetch has read: their cells, one after the other, and
// where each parent's rows begin.
type Rows struct {
	arena    []byte
	cells    []span
	width    int     // cells in a row
	starts   []int32 // the first row of each parent, and the end
	ranks    []int32 // of the parents, by place, if they are not in the order of the keys; else nil
	count    int
	postgres bool
}

// span is where a cell lies in the arena. The length of a null is -1.
type span struct{ at, length int32 }

// Reset forgets all rows, and keeps the room that they took.
func (r *Rows) Reset() { r.begin(0, false) }

// Len is the number of rows.
func (r *Rows) Len() int { return r.count }

// Of is the first row of a parent, by the place of its key, and the row after its
// last.
func (r *Rows) Of(place int32) (from, to int) {
	if place < 0 {
		return 0, 0
	}
	if r.ranks != nil {
		place = r.ranks[place]
	}
	return int(r.starts[place]), int(r.starts[place+1])
}

// Parents is how many parents there are, those without rows among them.
func (r *Rows) Parents() int { return len(r.starts) - 1 }

// Split gives the rows to parents, of whose parents they have been read: where parents
// have the same there are the same cells in both. Both are in the order of that, and read by
// the same keys.
func (r *Rows) Split(parents *Rows, theirs, these []int) error {
	starts, row := make([]int32, 0, parents.count+1), 0
	for rank := range parents.Parents() {
		end := int(r.starts[rank+1])
		row = int(r.starts[rank])
		for parent := parents.starts[rank]; parent < parents.starts[rank+1]; parent++ {
			starts = append(starts, int32(row))
			for row < end && r.same(row, these, parents, int(parent), theirs) {
				row++
			}
		}
		if row < end {
			return errors.New("a row has no parent: it has come between two statements")
		}
	}
	r.starts, r.ranks = append(starts, int32(row)), nil
	return nil
}

func (r *Rows) same(row int, these []int, others *Rows, other int, theirs []int) bool {
	for i, at := range these {
		if !bytes.Equal(r.Cell(row, at), others.Cell(other, theirs[i])) {
			return false
		}
	}
	return true
}

// Cell is a cell of a row, nil for null.
func (r *Rows) Cell(row, place int) []byte {
	s := r.cells[row*r.width+place]
	if s.length < 0 {
		return nil
	}
	return r.arena[s.at : s.at+s.length : s.at+s.length]
}

// Int is a cell that holds an integer.
func (r *Rows) Int(row, place int) int64 { return cellInt(r.Cell(row, place)) }

// Bool is a cell that holds a bool.
func (r *Rows) Bool(row, place int) bool { return r.Cell(row, place)[0] != 0 }

// begin empties it, for rows of so many cells.
func (r *Rows) begin(width int, postgres bool) {
	*r = Rows{arena: r.arena[:0], cells: r.cells[:0], starts: r.starts[:0], width: width, postgres: postgres}
	r.starts = append(r.starts, 0)
	if r.arena == nil {
		r.arena = make([]byte, 0, 1024) // not nil, for empty texts are no nulls
	}
}

// add adds a row, which is of the parent at a place: that of the last row, or one
// behind it.
func (r *Rows) add(cells [][]byte, columns []Column, place int) error {
	if place < len(r.starts)-1 {
		return errors.New("the rows of a parent do not come together")
	}
	for len(r.starts) <= place {
		r.starts = append(r.starts, int32(r.count))
	}
	return r.addCells(cells, columns)
}

func (r *Rows) addCells(cells [][]byte, columns []Column) error {
	for i, cell := range cells {
		if cell == nil {
			r.cells = append(r.cells, span{0, -1})
			continue
		}
		if !columns[i].Kind.codec(r.postgres).fits(cell) {
			return fmt.Errorf("%s: %d bytes are no %s", columns[i].Name, len(cell), columns[i].Kind)
		}
		r.cells = append(r.cells, span{int32(len(r.arena)), int32(len(cell))})
		r.arena = append(r.arena, cell...)
	}
	r.count++
	return nil
}

// end closes the rows of so many parents.
func (r *Rows) end(parents int) {
	for len(r.starts) <= parents {
		r.starts = append(r.starts, int32(r.count))
	}
}

// placeOf is the place of a parent by the number that a statement gives it.
func placeOf(cell []byte, s *sqlText) (int, error) {
	if len(cell) != 8 {
		return 0, fmt.Errorf("%d bytes are no number of a parent", len(cell))
	}
	return int(binary.BigEndian.Uint64(cell)) - s.first, nil
}
