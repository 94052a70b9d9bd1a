package models

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// rendered is the statement of a Fetch as its driver takes it, and what it selects.
type rendered struct {
	sql       string
	args      []any // the keys first
	numbered  bool
	first     int // the number of the first parent
	selection *Selection
	cursors   Cursors
}

// Texts keeps the statements of a place whose query is the same in each run, for
// tokens of all customers: but for the keys they are the same, too.
type Texts struct {
	of [FetchBefores + 1]struct{ one, list atomic.Pointer[rendered] } // by the number of keys
}

// render makes the statement, and settles which columns it selects.
func (f *Fetch) render(reader *Reader) (out rendered, err error) {
	var keys keyList
	if f.Keys != nil {
		keys = f.Keys.list()
	}
	var kept *atomic.Pointer[rendered]
	var known *rendered
	if f.Texts != nil && reader.scope.All {
		if kept = &f.Texts.of[f.What].list; keys.one {
			kept = &f.Texts.of[f.What].one
		}
		known = kept.Load()
	}
	if known == nil {
		made, err := f.statement(reader, keys)
		if err != nil {
			return out, err
		}
		if known = &made; kept != nil {
			kept.Store(known)
		}
	}
	out = *known
	out.args = append(slices.Clip(keys.args), known.args[len(keys.args):]...)
	f.Selection, f.Cursors = out.selection, out.cursors
	return out, nil
}

// statement renders the statement.
func (f *Fetch) statement(reader *Reader, keys keyList) (out rendered, err error) {
	s := reader.statement(f.Edge, f.Query)
	s.numbered = !f.Edge.AtRoot()
	out.selection = f.Selection
	switch f.What {
	case FetchPages:
		columns, places := f.ordered(f.Query.order)
		out.selection = &Selection{f.Edge, columns}
		out.cursors = Cursors{f.Query.order.digest(f.Edge.to), columns, places}
		err = s.pages(f.Edge, keys, columns, f.Query)
	case FetchChildren:
		err = s.children(f.Edge, keys, f.columns, f.Query)
	case FetchCounts:
		s.numbered, out.selection = true, &Selection{f.Edge, countColumns}
		err = s.counts(f.Edge, keys, f.Query)
	default:
		s.numbered, out.selection = true, &Selection{f.Edge, nil}
		err = s.befores(f.Edge, keys, f.Query)
	}
	if err == nil {
		out.args, err = converted(s.args)
	}
	out.numbered, out.first, out.sql = s.numbered, s.first(), s.String()
	if s.postgres {
		out.sql = numbered(out.sql)
	}
	return out, err
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
