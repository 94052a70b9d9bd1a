package store

import (
	"context"
	"fmt"
)

// A sink is what becomes of the rows that the statement of a Fetch selects: they are kept,
// streamed, cut from a OneRange, held to a SelectedPage, or unchanged.
type sink interface {
	// begin comes before the first row, and again where the statement is run once more.
	begin(f *Fetch, s *sqlText, postgres bool)
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
	if parents, ok := f.Parents.(sink); ok {
		return parents
	}
	return kept{}
}

// take passes a row of the statement to the sink of the rows.
func (f *Fetch) take(to sink, s *sqlText, row [][]byte) (err error) {
	want, place := to.width(f), 0
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

func (kept) begin(f *Fetch, s *sqlText, postgres bool) {
	f.Rows.begin(len(f.columns), postgres)
	f.Rows.ranks = s.ranks
}

func (kept) take(f *Fetch, place int, row [][]byte) error { return f.Rows.add(row, f.columns, place) }

func (kept) end(f *Fetch) error {
	f.Rows.end(f.parents())
	return nil
}

func (kept) width(f *Fetch) int                  { return len(f.columns) }
func (kept) count(ctx context.Context, f *Fetch) { count(ctx, int64(f.Rows.Len())) }
func (kept) repeatable(*Fetch) bool              { return true }

// streamed is the sink of rows that are given to do, one after the other, and not kept.
type streamed struct {
	do   func(place int, cells [][]byte) error
	rows int // that were given away, which can't be read again
}

func (s *streamed) begin(*Fetch, *sqlText, bool) {}

func (s *streamed) take(_ *Fetch, place int, row [][]byte) error {
	s.rows++
	return s.do(place, row)
}

func (s *streamed) end(*Fetch) error                    { return nil }
func (s *streamed) width(f *Fetch) int                  { return len(f.columns) }
func (s *streamed) count(ctx context.Context, _ *Fetch) { count(ctx, int64(s.rows)) }
func (s *streamed) repeatable(*Fetch) bool              { return s.rows == 0 }
