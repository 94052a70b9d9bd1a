package store

import (
	"slices"
)

// Selection is the columns of an edge's rows that a Fetch reads.
type Selection struct {
	Edge    *Edge
	columns []Column
}

// Add adds a column, unless it is there, and returns its place.
func (s *Selection) Add(name string) int { return s.add(s.Edge.Target.column(name)) }

func (s *Selection) add(c Column) int {
	if i := slices.IndexFunc(s.columns, func(has Column) bool { return has.Name == c.Name }); i >= 0 {
		return i
	}
	s.columns = append(s.columns, c)
	return len(s.columns) - 1
}

// AddKey adds the columns of the primary key and returns their places.
func (s *Selection) AddKey() (places []int) {
	for _, c := range s.Edge.Target.key {
		places = append(places, s.add(c))
	}
	return places
}

// AddParent adds the columns that hold the keys of an edge's parents, where these
// rows are the parents, and returns their places.
func (s *Selection) AddParent(child *Edge) (places []int) {
	if len(child.via) == 0 {
		return s.AddKey()
	}
	for _, name := range child.via {
		places = append(places, s.Add(name))
	}
	return places
}

// AddField adds the column of a field of GraphQL, which is of the named scalar or
// enum. ok is false if no column is shown as it.
func (s *Selection) AddField(field, scalar string, postgres bool) (place int, output Output, ok bool) {
	return s.AddColumn(snake(field), scalar, postgres)
}

// AddColumn is AddField for a field of another name.
func (s *Selection) AddColumn(name, scalar string, postgres bool) (place int, output Output, ok bool) {
	i := slices.IndexFunc(s.Edge.Target.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return 0, nil, false
	}
	if output = s.Edge.Target.Columns[i].output(scalar, postgres); output == nil {
		return 0, nil, false
	}
	return s.add(s.Edge.Target.Columns[i]), output, true
}

// AppendKey writes the raw key of a row whose cells these are, BILLRUN/INVENTORY
// where it has several columns, as part of a JSON text.
func (s *Selection) AppendKey(b []byte, rows *Rows, row int, places []int) []byte {
	for i, place := range places {
		if i > 0 {
			b = append(b, '/')
		}
		if c := s.columns[place]; c.Kind == kindText {
			b = appendEscaped(b, rows.Cell(row, place))
		} else {
			b = c.appendKey(b, rows.Cell(row, place))
		}
	}
	return b
}

// ordered is the columns and those of an order, and the places of the latter.
func (s *Selection) ordered(o Order) ([]Column, []int) {
	whole := Selection{s.Edge, slices.Clip(s.columns)}
	places := make([]int, len(o))
	for i, key := range o {
		places[i] = whole.add(key.Column)
	}
	return whole.columns, places
}

// Cursors makes the cursors of rows that were read in the order of a query.
type Cursors struct {
	digest  string
	columns []Column
	places  []int
}

// Of is the cursor of a row.
func (c *Cursors) Of(rows *Rows, row int) string {
	keys := make([]any, len(c.places))
	for i, place := range c.places {
		keys[i] = c.columns[place].fromCell(rows.Cell(row, place), rows.postgres)
	}
	return NewCursor(c.digest, keys)
}

// Places are the names of the columns, each in its place.
func (s *Selection) Places() (names []string) {
	for _, c := range s.columns {
		names = append(names, c.Name)
	}
	return names
}
