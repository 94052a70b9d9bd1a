package store

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// TableInfo describes a table as its struct has it, for those who hold the two
// together.
type TableInfo struct {
	Name    string
	Owner   string // column of the customer; "" for a catalogue
	Columns []ColumnInfo
}

// ColumnInfo describes a column.
type ColumnInfo struct {
	Name     string
	Kind     string // the type in PostgreSQL
	Nullable bool
}

// Describe lists all tables in the order in which rows name each other: a row
// names only rows of tables before its own, or of its own.
func Describe() []TableInfo {
	var out []TableInfo
	for _, t := range inOrder() {
		info := TableInfo{Name: t.Name, Owner: t.owner}
		for _, c := range t.all() {
			info.Columns = append(info.Columns, ColumnInfo{c.Name, string(c.Kind), c.nullable})
		}
		out = append(out, info)
	}
	return out
}

// inOrder lists the tables so that a row names only rows of tables before its own, or of
// its own. What more tables name comes first where that leaves a choice, and so customers
// at the head.
func inOrder() (ordered []*table) {
	names := dependencies()
	count := map[*table]int{}
	for _, others := range names {
		for other := range others {
			count[other]++
		}
	}
	left := slices.Clone(tables)
	slices.SortFunc(left, func(a, b *table) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.Name, b.Name))
	})
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(t *table) bool {
			for other := range names[t] {
				if other != t && slices.Contains(left, other) {
					return false
				}
			}
			return true
		})
		if next < 0 {
			panic(fmt.Sprintf("models: the tables name each other, %s among them", left[0].Name))
		}
		ordered = append(ordered, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return ordered
}

// ownsItself is whether the rows are customers, whose own key is that of the customer.
func (t *table) ownsItself() bool { return len(t.key) == 1 && t.key[0].Name == t.owner }

// dependencies are the tables whose rows those of each table name: customers, where it has an
// owner, and those of its references.
func dependencies() map[*table]map[*table]bool {
	of, names := map[reflect.Type]*table{}, map[*table]map[*table]bool{}
	for _, t := range tables {
		of[t.schema.ModelType] = t
		names[t] = map[*table]bool{}
		for _, other := range t.others {
			names[t][other] = true
		}
		for _, other := range tables {
			if t.owner != "" && other.ownsItself() {
				names[t][other] = true
			}
		}
	}
	for _, r := range references {
		parent := of[r.parent]
		if parent == nil || names[r.edge.Target] == nil {
			continue // rows that a statement selects
		}
		if r.edge.lookup {
			names[parent][r.edge.Target] = true
		} else {
			names[r.edge.Target][parent] = true
		}
	}
	return names
}
