package store

import (
	"bytes"
	"context"
	"errors"
)

// Parents are the rows whose lists a Fetch reads. They are Keys, a SelectedPage or a
// OneRange; none are at the root.
type Parents interface {
	// Len is how many there are.
	Len() int
	// keyList is their keys as a statement has them, and the ranks of these in the order of
	// its rows, nil where that is their own.
	keyList(kind FetchKind) (keyList, []int32)
}

// SelectedPage are the rows on the page of a fetch that is read before, in the same round
// trip. Its statement is a subquery here, in place of their keys: that is for PostgreSQL.
type SelectedPage struct {
	Page  *Fetch
	Cells []int // of the rows of the page, which hold their keys

	parentsSeen int // rows of the page whose lists have begun
}

// Len is how many rows are on the page, once that has been read.
func (p *SelectedPage) Len() int { return rowsOn(p.Page) }

func rowsOn(page *Fetch) int { return min(page.Rows.Len(), page.Query.page.Limit) }

func (p *SelectedPage) keyList(FetchKind) (keyList, []int32) {
	keys, _ := p.Page.Parents.keyList(FetchPages)
	return keyList{args: keys.args, form: keysPage}, nil
}

// selected is the keys by which the rows on the page lead along an edge, as a statement.
func (p *SelectedPage) selected(reader *Reader, below *Edge) keyList {
	page := p.Page
	s, q := reader.statement(page.Edge, page.Query), page.Query
	q.page.Limit-- // without the row that shows whether the list goes on
	columns := Selection{Edge: page.Edge}
	columns.AddParent(below)
	keys, _ := page.Parents.keyList(FetchPages)
	s.page(page.Edge, keys, columns.columns, &q)
	return keyList{args: s.Args, form: keysPage, page: s.String()}
}

func (p *SelectedPage) begin(f *Fetch, s *sqlText, postgres bool) {
	kept{}.begin(f, s, postgres)
	p.parentsSeen = 0
}

// errMoved is a page of parents that was not the same when it was selected once more.
var errMoved = errors.New("a page has changed between two statements")

// take adds a row of a list, if the parent has any: of the same parent as the row before,
// or of the next on the page.
func (p *SelectedPage) take(f *Fetch, _ int, row [][]byte) error {
	if p.parentsSeen == 0 || !isOf(p.Page, p.parentsSeen-1, p.Cells, row[len(f.columns):]) {
		if p.parentsSeen == p.Len() || !isOf(p.Page, p.parentsSeen, p.Cells, row[len(f.columns):]) {
			return errMoved
		}
		p.parentsSeen++
	}
	if row[len(row)-1] == nil {
		return nil
	}
	return f.Rows.add(row[:len(f.columns)], f.columns, p.parentsSeen-1)
}

func (p *SelectedPage) end(f *Fetch) error {
	if p.parentsSeen != p.Len() {
		return errMoved
	}
	return kept{}.end(f)
}

// width is that of a row, the parent's key and whether there is a row.
func (p *SelectedPage) width(f *Fetch) int                  { return len(f.columns) + len(p.Cells) + 1 }
func (p *SelectedPage) count(ctx context.Context, f *Fetch) { kept{}.count(ctx, f) }
func (p *SelectedPage) repeatable(f *Fetch) bool            { return kept{}.repeatable(f) }

// isOf returns whether parentCells, which a row repeats of its parent, are those at cells
// of a row of the page.
func isOf(page *Fetch, row int, cells []int, parentCells [][]byte) bool {
	for i, at := range cells {
		if !bytes.Equal(page.Rows.Cell(row, at), parentCells[i]) {
			return false
		}
	}
	return true
}
