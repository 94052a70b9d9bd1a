package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// Explain is the engine's plan of Pages.
func Explain[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (string, error) {
	s := NewStatement(r.DB, r.scope)
	explain := "EXPLAIN QUERY PLAN "
	if s.Postgres {
		explain = "EXPLAIN "
	}
	var list keyList
	if !rel.AtRoot() {
		list = keysFrom(&rel.Edge, s.Postgres, keys).list()
	}
	s.pages(&rel.Edge, list, rel.Target.Columns, &q)
	rows, err := r.DB.WithContext(ctx).Raw(explain+s.String(), s.Args...).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		line := make([]any, 4)
		into := []any{&line[0], &line[1], &line[2], &line[3]}
		if s.Postgres {
			into = into[3:]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintln(&plan, line[3])
	}
	return plan.String(), rows.Err()
}

// AsLookup is the edge as one along which several parents may lead to the same row.
func AsLookup(e *Edge) *Edge {
	return &Edge{Target: e.Target, Columns: e.Columns, lookup: true, order: e.order}
}

// Descending is the edge with the first key of its order the other way round.
func Descending(e Edge) *Edge {
	e.order = slices.Clone(e.order)
	e.order[0].desc = true
	return &e
}

// InOrder is the edge in the order of a column.
func InOrder[T any](e Edge, t *Table[T], column string) *Edge {
	e.order = t.order(column)
	return &e
}

// OutputOf is how the column of a table shows a cell as a scalar.
func OutputOf[T any](t *Table[T], column, scalar string, cell []byte) string {
	return string(t.column(column).output(scalar, true)(nil, cell))
}

// IntCell is the cell of an integer.
func IntCell(n int64) []byte { return appendIntCell(nil, n) }

// ArgsOf are the arguments that ask for a page.
func ArgsOf(page Page) (args PageArguments) {
	if page.Backward {
		return PageArguments{Last: &page.Limit, Before: &page.From}
	}
	return PageArguments{First: &page.Limit, After: &page.From}
}

// HardTexts are texts that quoting, separators and orders may get wrong.
var HardTexts = hardTexts

// Lists are what a session reads of all rows of each key: the named columns of each row.
// Keys may be there twice. ranged says that they were sent as ranges, which happens where
// it may.
func Lists(ctx context.Context, r *Reader, e *Edge, names []string, keys [][]any, may bool) (lists [][][]any, ranged bool, err error) {
	all := r.NewKeys(e, false)
	fetch := &Fetch{Kind: FetchChildren, Selection: &Selection{Edge: e}, Query: e.Everything(), Parents: all}
	for _, name := range names {
		fetch.Add(name)
	}
	var places []int32
	for _, key := range keys {
		places = append(places, all.append(cellsOfKey(key)))
	}
	if !may {
		all.ranges = &rangedKeys{}
	}
	if err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{fetch}) }); err != nil {
		return nil, false, err
	}
	for _, place := range places {
		from, to := fetch.Rows.Of(place)
		lists = append(lists, valuesOf(fetch, from, to, len(names)))
	}
	return lists, all.ranges != nil && all.ranges.list.args != nil, nil
}

// KeptArgs are the arguments that the statement of a place keeps when it has been run with
// keys, behind which there are none.
func KeptArgs(ctx context.Context, r *Reader, e *Edge, keys [][]any) (kept []any, err error) {
	cache, all := new(StatementCache), r.NewKeys(e, false)
	fetch := &Fetch{Kind: FetchChildren, Selection: &Selection{Edge: e}, Query: e.Everything(), Parents: all, Cache: cache}
	fetch.AddKey()
	for _, key := range keys {
		all.append(cellsOfKey(key))
	}
	err = r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{fetch}) })
	for form := range cache.of[FetchChildren] {
		if statement := cache.of[FetchChildren][form].Load(); statement != nil {
			kept = append(kept, statement.args...)
		}
	}
	return kept, err
}

// pageOf reads a page of the rows to which an edge leads from the parent with a key.
func pageOf(r *Reader, of *Edge, key any, page Page) (*Fetch, error) {
	q, err := of.Prepare(Request{Page: ArgsOf(page)})
	keys := r.NewKeys(of, false)
	keys.AddValues([]any{key})
	return &Fetch{Kind: FetchPages, Selection: &Selection{Edge: of}, Query: q, Parents: keys}, err
}

