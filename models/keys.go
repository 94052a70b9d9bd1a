package models

import (
	"bytes"
	"slices"
	"strconv"
)

// Keys are the keys of the parents of an edge, each once.
type Keys struct {
	edge     *Edge
	postgres bool
	count    int
	arena    []byte           // the cells, one after the other, a text with a NUL behind it, so that keys differ as bytes
	cells    []span           // of a key side by side
	places   map[string]int32 // by the bytes of a key; nil where no two parents have the same
	ordered  []int32          // the places, in the order of the bytes; made when it is needed
	crossed  *keyList         // made when it is needed
}

// NewKeys makes an empty list. Where a parent's key is its own no two have the same.
func (r *Reader) NewKeys(e *Edge) *Keys {
	k := &Keys{edge: e, postgres: r.postgres()}
	if len(e.via) > 0 {
		k.places = map[string]int32{}
	}
	return k
}

// KeysOf are the keys of an edge whose parents have been looked up by theirs.
func (r *Reader) KeysOf(e *Edge, parents *Keys) *Keys {
	k := r.NewKeys(e)
	k.append(parents.key(0))
	return k
}

// Len is the number of keys.
func (k *Keys) Len() int { return k.count }

// key is the cells of the key at a place.
func (k *Keys) key(place int) [][]byte {
	cells := make([][]byte, 0, 4)
	for i := range k.edge.columns {
		cells = append(cells, k.cell(place, i))
	}
	return cells
}

func (k *Keys) cell(place, i int) []byte {
	s := k.cells[place*len(k.edge.columns)+i]
	return k.arena[s.at : s.at+s.length]
}

// bytes are the cells of the key at a place, as they lie in the arena.
func (k *Keys) bytes(place int32) []byte {
	width := len(k.edge.columns)
	end := len(k.arena)
	if next := (int(place) + 1) * width; next < len(k.cells) {
		end = int(k.cells[next].at)
	}
	return k.arena[k.cells[int(place)*width].at:end]
}

// appendKeyBytes writes a cell of a key as Keys keep it.
func (c column) appendKeyBytes(b, cell []byte) []byte {
	if b = append(b, cell...); c.kind == kindText {
		b = append(b, 0)
	}
	return b
}

// Add adds the key in these cells of a row and returns its place in the list, or -1
// for the key of a parent that has no rows.
func (k *Keys) Add(rows *Rows, row int, at []int) int32 {
	cells := make([][]byte, 0, 4)
	for _, i := range at {
		cells = append(cells, rows.Cell(row, i))
	}
	if k.edge.optional && k.zero(cells) {
		return -1
	}
	return k.append(cells)
}

// AddValues adds a key of columns that a client gave.
func (k *Keys) AddValues(values []any) {
	var cells [][]byte
	for _, value := range values {
		switch value := value.(type) {
		case int64:
			cells = append(cells, appendIntCell(nil, value))
		case string:
			cells = append(cells, []byte(value))
		}
	}
	k.append(cells)
}

// zero tells whether the key is the zero of its type, of which null is one.
func (k *Keys) zero(cells [][]byte) bool {
	for i, cell := range cells {
		if len(cell) > 0 && (k.edge.columns[i].kind != kindInt || cellInt(cell) != 0) {
			return false
		}
	}
	return true
}

func (k *Keys) append(cells [][]byte) int32 {
	start, first := len(k.arena), len(k.cells)
	for i, cell := range cells {
		k.cells = append(k.cells, span{int32(len(k.arena)), int32(len(cell))})
		k.arena = k.edge.columns[i].appendKeyBytes(k.arena, cell)
	}
	if k.places != nil {
		if place, known := k.places[string(k.arena[start:])]; known {
			k.arena, k.cells = k.arena[:start], k.cells[:first]
			return place
		}
		k.places[string(k.arena[start:])] = int32(k.count)
	}
	k.count++
	return int32(k.count - 1)
}

// find is the place of a key, -1 if it is none of them.
func (k *Keys) find(key []byte) int32 {
	if k.ordered == nil {
		k.ordered = make([]int32, k.count)
		for i := range k.ordered {
			k.ordered[i] = int32(i)
		}
		slices.SortFunc(k.ordered, func(a, b int32) int { return bytes.Compare(k.bytes(a), k.bytes(b)) })
	}
	i, found := slices.BinarySearchFunc(k.ordered, key, func(place int32, key []byte) int { return bytes.Compare(k.bytes(place), key) })
	if !found {
		return -1
	}
	return k.ordered[i]
}

// list is the keys as parameters.
func (k *Keys) list() keyList {
	switch {
	case k.count == 1:
		return keyList{k.values(), keysOne}
	case !k.postgres:
		return keyList{[]any{k.tuples()}, keysList}
	}
	list := keyList{form: keysList}
	for i := range k.edge.columns {
		list.args = append(list.args, string(append(k.array(i, nil), '}')))
	}
	return list
}

// values are the columns of the one key.
func (k *Keys) values() []any {
	values := make([]any, len(k.edge.columns))
	for i, c := range k.edge.columns {
		switch cell := k.cell(0, i); c.kind {
		case kindInt:
			values[i] = cellInt(cell)
		case kindBytes:
			values[i] = cell
		default:
			values[i] = string(cell)
		}
	}
	return values
}

// array is a column of the keys as a PostgreSQL array without its end, each value once
// if they are counted.
func (k *Keys) array(i int, seen map[string]struct{}) []byte {
	text, mark := []byte(nil), byte('{')
	for place := range k.count {
		cell := k.cell(place, i)
		if seen != nil {
			if _, known := seen[string(cell)]; known {
				continue
			}
			seen[string(cell)] = struct{}{}
		}
		text = k.appendCell(append(text, mark), k.edge.columns[i], cell)
		mark = ','
	}
	return text
}

// cross is the keys as a list of values of each column. ok is false if that is too
// many more keys than there are.
func (k *Keys) cross() (list keyList, ok bool) {
	if k.crossed == nil {
		k.crossed = &keyList{form: keysCross}
		product := 1
		for i := range k.edge.columns {
			seen := map[string]struct{}{}
			k.crossed.args = append(k.crossed.args, string(append(k.array(i, seen), '}')))
			if product *= len(seen); product > k.count+k.count/4 {
				k.crossed.args = nil
				break
			}
		}
	}
	return *k.crossed, k.crossed.args != nil
}

// tuples are the keys as a JSON list of lists.
func (k *Keys) tuples() string {
	text, mark := []byte(nil), byte('[')
	for place := range k.count {
		text = append(text, mark)
		mark = '['
		for i, c := range k.edge.columns {
			text = k.appendCell(append(text, mark), c, k.cell(place, i))
			mark = ','
		}
		text = append(text, ']')
	}
	return string(append(text, ']'))
}

func (k *Keys) appendCell(b []byte, c column, cell []byte) []byte {
	switch {
	case c.kind == kindInt:
		return strconv.AppendInt(b, cellInt(cell), 10)
	case k.postgres:
		b = append(b, '"')
		for _, char := range cell {
			if char == '"' || char == '\\' {
				b = append(b, '\\')
			}
			b = append(b, char)
		}
		return append(b, '"')
	default:
		return append(appendEscaped(append(b, '"'), cell), '"')
	}
}
