package store

import "strings"

// FilterWriter writes conditions as SQL.
type FilterWriter struct {
	*Statement
	Table *table
	Few   bool // few rows are left to look at, where a field of the row is written
}

// filter narrows the rows called t to those for which all conditions hold.
func (s *Statement) filter(t *table, conditions []*condition) {
	w := &FilterWriter{Statement: s, Table: t}
	for _, c := range conditions {
		s.Add(" AND ")
		w.all(c)
	}
}

// all writes that all of a condition holds.
func (w *FilterWriter) all(c *condition) {
	w.Add("(TRUE")
	for _, part := range c.clauses {
		part.write(w, c)
	}
	for i := range c.paths {
		c.paths[i].write(w, c)
	}
	w.Add(")")
}

// leavesFew returns whether few rows are left to look at: those of some parents, or
// those that an equality chose.
func (w *FilterWriter) leavesFew(c *condition) bool { return w.nested || c.selective }

// write writes that the fields hold on one row of a path.
func (p *onOnePath) write(w *FilterWriter, in *condition) {
	aliases := map[string]bool{}
	for i := range p.fields {
		aliases[p.fields[i].alias()] = true
	}
	// An engine that does not turn one into the other looks at each row for EXISTS,
	// and at all rows of the path for IN.
	if w.leavesFew(in) || !p.rare {
		w.Add(" AND EXISTS (SELECT 1 FROM ")
		p.From(w.Statement, aliases)
		w.Add(" WHERE TRUE")
		for i := range p.Row {
			w.Add(" AND " + p.Far[i] + " = " + p.Row[i])
		}
	} else {
		w.Add(" AND (" + strings.Join(p.Row, ", ") + ") IN (SELECT " + strings.Join(p.Far, ", ") + " FROM ")
		p.From(w.Statement, aliases)
		w.Add(" WHERE TRUE")
	}
	for i := range p.fields {
		w.Add(" AND ")
		w.field(&p.fields[i])
	}
	w.Add(")")
}

// write writes and, or or not.
func (c *combination) write(w *FilterWriter, _ *condition) {
	begin, before, end := " AND (TRUE", " AND ", ")"
	switch c.operator {
	case "and":
	case "or":
		begin, before = " AND (FALSE", " OR "
	default:
		// A comparison with null is false, so its negation is true.
		begin, end = " AND NOT COALESCE((TRUE", "), FALSE)"
	}
	w.Add(begin)
	for _, member := range c.members {
		w.Add(before)
		w.all(member)
	}
	w.Add(end)
}

// write writes what is asked of a field of the row.
func (f *onField) write(w *FilterWriter, in *condition) {
	w.Add(" AND ")
	w.Few = w.leavesFew(in)
	w.field(f)
}

// field writes what is asked of a field.
func (w *FilterWriter) field(f *onField) {
	if f.Test != nil {
		f.Test.Write(w, f.alias(), f.value)
		return
	}
	w.Add("(TRUE")
	for _, c := range f.comparisons {
		w.Add(" AND ")
		w.comparison(f.Operand, f.alias(), c)
	}
	w.Add(")")
}

// comparisons are the operators that compare with one value. All are false where
// the expression is null.
var comparisons = map[operator]string{"neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

// comparison writes one operator of an operand.
func (w *FilterWriter) comparison(o Operand, alias string, c comparison) {
	sql := o.SQL(alias)
	switch c.operator {
	case isNull, isNotNull:
		w.Add(sql + " " + string(c.operator))
	case never, always:
		w.Add(string(c.operator))
	case "in":
		w.in(o, alias, c.value.([]any))
	case "eq":
		expression, parameter := o.indexed(sql, c.value, w.Postgres)
		w.Add(expression+" = ?", parameter)
	case "lt", "lte", "gt", "gte", "gtOrNull":
		w.compare(c.operator, o, sql, c.value)
	case "like":
		w.contains(o.fold(alias), strings.ToLower(c.value.(string)))
	case "startsWith":
		if w.Postgres {
			w.Add("starts_with("+sql+", ?)", c.value)
		} else {
			w.Add("substr("+sql+", 1, length(?)) = ?", c.value, c.value)
		}
	default:
		w.Add(sql+" "+comparisons[c.operator]+" ?", c.value)
	}
}

// compare writes a range, over the expression that an index holds. There null is
// above all values.
func (w *FilterWriter) compare(by operator, o Operand, sql string, value any) {
	expression, parameter := o.indexed(sql, value, w.Postgres)
	if by == "gtOrNull" {
		w.Add(expression+" > ?", parameter)
		return
	}
	w.Add("("+expression+" "+comparisons[by]+" ?", parameter)
	if expression != sql && (by == "gt" || by == "gte") {
		w.Add(" AND " + expression + " < " + sentinels[sentinelKey{o.Kind, false, w.Postgres}].sql)
	}
	w.Add(")")
}

// in writes that the operand is one of a list, of which an empty one has nothing.
func (w *FilterWriter) in(o Operand, alias string, members []any) {
	values := make([]any, len(members))
	for i, value := range members {
		sql, parameter := o.indexed(o.SQL(alias), value, w.Postgres)
		if values[i] = parameter; i == 0 {
			w.Add(sql)
		}
	}
	switch {
	case len(values) == 0:
		w.Add("FALSE")
	case w.Postgres:
		w.Add(" = ANY(?::"+string(o.Kind)+"[])", arrayOf(values))
	default:
		w.Add(" IN (SELECT value FROM json_each(?))", JsonOf(values))
	}
}

// contains writes that the folded text called sql contains word. Neither engine
// has a wildcard here.
func (w *FilterWriter) contains(sql, word string) {
	if w.Postgres {
		w.Add("strpos("+sql+", ?) > 0", word)
	} else {
		w.Add("instr("+sql+", ?) > 0", word)
	}
}
