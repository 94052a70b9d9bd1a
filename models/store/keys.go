package store

import (
	"reflect"
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
	ranges   *rangedKeys      // made when it is needed
	one      []any            // the values of the one key, made when they are needed
	by       *Edge            // that looks the one parent up by the one key; else nil
}

// NewKeys makes an empty list. Where a parent's key is its own no two have the same,
// unless parents may be there twice.
func (r *Reader) NewKeys(e *Edge, twice bool) *Keys {
	k := &Keys{edge: e, postgres: r.postgres()}
	if e.lookup || twice {
		k.places = map[string]int32{}
	}
	return k
}

// KeysOf is the key of an edge whose parent is looked up by its own key. A subquery on the
// parent's row supplies the columns that are not in that.
func (r *Reader) KeysOf(e *Edge, parent *Keys) *Keys {
	k := &Keys{edge: e, postgres: r.postgres(), count: 1, one: parent.values()}
	if !e.ByParentsKey() {
		k.by, k.one = parent.edge, slices.Repeat(k.one, len(e.Columns))
	}
	return k
}

// Len is the number of keys.
func (k *Keys) Len() int { return k.count }

func (k *Keys) cell(place, i int) []byte {
	s := k.cells[place*len(k.edge.Columns)+i]
	return k.arena[s.at : s.at+s.length]
}

// Grow makes room for the keys of so many rows.
func (k *Keys) Grow(rows int) {
	k.cells = slices.Grow(k.cells, rows*len(k.edge.Columns))
	k.arena = slices.Grow(k.arena, rows*len(k.edge.Columns)*8) // an integer's; texts make more
}

// Add adds the key in these cells of a row and returns its place in the list, or -1
// for the key of a parent that has no rows.
func (k *Keys) Add(rows *Rows, row int, at []int) int32 {
	cells := make([][]byte, 0, 4)
	for _, i := range at {
		cells = append(cells, rows.Cell(row, i))
	}
	if k.edge.lookup && k.zero(cells) {
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

// keysFrom makes the list of keys of a relation, of which no two are the same: scalars, or
// structs with a field for each column.
func keysFrom[K comparable](e *Edge, postgres bool, keys []K) *Keys {
	k := &Keys{edge: e, postgres: postgres}
	k.Grow(len(keys))
	for i, all := 0, reflect.ValueOf(keys); i < len(keys); i++ {
		k.addColumns(all.Index(i), 0)
		k.count++
	}
	return k
}

// keyColumns are the columns of a key.
func keyColumns(key reflect.Value) []any {
	switch key.Kind() {
	case reflect.String:
		return []any{key.String()}
	case reflect.Struct:
		var all []any
		for i := range key.NumField() {
			all = append(all, keyColumns(key.Field(i))...)
		}
		return all
	}
	return []any{key.Int()}
}

// addColumns adds the cells of a key, or of a part of it, from a column on, and returns
// which column comes next.
func (k *Keys) addColumns(key reflect.Value, column int) int {
	at := len(k.arena)
	switch key.Kind() {
	case reflect.Struct:
		for i := range key.NumField() {
			column = k.addColumns(key.Field(i), column)
		}
		return column
	case reflect.String:
		k.arena = append(k.arena, key.String()...)
	default:
		k.arena = appendIntCell(k.arena, key.Int())
	}
	k.cells = append(k.cells, span{int32(at), int32(len(k.arena) - at)})
	if k.edge.Columns[column].Kind == kindText {
		k.arena = append(k.arena, 0)
	}
	return column + 1
}

// zero returns whether the key is the zero of its type, of which null is one.
func (k *Keys) zero(cells [][]byte) bool {
	for i, cell := range cells {
		if len(cell) > 0 && (k.edge.Columns[i].Kind != KindInt || cellInt(cell) != 0) {
			return false
		}
	}
	return true
}

func (k *Keys) append(cells [][]byte) int32 {
	start, first := len(k.arena), len(k.cells)
	for i, cell := range cells {
		k.cells = append(k.cells, span{int32(len(k.arena)), int32(len(cell))})
		if k.arena = append(k.arena, cell...); k.edge.Columns[i].Kind == kindText {
			k.arena = append(k.arena, 0)
		}
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

// keyList is the keys in the form that is read fastest.
func (k *Keys) keyList(kind FetchKind) (keyList, []int32) {
	if kind == FetchChildren && k.postgres && k.count > 1 {
		if ranged := k.ranged(); ranged.list.args != nil {
			return ranged.list, ranged.ranks
		}
	}
	return k.list(), nil
}

// list is the keys as parameters.
func (k *Keys) list() keyList {
	if k.count == 1 {
		return keyList{args: k.values(), form: keysOne, by: k.by}
	}
	return k.listed()
}

// listed is list, also where there is but one key.
func (k *Keys) listed() keyList {
	list := keyList{form: keysList}
	if !k.postgres {
		list.args = []any{k.jsonKeys()}
		return list
	}
	for i := range k.edge.Columns {
		list.args = append(list.args, k.pgArray(i))
	}
	return list
}

// values are the columns of the one key.
func (k *Keys) values() []any {
	if k.one != nil {
		return k.one
	}
	k.one = make([]any, len(k.edge.Columns))
	for i, c := range k.edge.Columns {
		switch cell := k.cell(0, i); c.Kind {
		case KindInt:
			k.one[i] = cellInt(cell)
		case kindBytes:
			k.one[i] = cell
		default:
			k.one[i] = string(cell)
		}
	}
	return k.one
}

// pgArray is a column of the keys as a PostgreSQL array.
func (k *Keys) pgArray(i int) string {
	text := []byte{'{'}
	for place := range k.count {
		if place > 0 {
			text = append(text, ',')
		}
		text = k.appendCell(text, k.edge.Columns[i], k.cell(place, i))
	}
	return string(append(text, '}'))
}

// jsonKeys are the keys as a JSON list of lists.
func (k *Keys) jsonKeys() string {
	text := []byte{'['}
	for place := range k.count {
		if place > 0 {
			text = append(text, ',')
		}
		mark := byte('[')
		for i, c := range k.edge.Columns {
			text = k.appendCell(append(text, mark), c, k.cell(place, i))
			mark = ','
		}
		text = append(text, ']')
	}
	return string(append(text, ']'))
}

func (k *Keys) appendCell(b []byte, c Column, cell []byte) []byte {
	switch {
	case c.Kind == KindInt:
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
