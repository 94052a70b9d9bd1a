package models

// mostShort bounds the rows that are read of lists that are taken to be short.
const mostShort = 500

// Spans tells whether the lists of all rows of one of the parents' own parents are one
// range of the table, in the order of these rows: their keys begin with that parent's, and
// the rest is what the rows are in order of.
func (e *Edge) Spans(parents *Edge) bool {
	n := len(parents.columns)
	if n == 0 || len(parents.via) > 0 || len(e.via) <= n || len(parents.order) < len(e.via)-n {
		return false
	}
	for i, name := range e.via {
		if i < n && name != parents.columns[i].name || i >= n && (name != parents.order[i-n].name || parents.order[i-n].desc) {
			return false
		}
	}
	return true
}

// short selects the page of each row above as one range, of the lists of all rows of the
// parent above these: it is no more rows than the pages have, and mostShort.
func (s *statement) short(f *Fetch, keys keyList, columns []column) {
	n := len(f.Above.Edge.columns)
	lists := Edge{to: f.Edge.to, columns: f.Edge.columns[:n]}
	for _, c := range f.Edge.columns[n:] {
		lists.order = append(lists.order, sortKey{column: c})
		columns = append(columns[:len(columns):len(columns)], c)
	}
	q := f.Query
	for _, key := range q.order {
		lists.order = lists.order.with(key)
	}
	q.order, q.page.Limit = lists.order, f.mostShort()-1
	s.page(&lists, keyList{args: keys.args}, columns, &q)
}

// mostShort is how many rows are read of lists that are taken to be short.
func (f *Fetch) mostShort() int {
	return min(f.Above.Query.page.Limit*(f.Query.page.Limit+1), mostShort)
}

// takeShort adds a row to the page of its parent above: that of the row before, or one
// behind it. It may have none, or lie beyond the page.
func (f *Fetch) takeShort(row [][]byte) error {
	f.seen++
	parents, last := f.parents(), len(f.Rows.starts)-1
	place := last
	for place < parents && !f.isOf(f.aboveOf(place), row) {
		place++
	}
	if place == parents || place == last && f.isFull(last) {
		return nil
	}
	return f.Rows.add(row[:len(f.columns)], f.columns, place)
}

// isFull tells whether the page of a place is there, and the row more behind it.
func (f *Fetch) isFull(place int) bool {
	return f.Rows.count-int(f.Rows.starts[place]) > f.Query.page.Limit
}

// aboveOf is the place above of the parent at a place: rows come in the order of their
// parents' page, or in that turned around.
func (f *Fetch) aboveOf(place int) int {
	if f.Above.Query.page.Backward != f.Query.page.Backward {
		return f.parents() - 1 - place
	}
	return place
}

// endShort closes the pages of all parents above.
func (f *Fetch) endShort() {
	parents, last := f.parents(), len(f.Rows.starts)-1
	f.cut = f.seen > 0 && f.seen == f.mostShort() && (last < parents-1 || last == parents-1 && !f.isFull(last))
	if f.aboveOf(0) != 0 {
		f.Rows.ranks = make([]int32, parents)
		for place := range f.Rows.ranks {
			f.Rows.ranks[place] = int32(f.aboveOf(place))
		}
	}
	f.Rows.end(parents)
}

// IsCut tells whether lists were taken to be short and are too long: some rows of their
// pages have not been read.
func (f *Fetch) IsCut() bool { return f.Short && f.cut }

// IsWasteful tells whether lists were taken to be short for nothing: most rows that have
// been read are of no page.
func (f *Fetch) IsWasteful() bool { return f.Short && f.seen > 2*f.Rows.count+mostShort/10 }
