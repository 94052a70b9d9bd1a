package store

// lateral selects the columns of the rows of each parent, on PostgreSQL: one parent after
// the other, or one range of them, so that the rows of each come together and in its order.
// To sort them again would cost as much as to read them.
func (s *Statement) lateral(e *Edge, keys keyList, columns []Column, q *Query, limit string) {
	extra, key, on, order, join, end := "", "", e.OnParent("t"), "", "CROSS", ""
	switch last := len(e.Columns) - 1; keys.form {
	case keysRanges:
		id := e.Columns[last].Qualified("t")
		extra, key, on, order = ", c.k - p.low + p.n", ", "+id+" AS k", id+" BETWEEN p.low AND p.high", id+", "
		if last > 0 {
			on = onKeys(e.Columns[:last], "t") + " AND " + on
		}
	case keysPage:
		extra, key, join, end = ", p.*, c.k", ", TRUE AS k", "LEFT", " ON TRUE"
	default:
		if s.Numbered {
			extra = ", p.n"
		}
	}
	s.Add("SELECT "+selectList(columns, "c")+extra+" FROM ").parents(e.Columns, keys)
	s.Add(" "+join+" JOIN LATERAL (SELECT "+selectList(columns, "t")+key+" FROM ").From(e.Target, "t").Add(" WHERE " + on)
	s.narrow(e.Target, q)
	s.Add(" ORDER BY " + order + orderBy(q.order.terms("t", q.page.Backward, s.Postgres)) + limit + ") AS c" + end)
}
