package models

import (
	"bytes"
	"slices"
)

// crossedKeys are keys as a list of values of each column, of which all combinations are
// meant. Keys that are too few of these are not crossed: list has no arguments then.
type crossedKeys struct {
	list    keyList
	numbers []map[string]int // of the values in their list, for each column
	places  []int32          // of the keys, by their values' numbers; -1 for what is none of them
}

// cross crosses the keys if it can.
func (k *Keys) cross() (list keyList, ok bool) {
	if k.crossed == nil {
		k.crossed = k.newCrossed()
	}
	return k.crossed.list, k.crossed.list.args != nil
}

func (k *Keys) newCrossed() *crossedKeys {
	x, product := &crossedKeys{list: keyList{form: keysCross}}, 1
	for i := range k.edge.columns {
		numbers := map[string]int{}
		x.list.args, x.numbers = append(x.list.args, k.array(i, numbers)), append(x.numbers, numbers)
		if product *= len(numbers); product > k.count+k.count/4 {
			return &crossedKeys{}
		}
	}
	x.places = slices.Repeat([]int32{-1}, product)
	for place := range k.count {
		x.places[x.at(func(i int) []byte { return k.cell(place, i) })] = int32(place)
	}
	return x
}

// at is where the combination of some values is, -1 if one is not in its list.
func (x *crossedKeys) at(cell func(i int) []byte) int {
	at := 0
	for i, numbers := range x.numbers {
		number, known := numbers[string(cell(i))]
		if !known {
			return -1
		}
		at = at*len(numbers) + number
	}
	return at
}

// find is the place of the key that a row has in the cells at, -1 if it is none of the
// keys. Near is the place of another, which is tried first.
func (k *Keys) find(row [][]byte, at []int, near int32) int32 {
	if near >= 0 && k.is(near, row, at) {
		return near
	}
	found := k.crossed.at(func(i int) []byte { return row[at[i]] })
	if found < 0 {
		return -1
	}
	return k.crossed.places[found]
}

func (k *Keys) is(place int32, row [][]byte, at []int) bool {
	for i, j := range at {
		if !bytes.Equal(k.cell(int(place), i), row[j]) {
			return false
		}
	}
	return true
}

// crossing is where the rows of keys that were crossed tell of what they are: which
// parent's, and their place in its list.
type crossing struct {
	key, order []int
	kept       int // cells of a row; those behind them only tell of the parent
}

// crossing is the selection with the columns of the order and of the key.
func (f *Fetch) crossing() (*Selection, *crossing) {
	whole, c := &Selection{f.Edge, slices.Clip(f.columns)}, new(crossing)
	for _, key := range f.Query.order {
		if !slices.ContainsFunc(f.Edge.columns, func(c column) bool { return c.name == key.name }) { // the same in all of a list
			c.order = append(c.order, whole.add(key.column))
		}
	}
	c.kept = len(whole.columns)
	for _, column := range f.Edge.columns {
		c.key = append(c.key, whole.add(column))
	}
	return whole, c
}

// plain tells whether cells are in the order if each is above the one before.
func (o Order) plain() bool {
	return !slices.ContainsFunc(o, func(key sortKey) bool { return key.desc || key.nullable || key.kind == kindFloat })
}

// compare compares cells that are not null.
func (k kind) compare(a, b []byte, postgres bool) int {
	signed := k == kindInt || postgres && (k == kindTime || k == kindLocal || k == kindDate)
	if signed && (a[0]^b[0])&0x80 != 0 {
		return int(b[0]>>7) - int(a[0]>>7) // the first bit is set below zero
	}
	return bytes.Compare(a, b)
}

// addCrossed adds a row of keys that were crossed, unless it is of none of them.
func (r *Rows) addCrossed(cells [][]byte, columns []column, keys *Keys, c *crossing) error {
	// A parent's rows mostly come one after the other.
	place := keys.find(cells, c.key, r.near)
	if place < 0 {
		return nil
	}
	r.near, r.places = place, append(r.places, place)
	return r.addCells(cells[:c.kept], columns)
}

// arrange puts rows in the order of their parents and of these parents' lists, in which
// they mostly come.
func (r *Rows) arrange(parents int, c *crossing, columns []column) {
	r.starts = slices.Grow(r.starts[:0], parents+1)[:parents+1]
	clear(r.starts)
	for _, place := range r.places {
		r.starts[place+1]++
	}
	for i := range parents {
		r.starts[i+1] += r.starts[i]
	}
	rows, next := make([]int32, r.count), slices.Clone(r.starts)
	for row, place := range r.places {
		rows[next[place]] = int32(row)
		next[place]++
	}
	order := func(a, b int32) int {
		for _, i := range c.order {
			if by := columns[i].kind.compare(r.Cell(int(a), i), r.Cell(int(b), i), r.postgres); by != 0 {
				return by
			}
		}
		return 0
	}
	cells := slices.Grow(r.spare[:0], len(r.cells))
	for place := range parents {
		list := rows[r.starts[place]:r.starts[place+1]]
		if !slices.IsSortedFunc(list, order) {
			slices.SortFunc(list, order)
		}
		for _, row := range list {
			cells = append(cells, r.cells[int(row)*r.width:(int(row)+1)*r.width]...)
		}
	}
	r.cells, r.spare = cells, r.cells
}
