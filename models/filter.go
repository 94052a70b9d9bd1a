package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
)

// Filter is a filter input as the client sent it: names of filter fields and what
// must hold for each, and, or and not. It is hostile, but it fits the schema.
// Which fields a table has, and what they compare, is data on the table.
type Filter = map[string]any

// OrderKey is a key of an orderBy argument as the client sent it: field, direction
// and nulls.
type OrderKey = map[string]any

// Bounds of a filter.
const (
	maxFilterDepth = 5   // and, or and not inside each other
	maxConditions  = 100 // operators in all
)

// filterField is one field of a filter: what it compares, or else a test of its
// own.
type filterField struct {
	operand
	path *path  // to the rows that it looks at; nil for the row itself
	rows string // alias of these rows on the path
	rare bool   // an equality on the path chooses few rows
	test func(c *compiler, alias string, v any) error
}

// path leads from a row of the table, called t, to rows that a filter looks at.
// The fields of one filter object that share a path must hold on one row of it.
type path struct {
	row, far []string // columns of the row, and those of the rows that it leads to which equal them
	from     func(s *statement, aliases map[string]bool)
}

// filters gives the table filter fields that compare the columns of their names:
// accountNumber compares account_number.
func (t *Table[T]) filters(names ...string) *Table[T] {
	for _, name := range names {
		t.filter[name] = filterField{operand: t.columnOperand(snake(name))}
	}
	return t
}

// filterBy gives the table a filter field of its own making.
func (t *Table[T]) filterBy(name string, field filterField) *Table[T] {
	t.filter[name] = field
	return t
}

// compiler writes filters as SQL and counts their conditions.
type compiler struct {
	*statement
	table      *table
	conditions int
	few        bool // few rows are left to look at
}

// filter narrows the rows called t to those that all filters choose. Any error is
// BAD_USER_INPUT.
func (s *statement) filter(t *table, filters []Filter) error {
	c := &compiler{statement: s, table: t}
	for _, f := range filters {
		s.add(" AND ")
		object, _ := Plain(f).(map[string]any)
		c.conditions = 0 // the client's filter has a bound of its own
		if err := c.object(object, 0); err != nil {
			return named("filter", err)
		}
	}
	return nil
}

// object writes what holds where all fields of a filter object hold.
func (c *compiler) object(f map[string]any, depth int) error {
	if depth > maxFilterDepth {
		return apierror.Invalid("and, or and not are more than %d deep", maxFilterDepth)
	}
	if depth > 0 {
		if err := c.count(); err != nil { // an empty object takes its place, too
			return err
		}
	}
	c.add("(TRUE")
	var paths []*path
	onPath := map[*path][]string{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		value := f[name]
		if value == nil {
			continue // as if it were not there
		}
		field, isField := c.table.filter[name]
		switch {
		case isField && field.path != nil:
			if onPath[field.path] == nil {
				paths = append(paths, field.path)
			}
			onPath[field.path] = append(onPath[field.path], name)
		case isField:
			c.add(" AND ")
			c.few = c.narrow(f)
			if err := c.field(name, field, "t", value); err != nil {
				return err
			}
		default:
			if err := c.combine(name, value, depth+1); err != nil {
				return err
			}
		}
	}
	for _, path := range paths {
		if err := c.exists(path, onPath[path], f); err != nil {
			return err
		}
	}
	c.add(")")
	return nil
}

// narrow tells whether few rows are left to look at: those of some parents, or
// those that an equality chose.
func (c *compiler) narrow(f map[string]any) bool {
	if c.nested {
		return true
	}
	for name, value := range f {
		operators, _ := value.(map[string]any)
		if field := c.table.filter[name]; field.path == nil && field.kind != kindBool && (operators["eq"] != nil || operators["in"] != nil) {
			return true
		}
	}
	return false
}

// rare tells whether the fields choose few rows of their path, by an index.
func (c *compiler) rare(names []string, f map[string]any) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		operators, _ := f[name].(map[string]any)
		return c.table.filter[name].rare && (operators["eq"] != nil || operators["in"] != nil)
	})
}

// exists writes that the named fields hold on one row of a path.
func (c *compiler) exists(p *path, names []string, f map[string]any) error {
	aliases := map[string]bool{}
	for _, name := range names {
		aliases[c.table.filter[name].alias()] = true
	}
	// An engine that does not turn one into the other looks at each row for EXISTS,
	// and at all rows of the path for IN.
	if c.narrow(f) || !c.rare(names, f) {
		c.add(" AND EXISTS (SELECT 1 FROM ")
		p.from(c.statement, aliases)
		c.add(" WHERE TRUE")
		for i := range p.row {
			c.add(" AND " + p.far[i] + " = " + p.row[i])
		}
	} else {
		c.add(" AND (" + strings.Join(p.row, ", ") + ") IN (SELECT " + strings.Join(p.far, ", ") + " FROM ")
		p.from(c.statement, aliases)
		c.add(" WHERE TRUE")
	}
	for _, name := range names {
		field := c.table.filter[name]
		c.add(" AND ")
		if err := c.field(name, field, field.alias(), f[name]); err != nil {
			return err
		}
	}
	c.add(")")
	return nil
}

