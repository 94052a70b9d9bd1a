package store

import (
	"cmp"
	"slices"
	"strconv"
)

// rangedKeys are keys as ranges of their last column. Keys that would make too many are
// not ranged: list has no arguments then.
type rangedKeys struct {
	list  keyList
	ranks []int32 // of the keys, by place, in the order of the ranges
}

// keyRange is keys whose last column counts up from low to high and whose others are those
// of the key at place, which is the first of them.
type keyRange struct {
	place, rank int32
	low, high   int64
}

// ranged is the keys as ranges, if that makes few. IDs that were given out one after the
// other are mostly of one parent or of neighbours: an index is searched once for all of a
// range, and what it finds comes in order.
func (k *Keys) ranged() *rangedKeys {
	if k.ranges == nil {
		k.ranges = k.newRanged()
	}
	return k.ranges
}

func (k *Keys) newRanged() *rangedKeys {
	last := len(k.edge.Columns) - 1
	if k.edge.Columns[last].Kind != KindInt {
		return &rangedKeys{}
	}
	idOf := func(place int32) int64 { return cellInt(k.cell(int(place), last)) }
	byID := func(a, b int32) int { return cmp.Compare(idOf(a), idOf(b)) }
	var ranges []keyRange
	ranks, rank := make([]int32, k.count), int32(0)
	for _, places := range k.alike() {
		if !slices.IsSortedFunc(places, byID) {
			slices.SortFunc(places, byID)
		}
		for i, place := range places {
			id, end := idOf(place), len(ranges)-1
			if i > 0 && id == ranges[end].high+1 {
				ranges[end].high = id
			} else {
				ranges = append(ranges, keyRange{place, rank, id, id})
			}
			ranks[place] = rank
			rank++
		}
	}
	if 2*len(ranges) > k.count {
		return &rangedKeys{}
	}
	return &rangedKeys{keyList{args: k.bounds(ranges), form: keysRanges}, ranks}
}

// alike are the places of the keys, those together that differ in their last column only.
func (k *Keys) alike() (groups [][]int32) {
	width, known := len(k.edge.Columns), map[string]int{}
	for place := range k.count {
		cells := k.cells[place*width : (place+1)*width]
		others := k.arena[cells[0].at:cells[width-1].at]
		group, ok := known[string(others)]
		if !ok {
			group = len(groups)
			known[string(others)] = group
			groups = append(groups, nil)
		}
		groups[group] = append(groups[group], int32(place))
	}
	return groups
}

// bounds are ranges as PostgreSQL arrays: one for each column before the last, the least
// and the greatest value of that, and the number of the first key.
func (k *Keys) bounds(ranges []keyRange) (args []any) {
	last := len(k.edge.Columns) - 1
	arrays := make([][]byte, last+3)
	mark := byte('{')
	for _, r := range ranges {
		for i := range arrays {
			arrays[i] = append(arrays[i], mark)
		}
		for i := range last {
			arrays[i] = k.appendCell(arrays[i], k.edge.Columns[i], k.cell(int(r.place), i))
		}
		for i, n := range []int64{r.low, r.high, int64(r.rank) + 1} {
			arrays[last+i] = strconv.AppendInt(arrays[last+i], n, 10)
		}
		mark = ','
	}
	for _, array := range arrays {
		args = append(args, string(append(array, '}')))
	}
	return args
}
