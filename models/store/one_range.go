package store

import "context"

// mostRange bounds the rows that are read of lists as one range.
const mostRange = 500

// CoversRange returns whether the lists of all rows of one of the parents' own parents are
// one range of the table, in the order of these rows: their keys begin with that parent's,
// and the rest is what the rows are in order of.
func (e *Edge) CoversRange(parents *Edge) bool {
	n := len(parents.Columns)
	if n == 0 || len(parents.via) > 0 || len(e.via) <= n || len(parents.order) < len(e.via)-n {
		return false
	}
	for i, name := range e.via {
		if i < n && name != parents.Columns[i].Name || i >= n && (name != parents.order[i-n].Name || parents.order[i-n].desc) {
			return false
		}
	}
	return true
}

// OneRange are the rows on the page of a fetch that is read before, of one parent, whose
// lists are one range of the table. As many rows of it are read as the pages of all lists
// may have, and mostRange: where lists are longer, the last of them may be truncated.
type OneRange struct {
	Page  *Fetch
	Cells []int // of the rows of the page, which hold their keys

	rowsRead            int
	truncated, wasteful bool
}

// Len is how many rows are on the page, once that has been read.
func (o *OneRange) Len() int { return rowsOn(o.Page) }

// Truncated returns whether some rows of the lists' pages have not been read.
func (o *OneRange) Truncated() bool { return o.truncated }

// Wasteful returns whether most rows that have been read are of no page.
func (o *OneRange) Wasteful() bool { return o.wasteful }

func (o *OneRange) keyList(FetchKind) (keyList, []int32) {
	keys, _ := o.Page.Parents.keyList(FetchPages)
	return keyList{args: keys.args, form: keysOneRange}, nil
}

// most is how many rows are read.
func (o *OneRange) most(f *Fetch) int {
	return min(o.Page.Query.page.Limit*(f.Query.page.Limit+1), mostRange)
}

// oneRange selects the page of each parent as one range of the lists of them all.
func (s *Statement) oneRange(f *Fetch, o *OneRange, keys keyList, columns []Column) {
	n := len(o.Page.Edge.Columns)
	lists := Edge{Target: f.Edge.Target, Columns: f.Edge.Columns[:n]}
	for _, c := range f.Edge.Columns[n:] {
		lists.order = append(lists.order, sortKey{Column: c})
		columns = append(columns[:len(columns):len(columns)], c)
	}
	q := f.Query
	for _, key := range q.order {
		lists.order = lists.order.with(key)
	}
	q.order, q.page.Limit = lists.order, o.most(f)-1
	s.page(&lists, keyList{args: keys.args}, columns, &q)
}

func (o *OneRange) begin(f *Fetch, s *sqlText, postgres bool) {
	kept{}.begin(f, s, postgres)
	o.rowsRead = 0
}

// width is that of a row and the end of its parent's key: the begin is the same for all.
func (o *OneRange) width(f *Fetch) int { return len(f.columns) + len(o.parentCells()) }

func (o *OneRange) parentCells() []int { return o.Cells[len(o.Page.Edge.Columns):] }

// take adds a row to the page of its parent: that of the row before, or one behind it. It
// may have none, or lie beyond the page.
func (o *OneRange) take(f *Fetch, _ int, row [][]byte) error {
	o.rowsRead++
	parents, last := o.Len(), len(f.Rows.starts)-1
	place := last
	for place < parents && !isOf(o.Page, o.rowOf(f, place), o.parentCells(), row[len(f.columns):]) {
		place++
	}
	if place == parents || place == last && isFull(f, last) {
		return nil
	}
	return f.Rows.add(row[:len(f.columns)], f.columns, place)
}

// isFull returns whether the page of a place is there, and the row more behind it.
func isFull(f *Fetch, place int) bool {
	return f.Rows.count-int(f.Rows.starts[place]) > f.Query.page.Limit
}

// rowOf is the row of the parent at a place: rows come in the order of their parents' page,
// or in that turned around.
func (o *OneRange) rowOf(f *Fetch, place int) int {
	if o.Page.Query.page.Backward != f.Query.page.Backward {
		return o.Len() - 1 - place
	}
	return place
}

// end closes the pages of all parents.
func (o *OneRange) end(f *Fetch) error {
	parents, last := o.Len(), len(f.Rows.starts)-1
	o.truncated = o.rowsRead > 0 && o.rowsRead == o.most(f) && (last < parents-1 || last == parents-1 && !isFull(f, last))
	o.wasteful = o.rowsRead > 2*f.Rows.count+mostRange/10
	if o.rowOf(f, 0) != 0 {
		f.Rows.ranks = make([]int32, parents)
		for place := range f.Rows.ranks {
			f.Rows.ranks[place] = int32(o.rowOf(f, place))
		}
	}
	f.Rows.end(parents)
	return nil
}

func (o *OneRange) count(ctx context.Context, _ *Fetch) { count(ctx, int64(o.rowsRead)) }
func (o *OneRange) repeatable(*Fetch) bool              { return true }
