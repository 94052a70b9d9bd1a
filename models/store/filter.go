package store

// Filter is a filter input as the client sent it: names of filter fields and what
// must hold for each, and, or and not. It is hostile, but it fits the schema.
// Which fields a table has, and what they compare, is data on the table.
type Filter = map[string]any

// FilterField is one field of a filter: what it compares, or else a test of its
// own.
type FilterField struct {
	Operand
	Path *Path  // to the rows that it looks at; nil for the row itself
	Rows string // alias of these rows on the path
	Rare bool   // an equality on the path chooses few rows
	Test *FilterTest
}

// FilterTest is a field that does not compare an operand.
type FilterTest struct {
	Read  func(r *FilterReader, v any) (any, error)      // checks the value that a client gives
	Write func(w *FilterWriter, alias string, value any) // what read returned
}

// FilterWith is a filter field whose value is of its own type: read checks what the client
// gave, and write writes the condition on the rows called alias.
func FilterWith[V any](read func(any) (V, error), write func(w *FilterWriter, alias string, value V)) FilterField {
	return FilterField{Test: &FilterTest{
		Read:  func(_ *FilterReader, v any) (any, error) { return read(v) },
		Write: func(w *FilterWriter, alias string, value any) { write(w, alias, value.(V)) },
	}}
}

// Along is the field, of rows called alias that a path leads to.
func (f FilterField) Along(p *Path, alias string) FilterField {
	f.Path, f.Rows = p, alias
	return f
}

// alias is that of the rows that the field looks at.
func (f FilterField) alias() string {
	if f.Rows == "" {
		return "t"
	}
	return f.Rows
}

// Path leads from a row of the table, called t, to rows that a filter looks at.
// The fields of one filter object that share a path must hold on one row of it.
type Path struct {
	Row, Far []string // columns of the row, and those of the rows that it leads to which equal them
	From     func(s *Statement, aliases map[string]bool)
}

// Filters gives the table filter fields that compare the columns of their names:
// accountNumber compares account_number.
func (t *Table[T]) Filters(names ...string) *Table[T] {
	for _, name := range names {
		t.filter[name] = FilterField{Operand: t.ColumnOperand(snake(name))}
	}
	return t
}

// FilterBy gives the table a filter field of its own making.
func (t *Table[T]) FilterBy(name string, field FilterField) *Table[T] {
	t.filter[name] = field
	return t
}
