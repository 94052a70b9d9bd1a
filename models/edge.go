package models

// Edge is what SQL needs to know of a relation: where it leads, and by which
// columns. Whoever reads the tables reads them by edges.
type Edge struct {
	to       *table
	columns  []column // of to, that hold the parent's key; none at the root
	via      []string // columns of the parent that hold its key; none where that is its own
	order    Order
	optional bool // a parent with the zero key has no rows
}

// AtRoot tells whether the edge leads to all rows of its table.
func (e *Edge) AtRoot() bool { return len(e.columns) == 0 }

// ByParentsKey tells whether the rows are found by the parent's own key.
func (e *Edge) ByParentsKey() bool { return len(e.via) == 0 }

// Prepare checks all of a query but its page's bounds, before anything is read.
// The error is BAD_USER_INPUT, INVALID_CURSOR or CURSOR_ORDER_MISMATCH.
func (e *Edge) Prepare(q Query) (Query, error) {
	q.order = e.order
	if len(q.OrderBy) > 0 {
		var err error
		if q.order, err = e.to.orderBy(q.OrderBy); err != nil {
			return q, err
		}
	}
	if q.Page.From != "" {
		if _, err := q.order.values(e.to, q.Page.From, false); err != nil {
			return q, err
		}
	}
	return q, new(statement).filter(e.to, q.Filters)
}

// Cursor is the place of a row in the list.
func (r *Relation[P, C, K]) Cursor(q Query, row *C) string {
	return q.order.cursor(r.to, row)
}

// ParseKey reads the key of one of the edge's rows, global or raw, as values of the
// columns that hold it.
func (e *Edge) ParseKey(id string) ([]any, error) {
	switch e {
	case &InclusiveUsageBalanceByKey.Edge:
		key, err := ParseInclusiveUsageBalanceKey(id)
		return []any{int64(key.BillRunID), int64(key.UsageProductInventoryID)}, err
	case &LedgerEntryByKey.Edge:
		key, err := ParseLedgerEntryKey(id)
		return []any{string(key.BalanceID), key.Number}, err
	}
	value, err := parserOf(e.columns[0])(id)
	return []any{value}, err
}
