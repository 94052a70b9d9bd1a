package store

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// hardTexts are texts that quoting, separators and orders may get wrong.
var hardTexts = []string{"", " ", "NULL", "null", `"`, `\`, `\"`, `\\`, "'", ",", "{", "}", "{}", `{"a","b"}`, "a", "A", "a,b", "a b", "\t", "\r\n", "\u0001", "\u007f", "é", "e\u0301", "Łódź", "🚚", "ÿ", "\uffff", "1", "10", "?", "$1"}

// drawText draws a text of a key, of which PostgreSQL takes all but NUL.
var drawText = rapid.OneOf(rapid.SampledFrom(hardTexts), rapid.Map(rapid.SliceOfN(rapid.SampledFrom(hardTexts), 2, 3), func(parts []string) string { return strings.Join(parts, "") }))

// drawInt draws an integer of a key.
var drawInt = rapid.OneOf(rapid.Int64Range(-3, 3), rapid.SampledFrom([]int64{-1 << 63, -1<<63 + 1, -256, -255, 255, 256, 1<<63 - 1}), rapid.Int64())

// drawValue draws a value of a column.
func drawValue(t *rapid.T, c Column) any {
	if c.Kind == KindInt {
		return drawInt.Draw(t, c.Name)
	}
	return drawText.Draw(t, c.Name)
}

// drawColumns draws the columns of a key.
func drawColumns(t *rapid.T) (columns []Column) {
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom([]ColumnKind{KindInt, kindText}), 1, 3).Draw(t, "kinds") {
		columns = append(columns, Column{Name: fmt.Sprint("c", i), Kind: kind})
	}
	return columns
}

// drawKeys draws keys, each once, and of few values for each column. Many integers count up,
// so that ranges may be worth it.
func drawKeys(t *rapid.T, columns []Column) (keys [][]any) {
	values := make([][]any, len(columns))
	for i, c := range columns {
		for n := range rapid.IntRange(1, 4).Draw(t, "values") {
			value := drawValue(t, c)
			if c.Kind == KindInt && n > 0 && rapid.Bool().Draw(t, "next") {
				if last := values[i][n-1].(int64); last < math.MaxInt64 {
					value = last + 1
				}
			}
			values[i] = append(values[i], value)
		}
	}
	for range rapid.IntRange(1, 20).Draw(t, "keys") {
		key := make([]any, len(columns))
		for i := range columns {
			key[i] = rapid.SampledFrom(values[i]).Draw(t, "value")
		}
		if !slices.ContainsFunc(keys, func(has []any) bool { return slices.Equal(has, key) }) {
			keys = append(keys, key)
		}
	}
	return keys
}

// cellsOfKey are the cells of a key.
func cellsOfKey(key []any) (cells [][]byte) {
	for _, value := range key {
		switch value := value.(type) {
		case int64:
			cells = append(cells, appendIntCell(nil, value))
		case string:
			cells = append(cells, []byte(value))
		}
	}
	return cells
}

func keysIn(edge *Edge, postgres bool, keys [][]any) *Keys {
	k := &Keys{edge: edge, postgres: postgres}
	if edge.lookup {
		k.places = map[string]int32{}
	}
	for _, key := range keys {
		k.AddValues(key)
	}
	return k
}

// TestKeys holds that keys come back as they went in, each once where parents may have
// the same, and are ranges where these are few.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edge := &Edge{Columns: drawColumns(t), lookup: true}
		unique := drawKeys(t, edge.Columns)
		k := keysIn(edge, true, unique)
		for place, key := range unique {
			if again := k.append(cellsOfKey(key)); int(again) != place || k.Len() != len(unique) {
				t.Fatalf("%q is at %d of %d, want %d of %d", key, again, k.Len(), place, len(unique))
			}
			for i, cell := range cellsOfKey(key) {
				if got := k.cell(place, i); !slices.Equal(got, cell) {
					t.Fatalf("%q has the cell %q, want %q", key, got, cell)
				}
			}
		}
		checkRanges(t, k, unique)
		if len(unique) > 1 {
			var tuples [][]any
			decoder := json.NewDecoder(strings.NewReader(keysIn(edge, false, unique).list().args[0].(string)))
			decoder.UseNumber()
			if err := decoder.Decode(&tuples); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprintf("%v", tuples) != fmt.Sprintf("%v", unique) {
				t.Fatalf("the list for SQLite is %v, want %v", tuples, unique)
			}
		}
	})
}

