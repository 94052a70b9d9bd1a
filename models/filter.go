package models

// Filter is a filter input as the client sent it: names of filter fields and what
// must hold for each, and, or and not. It is hostile, but it fits the schema.
// Which fields a table has, and what they compare, is data on the table.
type Filter = map[string]any

// filterField is one field of a filter: what it compares, or else a test of its
// own.
type filterField struct {
	operand
	path *path  // to the rows that it looks at; nil for the row itself
	rows string // alias of these rows on the path
	rare bool   // an equality on the path chooses few rows
	test *filterTest
}

// filterTest is a field that does not compare an operand.
type filterTest struct {
	read  func(r *filterReader, v any) (any, error)      // checks the value that a client gives
	write func(w *filterWriter, alias string, value any) // what read returned
}

// testOf is a field that reads a value of its own type, and writes what it asks of rows.
func testOf[V any](read func(any) (V, error), write func(w *filterWriter, alias string, value V)) filterField {
	return filterField{test: &filterTest{
		read:  func(_ *filterReader, v any) (any, error) { return read(v) },
		write: func(w *filterWriter, alias string, value any) { write(w, alias, value.(V)) },
	}}
}

// along is the field, of rows called alias that a path leads to.
func (f filterField) along(p *path, alias string) filterField {
	f.path, f.rows = p, alias
	return f
}

// alias is that of the rows that the field looks at.
func (f filterField) alias() string {
	if f.rows == "" {
		return "t"
	}
	return f.rows
}

// path leads from a row of the table, called t, to rows that a filter looks at.
// The fields of one filter object that share a path must hold on one row of it.
type path struct {
	row, far []string // columns of the row, and those of the rows that it leads to which equal them
	from     func(s *statement, aliases map[string]bool)
}

// filters gives the table filter fields that compare the columns of their names:
// accountNumber compares account_number.
func (t *Table[T]) filters(names ...string) *Table[T] {
	for _, name := range names {
		t.filter[name] = filterField{operand: t.columnOperand(snake(name))}
	}
	return t
}

// filterBy gives the table a filter field of its own making.
func (t *Table[T]) filterBy(name string, field filterField) *Table[T] {
	t.filter[name] = field
	return t
}
