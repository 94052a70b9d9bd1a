package models

import (
	"context"
	"fmt"
)

// A sink is what becomes of the rows that the statement of a Fetch selects.
type sink interface {
	// begin comes before the first row, and again where the statement is run once more.
	begin(f *Fetch, s *rendered, postgres bool)
	// take takes a row of the parent at a place. The cells are overwritten by the next row.
	take(f *Fetch, place int, row [][]byte) error
	// end comes after the last row.
	end(f *Fetch) error
	// width is how many cells a row has, without the number of its parent.
	width(f *Fetch) int
	// count counts the statement and what it has read for the operation.
	count(ctx context.Context, f *Fetch)
	// repeatable is whether the statement may be run once more.
	repeatable(f *Fetch) bool
}

// into is the sink of the rows.
func (f *Fetch) into() sink {
	if f.sink != nil {
		return f.sink
	}
	return kept{}
}

// take takes a row of the statement.
func (f *Fetch) take(s *rendered, row [][]byte) (err error) {
	to, place := f.into(), 0
	want := to.width(f)
	if s.numbered {
		want++
	}
	if len(row) != want {
		return fmt.Errorf("%d cells are not %d", len(row), want)
	}
	if s.numbered {
		if place, err = placeOf(row[want-1], s); err != nil {
			return err
		}
		row = row[:want-1]
	}
	return to.take(f, place, row)
}

// kept is the sink of rows that the fetch keeps.
type kept struct{}

func (kept) begin(f *Fetch, s *rendered, postgres bool) {
	f.Rows.begin(len(f.columns), postgres)
	f.Rows.ranks, f.seen = s.ranks, 0
}

func (kept) take(f *Fetch, place int, row [][]byte) error {
	switch {
	case f.Short:
		return f.takeShort(row)
	case f.Above != nil:
		return f.takeBelow(row)
	default:
		return f.Rows.add(row, f.columns, place)
	}
}

func (kept) end(f *Fetch) error {
	switch {
	case f.Short:
		f.endShort()
		return nil
	case f.Above != nil && f.seen != f.parents():
		return errMoved
	}
	f.Rows.end(f.parents())
	return nil
}

func (kept) width(f *Fetch) int {
	width := len(f.columns)
	if f.Above != nil {
		width += len(f.told())
	}
	if f.Above != nil && !f.Short {
		width++
	}
	return width
}

func (kept) count(ctx context.Context, f *Fetch) {
	rows := f.Rows.Len()
	if f.Short {
		rows = f.seen
	}
	count(ctx, int64(rows))
}

func (kept) repeatable(*Fetch) bool { return true }

// streamed is the sink of rows that are given to do, one after the other, and not kept.
type streamed struct {
	do   func(place int, cells [][]byte) error
	rows int // that were given away, which can't be read again
}

func (s *streamed) begin(*Fetch, *rendered, bool) {}

func (s *streamed) take(_ *Fetch, place int, row [][]byte) error {
	s.rows++
	return s.do(place, row)
}

func (s *streamed) end(*Fetch) error                    { return nil }
func (s *streamed) width(f *Fetch) int                  { return len(f.columns) }
func (s *streamed) count(ctx context.Context, _ *Fetch) { count(ctx, int64(s.rows)) }
func (s *streamed) repeatable(*Fetch) bool              { return s.rows == 0 }