// checkRanges holds the ranges of keys to the keys: what they mean, in their order, and
// that there are as few as can be.
func checkRanges(t *rapid.T, k *Keys, keys [][]any) {
	last, ranges := len(k.edge.Columns)-1, 0
	for _, key := range keys {
		before := slices.Clone(key)
		if id, ok := key[last].(int64); ok && id > math.MinInt64 {
			before[last] = id - 1
		}
		if !slices.ContainsFunc(keys, func(has []any) bool { return slices.Equal(has, before) }) || slices.Equal(key, before) {
			ranges++
		}
	}
	ranged := k.ranged()
	few := k.edge.Columns[last].Kind == KindInt && 2*ranges <= len(keys)
	if few != (ranged.list.args != nil) {
		t.Fatalf("%d keys make %d ranges: %v", len(keys), ranges, ranged.list)
	}
	if !few {
		return
	}
	columns := make([][]string, last+3)
	for i, array := range ranged.list.args {
		columns[i] = elementsOf(array.(string))
		if len(columns[i]) != ranges {
			t.Fatalf("%v has %d elements, want %d", array, len(columns[i]), ranges)
		}
	}
	rank := 0
	for i := range ranges {
		low, high, number := columns[last][i], columns[last+1][i], columns[last+2][i]
		if number != fmt.Sprint(rank+1) {
			t.Fatalf("range %d begins with the key %s, want %d", i, number, rank+1)
		}
		for id := low; ; {
			place := slices.IndexFunc(keys, func(key []any) bool {
				for c := range last {
					if fmt.Sprint(key[c]) != columns[c][i] {
						return false
					}
				}
				return fmt.Sprint(key[last]) == id
			})
			if place < 0 || int(ranged.ranks[place]) != rank {
				t.Fatalf("%s from %s to %s is key %d, and of %v rank %d", id, low, high, place, ranged.ranks, rank)
			}
			rank++
			if id == high {
				break
			}
			id = fmt.Sprint(keys[place][last].(int64) + 1)
		}
	}
	if rank != len(keys) {
		t.Fatalf("the ranges have %d keys, want %d", rank, len(keys))
	}
}

// elementsOf are the elements of a PostgreSQL array.
func elementsOf(array string) (elements []string) {
	quoted, escaped, text := false, false, ""
	for _, char := range strings.TrimSuffix(array, "}")[1:] + "," {
		switch {
		case escaped:
			escaped, text = false, text+string(char)
		case char == '\\':
			escaped = true
		case char == '"':
			quoted = !quoted
		case char == ',' && !quoted:
			elements, text = append(elements, text), ""
		default:
			text += string(char)
		}
	}
	return elements
}

// TestSplit holds rows that are given to the parents of their parents to those that have
// the parents' key. A row without a parent is an error.
func TestSplit(t *testing.T) {
	ints := []Column{{Name: "a", Kind: KindInt}, {Name: "b", Kind: kindText}}
	rapid.Check(t, func(t *rapid.T) {
		parents, rows := new(Rows), new(Rows)
		parents.begin(2, true)
		rows.begin(2, true)
		var want [][]int64
		lost := false
		next := int64(0)
		groups := rapid.IntRange(0, 4).Draw(t, "groups")
		for group := range groups {
			names := rapid.SliceOfNDistinct(drawText, 0, 4, rapid.ID).Draw(t, "names")
			slices.Sort(names)
			for _, name := range names {
				known := rapid.IntRange(0, 9).Draw(t, "known") > 0
				if known {
					if err := parents.add([][]byte{appendIntCell(nil, 7), []byte(name)}, ints, group); err != nil {
						t.Fatal(err)
					}
					want = append(want, nil)
				}
				for range rapid.IntRange(0, 3).Draw(t, "rows") {
					if err := rows.add([][]byte{appendIntCell(nil, next), []byte(name)}, ints, group); err != nil {
						t.Fatal(err)
					}
					if lost = lost || !known; known {
						want[len(want)-1] = append(want[len(want)-1], next)
					}
					next++
				}
			}
		}
		parents.end(groups)
		rows.end(groups)
		if err := rows.Split(parents, []int{1}, []int{1}); (err != nil) != lost {
			t.Fatalf("error %v, and a row has lost its parent: %v", err, lost)
		} else if lost {
			return
		}
		if rows.Parents() != len(want) {
			t.Fatalf("there are %d parents, want %d", rows.Parents(), len(want))
		}
		for parent, list := range want {
			var got []int64
			from, to := rows.Of(int32(parent))
			for row := from; row < to; row++ {
				got = append(got, rows.Int(row, 0))
			}
			if !slices.Equal(got, list) {
				t.Fatalf("parent %d has %v, want %v", parent, got, list)
			}
		}
	})
}
