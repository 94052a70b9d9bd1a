package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
)

// Explain is the engine's plan of Pages.
func Explain[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (string, error) {
	s := newStatement(r.db, r.scope)
	explain := "EXPLAIN QUERY PLAN "
	if s.postgres {
		explain = "EXPLAIN "
	}
	var list keyList
	if !rel.AtRoot() {
		list = keysFrom(&rel.Edge, s.postgres, keys).list()
	}
	s.pages(&rel.Edge, list, rel.to.columns, &q)
	rows, err := r.db.WithContext(ctx).Raw(explain+s.String(), s.args...).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		line := make([]any, 4)
		into := []any{&line[0], &line[1], &line[2], &line[3]}
		if s.postgres {
			into = into[3:]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintln(&plan, line[3])
	}
	return plan.String(), rows.Err()
}

// The edges that hold more than one key of a parent, and more than one column of it.
var (
	ExternalIDEdge   = &Edge{to: ExternalIDByKey.to, columns: ExternalIDByKey.columns, lookup: true, order: ExternalIDByKey.order}
	ComponentsWithin = ComponentsOfAssignment.ByGrandparent(&AssignmentsOfUsageBalance.Edge)
)

// ArgsOf are the arguments that ask for a page.
func ArgsOf(page relay.Page) (args relay.Args) {
	if page.Backward {
		return relay.Args{Last: &page.Limit, Before: &page.From}
	}
	return relay.Args{First: &page.Limit, After: &page.From}
}

// HardTexts are texts that quoting, separators and orders may get wrong.
var HardTexts = hardTexts

// Lists are what a session reads of all rows of each key: the named columns of each row.
// Keys may be there twice. Ranged tells that they were sent as ranges, which happens where
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

// balancesOf reads a page of a customer's balances.
func balancesOf(r *Reader, customer CustomerID, page relay.Page) (*Fetch, error) {
	of := &BalancesOfCustomer.Edge
	q, err := of.Prepare(Request{Page: ArgsOf(page)})
	keys := r.NewKeys(of, false)
	keys.AddValues([]any{int64(customer)})
	return &Fetch{Kind: FetchPages, Selection: &Selection{Edge: of}, Query: q, Parents: keys}, err
}

// Below reads a page of a customer's balances and then the segments of these, with the
// page selected once more. Between the two it runs between.
func Below(ctx context.Context, r *Reader, customer CustomerID, page relay.Page, between func()) (balances [][]any, segments [][][]any, err error) {
	below := &SegmentsOfBalance.Edge
	above, err := balancesOf(r, customer, page)
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
		segments = append(segments, valuesOf(fetch, from, to, 1))
	}
	return valuesOf(above, 0, fetch.parents(), 1), segments, nil
}

// Short reads pages of the ledgers of a page of a customer's balances, by the balances' keys
// and as one range, which may be cut.
func Short(ctx context.Context, r *Reader, customer CustomerID, page, ledgers relay.Page) (keyed, short [][][]any, cut bool, err error) {
	below := &LedgerOfBalance.Edge
	above, err := balancesOf(r, customer, page)
	if err != nil {
		return nil, nil, false, err
	}
	at := above.AddParent(below)
	q, err := below.Prepare(Request{Page: ArgsOf(ledgers)})
	if err != nil {
		return nil, nil, false, err
	}
	fetch := func(parents Parents) *Fetch {
		f := &Fetch{Kind: FetchPages, Query: q, Selection: &Selection{Edge: below}, Parents: parents}
		f.Add("number")
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

// Within reads the assignments of usage balances, those that pass the filters, and
// within them the components: the keys of the assignments, and the named columns of the
// components of each.
func Within(ctx context.Context, r *Reader, names []string, keys [][]any, filters ...Filter) (parents [][]any, lists [][][]any, err error) {
	of, components := &AssignmentsOfUsageBalance.Edge, &Selection{Edge: ComponentsWithin}
	assignments := &Selection{Edge: of}
	assignments.AddParent(&ComponentsOfAssignment.Edge)
	for _, name := range names {
		components.Add(name)
	}
	rest, theirs := components.Rest(&ComponentsOfAssignment.Edge, assignments)
	q, err := of.Prepare(Request{Filters: filters})
	if err != nil {
		return nil, nil, err
	}
	all := r.NewKeys(of, false)
	for _, key := range keys {
		all.AddValues(key)
	}
	above := &Fetch{Kind: FetchChildren, Selection: assignments, Query: q, Parents: all}
	below := &Fetch{Kind: FetchChildren, Selection: components, Query: ComponentsWithin.Everything(), Parents: all}
	if err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{above, below}) }); err != nil {
		return nil, nil, err
	}
	if err := below.Rows.Split(&above.Rows, theirs, rest); err != nil {
		return nil, nil, err
	}
	for parent := range above.Rows.Len() {
		from, to := below.Rows.Of(int32(parent))
		lists = append(lists, valuesOf(below, from, to, len(names)))
	}
	return valuesOf(above, 0, above.Rows.Len(), len(ComponentsOfAssignment.columns)), lists, nil
}

// ReadAll reads all rows of a table as find does, and as GORM does, in order of their
// key.
func ReadAll[T any](ctx context.Context, db *gorm.DB, t *Table[T]) (found, want []*T, err error) {
	r := NewReader(db, Scope{All: true})
	s := newStatement(db, r.scope)
	s.add("SELECT "+selectList(t.columns, "t")+" FROM ").from(t, "t").add(" ORDER BY " + selectList(t.key, "t"))
	if err = find(ctx, r, &Edge{to: &t.table}, &t.table, s, func(_ int, row *T) { found = append(found, row) }); err != nil {
		return nil, nil, err
	}
	return found, want, db.WithContext(ctx).Raw(s.String(), s.args...).Find(&want).Error
}

// ReadCells reads the cells of statements that have one column of a kind each, in one round
// trip with PostgreSQL.
func ReadCells(ctx context.Context, r *Reader, name string, arg any, sql ...string) (cells [][]byte, err error) {
	var fetches []*Fetch
	var statements []rendered
	for _, sql := range sql {
		fetches = append(fetches, &Fetch{Kind: FetchChildren, Selection: &Selection{&AllCustomers.Edge, []column{{name: "v", kind: kind(name)}}}})
		statements = append(statements, rendered{sql: sql, args: []any{arg}})
	}
	err = r.Session(ctx, func(s *Session) error { return s.readPostgres(ctx, fetches, statements) })
	for _, fetch := range fetches {
		for row := range fetch.Rows.Len() {
			cells = append(cells, fetch.Rows.Cell(row, 0))
		}
	}
	return cells, err
}
