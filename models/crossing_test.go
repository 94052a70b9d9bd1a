package models

import (
	"cmp"
	"encoding/json"
	"fmt"
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
func drawValue(t *rapid.T, c column) any {
	if c.kind == kindInt {
		return drawInt.Draw(t, c.name)
	}
	return drawText.Draw(t, c.name)
}

// drawColumns draws the columns of a key.
func drawColumns(t *rapid.T) (columns []column) {
	for i, kind := range rapid.SliceOfN(rapid.SampledFrom([]kind{kindInt, kindText}), 1, 3).Draw(t, "kinds") {
		columns = append(columns, column{name: fmt.Sprint("c", i), kind: kind})
	}
	return columns
}

// drawKeys draws keys, each once, and of few values for each column so that crossing them
// may be worth it.
func drawKeys(t *rapid.T, columns []column) (keys [][]any) {
	values := make([][]any, len(columns))
	for i, c := range columns {
		for range rapid.IntRange(1, 4).Draw(t, "values") {
			values[i] = append(values[i], drawValue(t, c))
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
	if len(edge.via) > 0 {
		k.places = map[string]int32{}
	}
	for _, key := range keys {
		k.AddValues(key)
	}
	return k
}

// TestKeys holds that keys come back as they went in, each once where parents may have
// the same, are found among the others, and are crossed where that makes few more.
func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edge := &Edge{columns: drawColumns(t), via: []string{"via"}}
		unique := drawKeys(t, edge.columns)
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
		other := make([]any, len(edge.columns))
		var at []int
		for i, c := range edge.columns {
			other[i] = drawValue(t, c)
			at = append(at, i)
		}
		product := 1
		for i := range edge.columns {
			values := map[any]bool{}
			for _, key := range unique {
				values[key[i]] = true
			}
			product *= len(values)
		}
		list, ok := k.cross()
		if ok != (product <= len(unique)+len(unique)/4) || ok && (list.form != keysCross || len(list.args) != len(edge.columns)) {
			t.Fatalf("%d keys of %d combinations: crossed is %v, as %v", len(unique), product, ok, list)
		}
		for place, key := range append(slices.Clone(unique), other) {
			if !ok {
				break
			}
			if place == len(unique) {
				place = slices.IndexFunc(unique, func(has []any) bool { return slices.Equal(has, other) })
			}
			near := rapid.IntRange(-1, k.Len()-1).Draw(t, "near")
			if found := k.find(cellsOfKey(key), at, int32(near)); int(found) != place {
				t.Fatalf("%q among %q is at %d, want %d", key, unique, found, place)
			}
		}
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

// TestArrange holds rows of keys that were crossed, in whatever order they come, to a
// sort of each parent's. Some are of keys that nobody asked for.
func TestArrange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edge := &Edge{columns: drawColumns(t)}
		unique := drawKeys(t, edge.columns)
		asked := unique[:rapid.IntRange(1, len(unique)).Draw(t, "asked")]
		keys := keysIn(edge, true, asked)
		columns := append(slices.Clone(edge.columns), column{name: "a", kind: kindText}, column{name: "b", kind: kindInt}, column{name: "n", kind: kindInt}, column{name: "null", kind: kindText})
		if _, ok := keys.cross(); !ok {
			return
		}
		c := &crossing{kept: len(columns)}
		for i := range edge.columns {
			c.key = append(c.key, i)
		}
		width := len(edge.columns)
		c.order = []int{width, width + 1, width + 2}
		type row struct {
			a    string
			b, n int64
		}
		want := make([][]row, len(asked))
		rows := new(Rows)
		rows.begin(len(columns), true)
		for n := range rapid.IntRange(0, 40).Draw(t, "rows") {
			place := rapid.IntRange(0, len(unique)-1).Draw(t, "place")
			r := row{rapid.SampledFrom(hardTexts[:5]).Draw(t, "a"), drawInt.Draw(t, "b"), int64(n)}
			cells := append(cellsOfKey(unique[place]), []byte(r.a), appendIntCell(nil, r.b), appendIntCell(nil, r.n), nil)
			if err := rows.addCrossed(cells, columns, keys, c); err != nil {
				t.Fatal(err)
			}
			if place < len(asked) {
				want[place] = append(want[place], r)
			}
		}
		rows.arrange(keys.Len(), c, columns)
		for place, list := range want {
			slices.SortFunc(list, func(a, b row) int {
				return cmp.Or(strings.Compare(a.a, b.a), cmp.Compare(a.b, b.b), cmp.Compare(a.n, b.n))
			})
			from, to := rows.Of(int32(place))
			var got []row
			for i := from; i < to; i++ {
				for n, cell := range cellsOfKey(asked[place]) {
					if !slices.Equal(rows.Cell(i, n), cell) {
						t.Fatalf("a row of %q has the key cell %q", asked[place], rows.Cell(i, n))
					}
				}
				if rows.Cell(i, width+3) != nil || rows.Cell(i, width) == nil {
					t.Fatal("a null and an empty text are the same")
				}
				got = append(got, row{string(rows.Cell(i, width)), rows.Int(i, width+1), rows.Int(i, width+2)})
			}
			if !slices.Equal(got, list) {
				t.Fatalf("the rows of %q are %v, want %v", asked[place], got, list)
			}
		}
		if rows.Parents() != len(asked) {
			t.Fatalf("there are %d parents, want %d", rows.Parents(), len(asked))
		}
	})
}

// TestSplit holds rows that are given to the parents of their parents to those that have
// the parents' key. A row without a parent is an error.
func TestSplit(t *testing.T) {
	ints := []column{{name: "a", kind: kindInt}, {name: "b", kind: kindText}}
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

// TestWithin holds which lists may be read by the keys of their parents' parents.
func TestWithin(t *testing.T) {
	desc := ComponentsOfAssignment.Edge
	desc.order = slices.Clone(desc.order)
	desc.order[0].desc = true
	by := ComponentsOfAssignment.Edge
	by.order = InclusiveUsageComponents.order("start_date")
	for _, tt := range []struct {
		name          string
		edge, parents *Edge
		columns       int // 0: not within
	}{
		{"components of assignments", &ComponentsOfAssignment.Edge, &AssignmentsOfUsageBalance.Edge, 2},
		{"in another direction", &desc, &AssignmentsOfUsageBalance.Edge, 0},
		{"in another order", &by, &AssignmentsOfUsageBalance.Edge, 0},
		{"by the same key", &ComponentsOfUsageBalance.Edge, &InclusiveUsageBalanceByKey.Edge, 0},
		{"by no key of theirs", &SegmentsOfBalance.Edge, &BalancesOfCustomer.Edge, 0},
		{"parents in another order", &ComponentsOfAssignment.Edge, &AllInclusiveUsageAssignments.Edge, 0},
		{"a lookup", &PlanOfAssignment.Edge, &AssignmentsOfUsageBalance.Edge, 0},
	} {
		within := tt.edge.Within(tt.parents)
		if within == nil {
			within = &Edge{}
		}
		if len(within.columns) != tt.columns {
			t.Errorf("%s: by %d columns, want %d", tt.name, len(within.columns), tt.columns)
		}
	}
}
