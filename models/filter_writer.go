package models

import "strings"

// filterWriter writes conditions as SQL.
type filterWriter struct {
	*statement
	table *table
	few   bool // few rows are left to look at, where a field of the row is written
}

// filter narrows the rows called t to those for which all conditions hold.
func (s *statement) filter(t *table, conditions []*condition) {
	w := &filterWriter{statement: s, table: t}
	for _, c := range conditions {
		s.add(" AND ")
		w.all(c)
	}
}

// all writes that all of a condition holds.
func (w *filterWriter) all(c *condition) {
	w.add("(TRUE")
	for _, part := range c.clauses {
		part.write(w, c)
	}
	for i := range c.paths {
		c.paths[i].write(w, c)
	}
	w.add(")")
}

// leavesFew returns whether few rows are left to look at: those of some parents, or
// those that an equality chose.
func (w *filterWriter) leavesFew(c *condition) bool { return w.nested || c.selective }

// write writes that the fields hold on one row of a path.
func (p *onOnePath) write(w *filterWriter, in *condition) {
	aliases := map[string]bool{}
	for i := range p.fields {
		aliases[p.fields[i].alias()] = true
	}
	// An engine that does not turn one into the other looks at each row for EXISTS,
	// and at all rows of the path for IN.
	if w.leavesFew(in) || !p.rare {
		w.add(" AND EXISTS (SELECT 1 FROM ")
		p.from(w.statement, aliases)
		w.add(" WHERE TRUE")
		for i := range p.row {
			w.add(" AND " + p.far[i] + " = " + p.row[i])
		}
	} else {
		w.add(" AND (" + strings.Join(p.row, ", ") + ") IN (SELECT " + strings.Join(p.far, ", ") + " FROM ")
		p.from(w.statement, aliases)
		w.add(" WHERE TRUE")
	}
	for i := range p.fields {
		w.add(" AND ")
		w.field(&p.fields[i])
	}
	w.add(")")
}

// write writes and, or or not.
func (c *combination) write(w *filterWriter, _ *condition) {
	begin, before, end := " AND (TRUE", " AND ", ")"
	switch c.operator {
	case "and":
	case "or":
		begin, before = " AND (FALSE", " OR "
	default:
		// A comparison with null is false, so its negation is true.
		begin, end = " AND NOT COALESCE((TRUE", "), FALSE)"
	}
	w.add(begin)
	for _, member := range c.members {
		w.add(before)
		w.all(member)
	}
	w.add(end)
}

// write writes what is asked of a field of the row.
func (f *onField) write(w *filterWriter, in *condition) {
	w.add(" AND ")
	w.few = w.leavesFew(in)
	w.field(f)
}

// field writes what is asked of a field.
func (w *filterWriter) field(f *onField) {
	if f.test != nil {
		f.test.write(w, f.alias(), f.value)
		return
	}
	w.add("(TRUE")
	for _, c := range f.comparisons {
		w.add(" AND ")
		w.comparison(f.operand, f.alias(), c)
	}
	w.add(")")
}

// comparisons are the operators that compare with one value. All are false where
// the expression is null.
var comparisons = map[operator]string{"neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

// comparison writes one operator of an operand.
func (w *filterWriter) comparison(o operand, alias string, c comparison) {
	sql := o.sql(alias)
	switch c.operator {
	case isNull, isNotNull:
		w.add(sql + " " + string(c.operator))
	case never, always:
		w.add(string(c.operator))
	case "in":
		w.in(o, alias, c.value.([]any))
	case "eq":
		expression, parameter := o.indexed(sql, c.value, w.postgres)
		w.add(expression+" = ?", parameter)
	case "lt", "lte", "gt", "gte", "gtOrNull":
		w.compare(c.operator, o, sql, c.value)
	case "like":
		w.contains(o.fold(alias), strings.ToLower(c.value.(string)))
	case "startsWith":
		if w.postgres {
			w.add("starts_with("+sql+", ?)", c.value)
		} else {
			w.add("substr("+sql+", 1, length(?)) = ?", c.value, c.value)
		}
	default:
		w.add(sql+" "+comparisons[c.operator]+" ?", c.value)
	}
}

// compare writes a range, over the expression that an index holds. There null is
// above all values.
func (w *filterWriter) compare(by operator, o operand, sql string, value any) {
	expression, parameter := o.indexed(sql, value, w.postgres)
	if by == "gtOrNull" {
		w.add(expression+" > ?", parameter)
		return
	}
	w.add("("+expression+" "+comparisons[by]+" ?", parameter)
	if expression != sql && (by == "gt" || by == "gte") {
		w.add(" AND " + expression + " < " + sentinels[sentinelKey{o.kind, false, w.postgres}].sql)
	}
	w.add(")")
}

// in writes that the operand is one of a list, of which an empty one has nothing.
func (w *filterWriter) in(o operand, alias string, members []any) {
	values := make([]any, len(members))
	for i, value := range members {
		sql, parameter := o.indexed(o.sql(alias), value, w.postgres)
		if values[i] = parameter; i == 0 {
			w.add(sql)
		}
	}
	switch {
	case len(values) == 0:
		w.add("FALSE")
	case w.postgres:
		w.add(" = ANY(?::"+string(o.kind)+"[])", arrayOf(values))
	default:
		w.add(" IN (SELECT value FROM json_each(?))", jsonOf(values))
	}
}

// contains writes that the folded text called sql contains word. Neither engine
// knows a wildcard here.
func (w *filterWriter) contains(sql, word string) {
	if w.postgres {
		w.add("strpos("+sql+", ?) > 0", word)
	} else {
		w.add("instr("+sql+", ?) > 0", word)
	}
}
