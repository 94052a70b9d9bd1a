package models

// lateral selects the columns of the rows of each parent, on PostgreSQL: one parent after
// the other, or one range of them, so that the rows of each come together and in its order.
// To sort them again would cost as much as to read them.
func (s *statement) lateral(e *Edge, keys keyList, columns []column, q *Query, limit string) {
	extra, key, on, order, join, end := "", "", e.onParent("t"), "", "CROSS", ""
	switch last := len(e.columns) - 1; keys.form {
	case keysRanges:
		id := e.columns[last].qualified("t")
		extra, key, on, order = ", c.k - p.low + p.n", ", "+id+" AS k", id+" BETWEEN p.low AND p.high", id+", "
		if last > 0 {
			on = onKeys(e.columns[:last], "t") + " AND " + on
		}
	case keysPage:
		extra, key, join, end = ", p.*, c.k", ", TRUE AS k", "LEFT", " ON TRUE"
	default:
		if s.numbered {
			extra = ", p.n"
		}
	}
	s.add("SELECT "+selectList(columns, "c")+extra+" FROM ").parents(e.columns, keys)
	s.add(" "+join+" JOIN LATERAL (SELECT "+selectList(columns, "t")+key+" FROM ").from(e.to, "t").add(" WHERE " + on)
	s.narrow(e.to, q)
	s.add(" ORDER BY " + order + orderBy(q.order.terms("t", q.page.Backward, s.postgres)) + limit + ") AS c" + end)
}
