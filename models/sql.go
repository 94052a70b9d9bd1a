package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Scope is the customers whose rows a principal may read.
type Scope struct {
	All       bool
	Customers []CustomerID // unless All
}

// only narrows the scope to one customer, unless that is nil.
func (s Scope) only(customer *CustomerID) Scope {
	switch {
	case customer == nil:
		return s
	case s.All || slices.Contains(s.Customers, *customer):
		return Scope{Customers: []CustomerID{*customer}}
	default:
		return Scope{}
	}
}

// statement is a SQL text with a ? for each of its arguments. All SQL that reads
// the tables is rendered here and in page.go.
type statement struct {
	strings.Builder
	args     []any
	scope    Scope
	postgres bool
	nested   bool     // the rows are those of some parents
	numbered bool     // each row has the number of its parent, in the column after the others
	at       DateTime // the instant that rows made of others are of
}

func newStatement(db *gorm.DB, scope Scope) *statement {
	return &statement{scope: scope, postgres: db.Name() == "postgres"}
}

func (s *statement) add(sql string, args ...any) *statement {
	s.WriteString(sql)
	s.args = append(s.args, args...)
	return s
}

// from is the only way to a table: the rows of t that the principal may read, as
// alias.
func (s *statement) from(of AnyTable, alias string) *statement {
	t := of.itself()
	if t.madeOf != nil { // of tables that are scoped themselves
		s.add("(")
		t.madeOf(s)
		return s.add(") AS " + alias)
	}
	if t.owner == "" || s.scope.All {
		return s.add(fmt.Sprintf(`"%s" AS %s`, t.name, alias))
	}
	s.add(fmt.Sprintf(`(SELECT * FROM "%s" WHERE "%s" `, t.name, t.owner))
	customers := make([]any, len(s.scope.Customers))
	for i, id := range s.scope.Customers {
		customers[i] = int64(id)
	}
	if s.postgres {
		s.add("= ANY(?::bigint[])", arrayOf(customers))
	} else {
		s.add("IN (SELECT value FROM json_each(?))", jsonOf(customers))
	}
	return s.add(") AS " + alias)
}

// keyList are the keys of some parents as parameters.
type keyList struct {
	args []any
	form keyForm
	page string // the statement of these, whose arguments they are
	by   *Edge  // where the key is that of a row which this edge looks up: a subquery on the row supplies the other columns; else nil
}

// keyForm is how the keys stand in a statement.
type keyForm int

const (
	keysOne      keyForm = iota // the columns of one key; none at the root
	keysList                    // on PostgreSQL an array for each column, on SQLite one JSON list of lists
	keysRanges                  // arrays of the bounds of ranges of the last column: only Keys make them, for PostgreSQL
	keysPage                    // those of a page that is selected, on PostgreSQL
	keysOneRange                // the one of which that page is
)

// parents are rows with the columns k1, k2, …: one for each key, in the place n.
func parents[K comparable](s *statement, e *Edge, keys []K) {
	s.parents(e.columns, keysFrom(e, s.postgres, keys).listed())
}

// parents are the rows of a list of keys.
func (s *statement) parents(columns []column, keys keyList) {
	switch {
	case keys.form == keysRanges:
		last := len(columns) - 1
		s.pgArrays(slices.Concat(columns, []column{columns[last], {kind: kindInt}}), keys.args)
		s.add(") AS p(" + aliases(columns[:last]) + "low, high, n)")
	case keys.form == keysPage:
		s.add("("+keys.page+") AS p("+strings.TrimSuffix(aliases(columns), ", ")+")", keys.args...)
	case s.postgres:
		s.pgArrays(columns, keys.args)
		s.add(") WITH ORDINALITY AS p(" + aliases(columns) + "n)")
	default:
		s.add(`(SELECT "key" AS n`)
		for i := range columns {
			s.add(fmt.Sprintf(`, value ->> %d AS k%d`, i, i+1))
		}
		s.add(" FROM json_each(?)) AS p", keys.args[0])
	}
}

// aliases are the names of the columns of p that hold the keys, a comma after each.
func aliases(columns []column) (names string) {
	for i := range columns {
		names += fmt.Sprintf("k%d, ", i+1)
	}
	return names
}

// pgArrays begins the rows of arrays side by side, one for each column.
func (s *statement) pgArrays(columns []column, arrays []any) {
	s.add("unnest(")
	for i, array := range arrays {
		if i > 0 {
			s.add(", ")
		}
		s.add("?::"+string(columns[i].kind)+"[]", array)
	}
}

// where begins the condition of the rows called t of one list: all rows at the root,
// else those of the one key.
func (s *statement) where(e *Edge, keys keyList) *statement {
	if e.AtRoot() {
		return s.add(" WHERE TRUE")
	}
	for i, c := range e.columns {
		s.add(conjunction[min(i, 1)] + c.qualified("t") + " = ")
		if keys.by == nil || keys.by.columns[0].name == e.via[i] {
			s.add("?", keys.args[i])
			continue
		}
		s.add(`(SELECT k."`+e.via[i]+`" FROM `).from(keys.by.to, "k").add(" WHERE "+keys.by.columns[0].qualified("k")+" = ?)", keys.args[i])
	}
	return s
}

var conjunction = [2]string{" WHERE ", " AND "}

// onParent holds for the rows called alias whose columns hold the key of p.
func (e *Edge) onParent(alias string) string { return onKeys(e.columns, alias) }

func onKeys(columns []column, alias string) string {
	on := make([]string, len(columns))
	for i, c := range columns {
		on[i] = fmt.Sprintf("%s = p.k%d", c.qualified(alias), i+1)
	}
	return strings.Join(on, " AND ")
}

// jsonOf is a list of integers, floats and texts, or of lists of these, as JSON.
func jsonOf(values []any) string {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // such lists always marshal
	}
	return string(text)
}

var quoteElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// arrayOf is a list of integers, floats and texts as a PostgreSQL array.
func arrayOf(values []any) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, value := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		if text, isText := value.(string); isText {
			b.WriteString(`"` + quoteElement.Replace(text) + `"`)
		} else {
			fmt.Fprint(&b, value)
		}
	}
	b.WriteByte('}')
	return b.String()
}

// keyNames are k1, k2, … of the rows called alias.
func keyNames(alias string, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%sk%d", alias, i+1)
	}
	return strings.Join(out, ", ")
}