// Below reads a page of the rows to which an edge leads from the parent with a key, and
// then the rows below these, with the page selected once more. Between the two it runs
// between.
func Below(ctx context.Context, r *Reader, of, below *Edge, key any, page Page, between func()) (parents [][]any, lists [][][]any, err error) {
	above, err := pageOf(r, of, key, page)
	if err != nil {
		return nil, nil, err
	}
	fetch := &Fetch{Kind: FetchChildren, Selection: &Selection{Edge: below}, Query: below.Everything(), Parents: &SelectedPage{Page: above, Cells: above.AddParent(below)}}
	fetch.Add("id")
	err = r.Session(ctx, func(s *Session) error {
		if between == nil {
			return s.Fetch(ctx, []*Fetch{above, fetch})
		}
		if err := s.Fetch(ctx, []*Fetch{above}); err != nil {
			return err
		}
		between()
		return s.Fetch(ctx, []*Fetch{fetch})
	})
	if err != nil {
		return nil, nil, err
	}
	for place := range fetch.parents() {
		from, to := fetch.Rows.Of(int32(place))
		lists = append(lists, valuesOf(fetch, from, to, 1))
	}
	return valuesOf(above, 0, fetch.parents(), 1), lists, nil
}

// Short reads pages of the column of the lists below a page of rows, by the rows' keys and
// as one range, which may be cut.
func Short(ctx context.Context, r *Reader, of, below *Edge, key any, page, lists Page, column string) (keyed, short [][][]any, cut bool, err error) {
	above, err := pageOf(r, of, key, page)
	if err != nil {
		return nil, nil, false, err
	}
	at := above.AddParent(below)
	q, err := below.Prepare(Request{Page: ArgsOf(lists)})
	if err != nil {
		return nil, nil, false, err
	}
	fetch := func(parents Parents) *Fetch {
		f := &Fetch{Kind: FetchPages, Query: q, Selection: &Selection{Edge: below}, Parents: parents}
		f.Add(column)
		return f
	}
	all, keys := &OneRange{Page: above, Cells: at}, r.NewKeys(below, false)
	one, each := fetch(all), fetch(keys)
	err = r.Session(ctx, func(s *Session) error {
		if err := s.Fetch(ctx, []*Fetch{above, one}); err != nil {
			return err
		}
		for row := range one.parents() {
			keys.Add(&above.Rows, row, at)
		}
		if keys.Len() == 0 {
			return nil
		}
		return s.Fetch(ctx, []*Fetch{each})
	})
	for place := range one.parents() {
		from, to := each.Rows.Of(int32(place))
		keyed = append(keyed, valuesOf(each, from, to, 1))
		from, to = one.Rows.Of(int32(place))
		short = append(short, valuesOf(one, from, to, 1))
	}
	return keyed, short, all.Truncated(), err
}

// valuesOf are the values of the first columns of rows.
func valuesOf(fetch *Fetch, from, to, width int) [][]any {
	rows := [][]any{}
	for row := from; row < to; row++ {
		values := make([]any, width)
		for i := range values {
			values[i] = fetch.columns[i].fromCell(fetch.Rows.Cell(row, i), fetch.Rows.postgres)
		}
		rows = append(rows, values)
	}
	return rows
}

// Within reads the rows to which an edge leads from the parents with the keys, those that
// pass the filters, and within them the rows below: the keys of the former, and the named
// columns of the rows below each.
func Within(ctx context.Context, r *Reader, of, below *Edge, names []string, keys [][]any, filters ...Filter) (parents [][]any, lists [][][]any, err error) {
	within := below.ByGrandparent(of)
	children, middle := &Selection{Edge: within}, &Selection{Edge: of}
	middle.AddParent(below)
	for _, name := range names {
		children.Add(name)
	}
	rest, theirs := children.Rest(below, middle)
	q, err := of.Prepare(Request{Filters: filters})
	if err != nil {
		return nil, nil, err
	}
	all := r.NewKeys(of, false)
	for _, key := range keys {
		all.AddValues(key)
	}
	above := &Fetch{Kind: FetchChildren, Selection: middle, Query: q, Parents: all}
	rows := &Fetch{Kind: FetchChildren, Selection: children, Query: within.Everything(), Parents: all}
	if err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{above, rows}) }); err != nil {
		return nil, nil, err
	}
	if err := rows.Rows.Split(&above.Rows, theirs, rest); err != nil {
		return nil, nil, err
	}
	for parent := range above.Rows.Len() {
		from, to := rows.Rows.Of(int32(parent))
		lists = append(lists, valuesOf(rows, from, to, len(names)))
	}
	return valuesOf(above, 0, above.Rows.Len(), len(below.Columns)), lists, nil
}

