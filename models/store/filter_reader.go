package store

import (
	"fmt"
	"maps"
	"slices"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Bounds of a filter.
const (
	maxFilterDepth = 5   // and, or and not inside each other
	maxConditions  = 100 // operators in all
)

// FilterReader checks filters and counts their conditions.
type FilterReader struct {
	table      *table
	conditions int
}

// A condition is what a filter object asks of a row, checked: all of it holds.
type condition struct {
	clauses   []clause    // in order of their names
	paths     []onOnePath // in order of their first names
	selective bool        // an equality on a column of the row chooses few rows
}

// A clause is one field of a filter object: a condition on a field of the row, or several
// filters that are combined.
type clause interface {
	write(w *FilterWriter, in *condition)
}

// onField is what is asked of one field.
type onField struct {
	FilterField
	value       any          // of its test, if it has one
	comparisons []comparison // of its operand, in order of operator
}

// onOnePath is what is asked of one of the rows that a path leads to.
type onOnePath struct {
	*Path
	fields []onField
	rare   bool // the fields choose few rows of the path, by an index
}

// combination is filters of which all hold, or one, or not all.
type combination struct {
	operator string // and, or or not
	members  []*condition
}

// comparison is an operator of an operand, and what its column is compared with.
type comparison struct {
	operator operator
	value    any // a list for in, none for those that compare with null
}

// operator is the name of an operator, or one of those below.
type operator string

// What operators mean that compare with null.
const (
	isNull    operator = "IS NULL"
	isNotNull operator = "IS NOT NULL"
	never     operator = "FALSE"
	always    operator = "TRUE" // isNull without a value
)

// conditions checks filters of rows of a table: a client's filter each, which may be nil.
// Any error is BAD_USER_INPUT.
func (t *table) conditions(filters []Filter) (all []*condition, err error) {
	for _, f := range filters {
		if f == nil {
			continue
		}
		r := &FilterReader{table: t} // each has a bound of its own
		object, _ := dereferenced(f).(map[string]any)
		c, err := r.object(object, 0)
		if err != nil {
			return nil, named("filter", err)
		}
		all = append(all, c)
	}
	return all, nil
}

// object checks a filter object: what stands on paths comes last.
func (r *FilterReader) object(f map[string]any, depth int) (*condition, error) {
	if depth > maxFilterDepth {
		return nil, fault.Invalid("and, or and not are more than %d deep", maxFilterDepth)
	}
	if depth > 0 {
		if err := r.Count(); err != nil { // an empty object takes its place, too
			return nil, err
		}
	}
	c := &condition{selective: r.selective(f)}
	var paths []*Path
	onPath := map[*Path][]string{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		value := f[name]
		if value == nil {
			continue // as if it were not there
		}
		field, isField := r.table.filter[name]
		if isField && field.Path != nil {
			if onPath[field.Path] == nil {
				paths = append(paths, field.Path)
			}
			onPath[field.Path] = append(onPath[field.Path], name)
			continue
		}
		read := func() (clause, error) { return r.combine(name, value, depth+1) }
		if isField {
			read = func() (clause, error) { return r.field(name, value) }
		}
		part, err := read()
		if err != nil {
			return nil, err
		}
		c.clauses = append(c.clauses, part)
	}
	for _, path := range paths {
		part, err := r.onPath(path, onPath[path], f)
		if err != nil {
			return nil, err
		}
		c.paths = append(c.paths, part)
	}
	return c, nil
}

// selective returns whether an equality on a column of the row chooses few rows.
func (r *FilterReader) selective(f map[string]any) bool {
	for name := range f {
		if field := r.table.filter[name]; field.Path == nil && field.Kind != kindBool && equates(f[name]) {
			return true
		}
	}
	return false
}

// equates returns whether operators have one that compares with some values only.
func equates(v any) bool {
	operators, _ := v.(map[string]any)
	return operators["eq"] != nil || operators["in"] != nil
}

// onPath checks the named fields, which must hold on one row of a path.
func (r *FilterReader) onPath(p *Path, names []string, f map[string]any) (onOnePath, error) {
	out := onOnePath{Path: p}
	for _, name := range names {
		field, err := r.field(name, f[name])
		if err != nil {
			return out, err
		}
		out.fields = append(out.fields, *field)
		out.rare = out.rare || field.Rare && equates(f[name])
	}
	return out, nil
}

// combine checks the filters of and, or or not.
func (r *FilterReader) combine(name string, value any, depth int) (*combination, error) {
	members, isList := value.([]any)
	if !isList { // GraphQL takes one value where a list is wanted
		members = []any{value}
	}
	out := &combination{operator: name}
	for _, member := range members {
		object, ok := member.(map[string]any)
		if !ok {
			return nil, fault.Invalid("%s holds %s, which is no filter", name, scalar.Cut(fmt.Sprint(member)))
		}
		c, err := r.object(object, depth)
		if err != nil {
			return nil, err
		}
		out.members = append(out.members, c)
	}
	return out, nil
}

// field checks what is asked of one field.
func (r *FilterReader) field(name string, value any) (*onField, error) {
	out := &onField{FilterField: r.table.filter[name]}
	if out.Test != nil {
		err := r.Count()
		if err != nil {
			return nil, err
		}
		out.value, err = out.Test.Read(r, value)
		return out, named(name, err)
	}
	operators, ok := value.(map[string]any)
	if !ok {
		return nil, fault.Invalid("%s: %s is no filter", name, scalar.Cut(fmt.Sprint(value)))
	}
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		if err := r.Count(); err != nil {
			return nil, err
		}
		c, err := out.comparison(operator, operators[operator])
		if err != nil {
			return nil, named(name, err)
		}
		out.comparisons = append(out.comparisons, c)
	}
	return out, nil
}

// Count counts one more condition. The error, BAD_USER_INPUT, says that there are too many.
func (r *FilterReader) Count() error {
	if r.conditions++; r.conditions > maxConditions {
		return fault.Invalid("there are more than %d conditions", maxConditions)
	}
	return nil
}

// comparison checks the value of an operator.
func (o Operand) comparison(name string, v any) (c comparison, err error) {
	switch {
	case name == "isNull":
		is, ok := v.(bool)
		switch {
		case !ok:
			c.operator = always
		case is:
			c.operator = isNull
		default:
			c.operator = isNotNull
		}
		return c, nil
	case v == nil: // a comparison with null
		c.operator = never
		return c, nil
	}
	c.operator = operator(name)
	if name != "in" {
		c.value, err = o.Parse(v)
		return c, err
	}
	members, ok := v.([]any)
	if !ok {
		members = []any{v} // GraphQL takes one value where a list is wanted
	}
	values := make([]any, len(members))
	for i, member := range members {
		if values[i], err = o.Parse(member); err != nil {
			return c, err
		}
	}
	c.value = values
	return c, nil
}

// named says which field an error is about.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fault.Invalid("%s: %s", name, err)
}