// combine writes and, or and not.
func (c *compiler) combine(name string, value any, depth int) error {
	var members []any
	switch value := value.(type) {
	case []any:
		members = value
	default: // GraphQL takes one value where a list is wanted
		members = []any{value}
	}
	switch name {
	case "and":
		c.add(" AND (TRUE")
	case "or":
		c.add(" AND (FALSE")
	default:
		// A comparison with null is false, so its negation is true.
		c.add(" AND NOT COALESCE((TRUE")
	}
	for _, member := range members {
		if name == "or" {
			c.add(" OR ")
		} else {
			c.add(" AND ")
		}
		object, ok := member.(map[string]any)
		if !ok {
			return apierror.Invalid("%s holds %s, which is no filter", name, relay.Cut(fmt.Sprint(member)))
		}
		if err := c.object(object, depth); err != nil {
			return err
		}
	}
	c.add(")")
	if name == "not" {
		c.add(", FALSE)")
	}
	return nil
}

// field writes what one field asks of the rows called alias.
func (c *compiler) field(name string, field filterField, alias string, value any) error {
	if field.test != nil {
		if err := c.count(); err != nil {
			return err
		}
		return named(name, field.test(c, alias, value))
	}
	operators, ok := value.(map[string]any)
	if !ok {
		return apierror.Invalid("%s: %s is no filter", name, relay.Cut(fmt.Sprint(value)))
	}
	c.add("(TRUE")
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		if err := c.count(); err != nil {
			return err
		}
		c.add(" AND ")
		if err := c.operator(operator, field.operand, alias, operators[operator]); err != nil {
			return named(name, err)
		}
	}
	c.add(")")
	return nil
}

func (c *compiler) count() error {
	if c.conditions++; c.conditions > maxConditions {
		return apierror.Invalid("there are more than %d conditions", maxConditions)
	}
	return nil
}

// named says which field an error is about.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return apierror.Invalid("%s: %s", name, err)
}

// comparisons are the operators that compare with one value. All are false where
// the expression is null.
var comparisons = map[string]string{"neq": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

// operator writes one operator of an operand.
func (c *compiler) operator(operator string, o operand, alias string, v any) error {
	sql := o.sql(alias)
	switch {
	case operator == "isNull":
		if is, ok := v.(bool); ok && is {
			c.add(sql + " IS NULL")
		} else if ok {
			c.add(sql + " IS NOT NULL")
		} else {
			c.add("TRUE")
		}
		return nil
	case v == nil: // a comparison with null
		c.add("FALSE")
		return nil
	case operator == "in":
		return c.in(o, alias, v)
	}
	value, err := o.parse(v)
	if err != nil {
		return err
	}
	switch operator {
	case "eq":
		expression, parameter := o.indexed(sql, value, c.postgres)
		c.add(expression+" = ?", parameter)
	case "lt", "lte", "gt", "gte", "gtOrNull":
		c.compare(operator, o, sql, value)
	case "like":
		c.contains(o.fold(alias), strings.ToLower(value.(string)))
	case "startsWith":
		if c.postgres {
			c.add("starts_with("+sql+", ?)", value)
		} else {
			c.add("substr("+sql+", 1, length(?)) = ?", value, value)
		}
	default:
		c.add(sql+" "+comparisons[operator]+" ?", value)
	}
	return nil
}

// compare writes a range, over the expression that an index holds. There null is
// above all values.
func (c *compiler) compare(operator string, o operand, sql string, value any) {
	expression, parameter := o.indexed(sql, value, c.postgres)
	if operator == "gtOrNull" {
		c.add(expression+" > ?", parameter)
		return
	}
	c.add("("+expression+" "+comparisons[operator]+" ?", parameter)
	if expression != sql && (operator == "gt" || operator == "gte") {
		c.add(" AND " + expression + " < " + sentinels[sentinelKey{o.kind, false, c.postgres}].sql)
	}
	c.add(")")
}

// in writes that the operand is one of a list, of which an empty one has nothing.
func (c *compiler) in(o operand, alias string, v any) error {
	members, ok := v.([]any)
	if !ok {
		members = []any{v} // GraphQL takes one value where a list is wanted
	}
	values := make([]any, len(members))
	for i, member := range members {
		var err error
		if values[i], err = o.parse(member); err != nil {
			return err
		}
		sql, parameter := o.indexed(o.sql(alias), values[i], c.postgres)
		if values[i] = parameter; i == 0 {
			c.add(sql)
		}
	}
	switch {
	case len(values) == 0:
		c.add("FALSE")
	case c.postgres:
		c.add(" = ANY(?::"+string(o.kind)+"[])", arrayOf(values))
	default:
		c.add(" IN (SELECT value FROM json_each(?))", jsonOf(values))
	}
	return nil
}

// contains writes that the folded text called sql contains word. Neither engine
// knows a wildcard here.
func (c *compiler) contains(sql, word string) {
	if c.postgres {
		c.add("strpos("+sql+", ?) > 0", word)
	} else {
		c.add("instr("+sql+", ?) > 0", word)
	}
}
