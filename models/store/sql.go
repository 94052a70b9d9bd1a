package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// Scope is the customers whose rows a principal may read.
type Scope struct {
	All       bool
	Customers []scalar.CustomerID // unless All
}

// only narrows the scope to one customer, unless that is nil.
func (s Scope) only(customer *scalar.CustomerID) Scope {
	switch {
	case customer == nil:
		return s
	case s.All || slices.Contains(s.Customers, *customer):
		return Scope{Customers: []scalar.CustomerID{*customer}}
	default:
		return Scope{}
	}
}

// Statement is a SQL text with a ? for each of its arguments. All SQL that reads
// the tables is rendered here and in page.go.
type Statement struct {
	strings.Builder
	Args     []any
	scope    Scope
	Postgres bool
	nested   bool            // the rows are those of some parents
	Numbered bool            // each row has the number of its parent, in the column after the others
	At       scalar.DateTime // the instant that rows made of others are of
}

// NewStatement begins a statement for db that reads rows in scope.
func NewStatement(db *gorm.DB, scope Scope) *Statement {
	return &Statement{scope: scope, Postgres: db.Name() == "postgres"}
}

// Add writes SQL with a ? for each argument. No literal in it may hold a ?: on PostgreSQL
// each becomes a $n.
func (s *Statement) Add(sql string, args ...any) *Statement {
	s.WriteString(sql)
	s.Args = append(s.Args, args...)
	return s
}

// From is the only way to a table: the rows of t that the principal may read, as
// alias.
func (s *Statement) From(of AnyTable, alias string) *Statement {
	t := of.itself()
	if t.madeOf != nil { // of tables that are scoped themselves
		s.Add("(")
		t.madeOf(s)
		return s.Add(") AS " + alias)
	}
	if t.owner == "" || s.scope.All {
		return s.Add(fmt.Sprintf(`"%s" AS %s`, t.Name, alias))
	}
	s.Add(fmt.Sprintf(`(SELECT * FROM "%s" WHERE "%s" `, t.Name, t.owner))
	customers := make([]any, len(s.scope.Customers))
	for i, id := range s.scope.Customers {
		customers[i] = int64(id)
	}
	if s.Postgres {
		s.Add("= ANY(?::bigint[])", arrayOf(customers))
	} else {
		s.Add("IN (SELECT value FROM json_each(?))", JsonOf(customers))
	}
	return s.Add(") AS " + alias)
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

// FromKeys writes rows with the columns k1, k2, …: one for each key, in the place n.
func FromKeys[K comparable](s *Statement, e *Edge, keys []K) {
	s.parents(e.Columns, keysFrom(e, s.Postgres, keys).listed())
}

// parents are the rows of a list of keys.
func (s *Statement) parents(columns []Column, keys keyList) {
	switch {
	case keys.form == keysRanges:
		last := len(columns) - 1
		s.pgArrays(slices.Concat(columns, []Column{columns[last], {Kind: KindInt}}), keys.args)
		s.Add(") AS p(" + aliases(columns[:last]) + "low, high, n)")
	case keys.form == keysPage:
		s.Add("("+keys.page+") AS p("+strings.TrimSuffix(aliases(columns), ", ")+")", keys.args...)
	case s.Postgres:
		s.pgArrays(columns, keys.args)
		s.Add(") WITH ORDINALITY AS p(" + aliases(columns) + "n)")
	default:
		s.Add(`(SELECT "key" AS n`)
		for i := range columns {
			s.Add(fmt.Sprintf(`, value ->> %d AS k%d`, i, i+1))
		}
		s.Add(" FROM json_each(?)) AS p", keys.args[0])
	}
}

// aliases are the names of the columns of p that hold the keys, a comma after each.
func aliases(columns []Column) (names string) {
	for i := range columns {
		names += fmt.Sprintf("k%d, ", i+1)
	}
	return names
}

// pgArrays begins the rows of arrays side by side, one for each column.
func (s *Statement) pgArrays(columns []Column, arrays []any) {
	s.Add("unnest(")
	for i, array := range arrays {
		if i > 0 {
			s.Add(", ")
		}
		s.Add("?::"+string(columns[i].Kind)+"[]", array)
	}
}

// where begins the condition of the rows called t of one list: all rows at the root,
// else those of the one key.
func (s *Statement) where(e *Edge, keys keyList) *Statement {
	if e.AtRoot() {
		return s.Add(" WHERE TRUE")
	}
	for i, c := range e.Columns {
		s.Add(conjunction[min(i, 1)] + c.Qualified("t") + " = ")
		if keys.by == nil || keys.by.Columns[0].Name == e.via[i] {
			s.Add("?", keys.args[i])
			continue
		}
		s.Add(`(SELECT k."`+e.via[i]+`" FROM `).From(keys.by.Target, "k").Add(" WHERE "+keys.by.Columns[0].Qualified("k")+" = ?)", keys.args[i])
	}
	return s
}

var conjunction = [2]string{" WHERE ", " AND "}

// OnParent holds for the rows called alias whose columns hold the key of p.
func (e *Edge) OnParent(alias string) string { return onKeys(e.Columns, alias) }

func onKeys(columns []Column, alias string) string {
	on := make([]string, len(columns))
	for i, c := range columns {
		on[i] = fmt.Sprintf("%s = p.k%d", c.Qualified(alias), i+1)
	}
	return strings.Join(on, " AND ")
}

// JsonOf is a list of integers, floats and texts, or of lists of these, as JSON.
func JsonOf(values []any) string {
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

// KeyNames are k1, k2, … of the rows called alias.
func KeyNames(alias string, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%sk%d", alias, i+1)
	}
	return strings.Join(out, ", ")
}
