package models

import "strconv"

// Keys are the keys of the parents of an edge, each once.
type Keys struct {
	edge     *Edge
	postgres bool
	count    int
	first    []any            // the first key
	texts    [][]byte         // as in a keyList, without the end
	places   map[string]int32 // of the keys; nil where no two parents have the same
	scratch  []byte
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
	k.AddValues(parents.first)
	return k
}

// Len is the number of keys.
func (k *Keys) Len() int { return k.count }

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
	if k.places == nil {
		return k.append(cells)
	}
	k.scratch = k.scratch[:0]
	for i, cell := range cells {
		k.scratch = append(k.edge.columns[i].appendKey(k.scratch, cell), 0)
	}
	if place, known := k.places[string(k.scratch)]; known {
		return place
	}
	place := k.append(cells)
	k.places[string(k.scratch)] = place
	return place
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
	if k.count == 0 {
		for i, cell := range cells {
			switch k.edge.columns[i].kind {
			case kindInt:
				k.first = append(k.first, cellInt(cell))
			case kindBytes:
				k.first = append(k.first, cell)
			default:
				k.first = append(k.first, string(cell))
			}
		}
	}
	if k.postgres {
		k.appendArrays(cells)
	} else {
		k.appendTuple(cells)
	}
	k.count++
	return int32(k.count - 1)
}

func (k *Keys) appendArrays(cells [][]byte) {
	if k.count == 0 {
		k.texts = make([][]byte, len(cells))
	}
	for i, cell := range cells {
		mark := byte(',')
		if k.count == 0 {
			mark = '{'
		}
		k.texts[i] = k.appendCell(append(k.texts[i], mark), k.edge.columns[i], cell)
	}
}

func (k *Keys) appendTuple(cells [][]byte) {
	if k.count == 0 {
		k.texts = [][]byte{[]byte("[")}
	}
	text := k.texts[0]
	if k.count > 0 {
		text = append(text, ',')
	}
	for i, cell := range cells {
		mark := byte(',')
		if i == 0 {
			mark = '['
		}
		text = k.appendCell(append(text, mark), k.edge.columns[i], cell)
	}
	k.texts[0] = append(text, ']')
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

// list is the keys as parameters.
func (k *Keys) list() keyList {
	if k.count == 1 {
		return keyList{k.first, true}
	}
	end := byte(']')
	if k.postgres {
		end = '}'
	}
	out := keyList{args: make([]any, len(k.texts))}
	for i, text := range k.texts {
		out.args[i] = string(append(text, end))
	}
	return out
}