// ReadAll reads all rows of a table as find does, and as GORM does, in order of their
// key.
func ReadAll[T any](ctx context.Context, db *gorm.DB, t *Table[T]) (found, want []*T, err error) {
	r := NewReader(db, Scope{All: true})
	s := NewStatement(db, r.scope)
	s.Add("SELECT "+selectList(t.Columns, "t")+" FROM ").From(t, "t").Add(" ORDER BY " + selectList(t.key, "t"))
	if err = ReadRows(ctx, r, &Edge{Target: &t.table}, &t.table, s, func(_ int, row *T) { found = append(found, row) }); err != nil {
		return nil, nil, err
	}
	return found, want, db.WithContext(ctx).Raw(s.String(), s.Args...).Find(&want).Error
}

// ReadCells reads the cells of statements that have one column of a kind each, in one round
// trip with PostgreSQL.
func ReadCells(ctx context.Context, r *Reader, name string, arg any, sql ...string) (cells [][]byte, err error) {
	var fetches []*Fetch
	var statements []sqlText
	for _, sql := range sql {
		fetches = append(fetches, &Fetch{Kind: FetchChildren, Selection: &Selection{&Edge{Target: new(table)}, []Column{{Name: "v", Kind: ColumnKind(name)}}}})
		statements = append(statements, sqlText{sql: sql, args: []any{arg}})
	}
	err = r.Session(ctx, func(s *Session) error { return s.readPostgres(ctx, fetches, statements) })
	for _, fetch := range fetches {
		for row := range fetch.Rows.Len() {
			cells = append(cells, fetch.Rows.Cell(row, 0))
		}
	}
	return cells, err
}

// EdgesNameTheirParents holds the columns by which edges find their rows to the functions
// by which the typed reader does. It returns how many edges it has tested.
func EdgesNameTheirParents(t *testing.T) (tested int) {
	for _, r := range references {
		if !slices.ContainsFunc(tables, func(t *table) bool { return t.schema.ModelType == r.parent }) {
			continue // of rows that a statement selects, and of the root
		}
		tested++
		relation := r.relation
		of := reflect.ValueOf(relation).Elem()
		edge, keyOf := of.FieldByName("Edge").Addr().Interface().(*Edge), of.FieldByName("Parent")
		row := reflect.New(keyOf.Type().In(0).Elem())
		parsed, err := schema.Parse(row.Interface(), &schemas, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		held, via := map[string]reflect.Value{}, edge.via
		for n, field := range parsed.Fields {
			if field.DBName == "" {
				continue
			}
			value := field.ReflectValueOf(t.Context(), row.Elem())
			if value.Kind() == reflect.Pointer {
				value.Set(reflect.New(value.Type().Elem()))
				value = value.Elem()
			}
			switch value.Kind() {
			case reflect.Int64:
				value.SetInt(int64(n + 1))
			case reflect.String:
				value.SetString(fmt.Sprint("text ", n))
			}
			if held[field.DBName] = value; len(edge.via) == 0 && field.PrimaryKey {
				via = append(via, field.DBName)
			}
		}
		var byColumns []any
		for _, name := range via {
			byColumns = append(byColumns, keyColumns(held[name])...)
		}
		if key := keyColumns(keyOf.Call([]reflect.Value{row})[0]); !reflect.DeepEqual(key, byColumns) || len(key) != len(edge.Columns) {
			t.Errorf("from %s to %s: the key is %v, and the columns hold %v", r.parent, edge.Target.Name, key, byColumns)
		}
	}
	return tested
}
