package store

import (
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Query is a Request that was checked for the rows that an edge leads to. Its values are
// parsed, so that it is rendered as SQL any number of times, for either engine, and that
// can't fail. Prepare and Everything alone make one.
type Query struct {
	page   Page
	place  []any // the values of the order's keys in the page's cursor; nil where it has none
	order  Order
	digest string // of the order, which binds cursors to it
	where  []*condition
	at     scalar.DateTime
	only   *scalar.CustomerID
}

// Page is the page that is asked for.
func (q *Query) Page() Page { return q.page }

// Everything is the query of all rows of each parent, in the edge's own order.
func (e *Edge) Everything() Query { return Query{order: e.order} }

// Ask reads the arguments of a field that leads along the edge, and checks them.
func (e *Edge) Ask(a *Arguments) (Query, error) {
	q, err := e.Request(a)
	if err != nil {
		return Query{}, err
	}
	return e.Prepare(q)
}

// Prepare checks a request. The error is BAD_USER_INPUT, INVALID_CURSOR or
// CURSOR_ORDER_MISMATCH.
func (e *Edge) Prepare(r Request) (q Query, err error) {
	limit := MaxNested
	if e.AtRoot() {
		limit = MaxLimit
	}
	if q.page, err = NewPage(r.Page, limit); err != nil {
		return q, err
	}
	q.order, q.at, q.only = e.order, r.At, r.Only
	if len(r.OrderBy) > 0 {
		if q.order, err = e.Target.orderBy(r.OrderBy); err != nil {
			return q, err
		}
	}
	q.digest = q.order.digest(e.Target)
	if q.page.From != "" {
		if q.place, err = q.order.parse(q.page.From, q.digest); err != nil {
			return q, err
		}
	}
	q.where, err = e.Target.conditions(r.Filters)
	return q, err
}

// Cursor is the place of a row, a pointer to one of the table's, in the order of the list.
func (q *Query) Cursor(row any) string { return q.order.cursor(q.digest, row) }

// parameters are the values of the page's cursor as the terms of the order compare them.
func (q *Query) parameters(postgres bool) []any {
	values := make([]any, len(q.place))
	for i, key := range q.order {
		values[i] = key.parameter(q.place[i], postgres)
	}
	return values
}
