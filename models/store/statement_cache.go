package store

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// sqlText is a statement of a Fetch as its driver takes it, and what it selects.
type sqlText struct {
	sql       string
	args      []any
	numbered  bool
	first     int // the number of the first parent
	selection *Selection
	cursors   Cursors
	ranks     []int32 // of keys that are ranged; else nil
}

// StatementCache keeps the statements of a place whose query is the same in each run, for
// tokens of all customers: but for the keys they are the same, too. Those of pages
// behind a cursor, which may hold the keys more than once, are not kept.
type StatementCache struct {
	of [FetchCounts + 1][keysOneRange + 1]atomic.Pointer[sqlText]
}

// render makes the statement, and settles which columns it selects.
func (f *Fetch) render(reader *Reader) (out sqlText, err error) {
	var keys keyList
	var ranks []int32
	if f.Parents != nil {
		keys, ranks = f.Parents.keyList(f.Kind)
	}
	if f.Cache == nil || !reader.scope.All || f.Query.place != nil {
		out, err = f.statement(reader, keys)
	} else {
		out, err = f.Cache.statement(f, reader, keys)
	}
	if err == nil {
		f.Selection, f.Cursors, out.ranks = out.selection, out.cursors, ranks
	}
	return out, err
}

// statement is the statement of a fetch at the place, sqlText once for each form of
// its keys: they are the first of its arguments, because no scope is, and come once,
// because no page begins behind a cursor.
func (c *StatementCache) statement(f *Fetch, reader *Reader, keys keyList) (sqlText, error) {
	kept := &c.of[f.Kind][keys.form]
	if known := kept.Load(); known != nil {
		out := *known
		out.args = append(slices.Clip(keys.args), known.args[len(keys.args):]...)
		return out, nil
	}
	made, err := f.statement(reader, keys)
	if err == nil {
		shape := made
		shape.args = slices.Clone(made.args)
		clear(shape.args[:len(keys.args)]) // the keys are of this run, and may be many
		kept.Store(&shape)
	}
	return made, err
}

// statement renders the statement.
func (f *Fetch) statement(reader *Reader, keys keyList) (out sqlText, err error) {
	if page, ok := f.Parents.(*SelectedPage); ok {
		keys = page.selected(reader, f.Edge)
	}
	s := reader.statement(f.Edge, f.Query)
	s.Numbered = keys.form == keysList || keys.form == keysRanges // the rows of the others repeat the key
	out.selection = f.Selection
	switch f.Kind {
	case FetchPages:
		columns, places := f.ordered(f.Query.order)
		if f.NoCursors && f.Query.place == nil {
			columns = f.columns // beyond a cursor the statement compares what it has selected
		}
		out.selection = &Selection{f.Edge, columns}
		out.cursors = Cursors{f.Query.digest, columns, places}
		if all, ok := f.Parents.(*OneRange); ok {
			s.oneRange(f, all, keys, columns)
		} else {
			s.pages(f.Edge, keys, columns, &f.Query)
		}
	case FetchChildren:
		s.children(f.Edge, keys, f.columns, &f.Query)
	case FetchCounts:
		s.Numbered, out.selection = true, &Selection{f.Edge, countColumns}
		s.counts(f.Edge, keys, &f.Query)
	default:
		s.Numbered, out.selection = true, &Selection{f.Edge, nil}
		s.befores(f.Edge, keys, &f.Query)
	}
	made, err := s.render()
	made.selection, made.cursors = out.selection, out.cursors
	return made, err
}

// numbered is the SQL with PostgreSQL's names for its arguments.
func numbered(sql string) string {
	var b strings.Builder
	b.Grow(len(sql) + 8)
	for n := 1; ; n++ {
		before, after, found := strings.Cut(sql, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		sql = after
	}
}

// converted are arguments as database/sql gives them to a driver.
func converted(args []any) ([]any, error) {
	out := make([]any, len(args))
	for i, arg := range args {
		var err error
		if out[i], err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
			return nil, err
		}
	}
	return out, nil
}
