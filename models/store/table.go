package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm/schema"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// A Table is what SQL needs of the table behind T: its columns, its key
// and whose rows it holds. It is made of T's GORM schema, once, and every reader
// of the table uses it.
type Table[T any] struct{ table }

// AnyTable is a Table, whatever its rows are.
type AnyTable interface{ itself() *table }

func (t *table) itself() *table { return t }

type table struct {
	Name      string
	Columns   []Column // that are read
	key       []Column // the primary key, which ends every order
	owner     string   // column of the customer whose row it is; "" for a catalogue
	own       bool     // its rows are of usagegraph itself, not of the sources
	schema    *schema.Schema
	filter    map[string]FilterField           // by the name of the filter field
	orders    map[string][]string              // columns, by the name of the order field
	arguments func(*Arguments, *Request) error // reads those of its lists besides those of all; may be nil
	madeOf    func(*Statement)                 // selects the rows where they are no table's; else nil
	others    []*table                         // whose rows its rows name, beside those of its relations
}

// Column is a column of a table. Its name is a constant of ours: no text of a
// client ever becomes one.
type Column struct {
	Name     string
	Kind     ColumnKind
	nullable bool
	folds    bool // has a folded copy
	isFolded bool // is one
	field    *schema.Field
}

// ColumnKind is what a column holds, as the name of the type in PostgreSQL.
type ColumnKind string

// The kinds of column.
const (
	KindInt   ColumnKind = "bigint"
	kindText  ColumnKind = "text"
	kindFloat ColumnKind = "double precision"
	kindBool  ColumnKind = "boolean"
	kindBytes ColumnKind = "bytea"
	kindDate  ColumnKind = "date"
	kindLocal ColumnKind = "timestamp"
	kindTime  ColumnKind = "timestamptz"
)

// digestColumn serves imports, which alone read it.
const digestColumn = "digest"

var schemas sync.Map

// NewTable declares the table of T. owner is the column that holds the customer
// whose row it is, or "" where rows are open to every token.
func NewTable[T any](owner string) *Table[T] {
	t := NewRows[T](owner)
	tables = append(tables, &t.table)
	return t
}

// NewRows describes rows that a statement selects from tables, and that are no
// table's own.
func NewRows[T any](owner string) *Table[T] {
	parsed, err := schema.Parse(new(T), &schemas, schema.NamingStrategy{})
	if err != nil {
		panic(fmt.Sprintf("models: %T: %v", *new(T), err))
	}
	t := table{Name: parsed.Table, owner: owner, schema: parsed, filter: map[string]FilterField{}, orders: map[string][]string{"ID": nil}}
	for _, field := range parsed.Fields {
		if field.DBName == "" {
			continue
		}
		shape := field.FieldType.Kind()
		nullable := !field.NotNull && (shape == reflect.Pointer || shape == reflect.Slice)
		c := Column{Name: field.DBName, Kind: kindOf(field), nullable: nullable, field: field}
		c.folds = field.Tag.Get("fold") != ""
		if c.Name != digestColumn {
			t.Columns = append(t.Columns, c)
		}
		if field.PrimaryKey {
			t.key = append(t.key, c)
		}
	}
	if owner != "" {
		t.column(owner)
	}
	return &Table[T]{t}
}

// Names are tables whose rows the table's rows name by columns that no relation has.
func (t *Table[T]) Names(others ...AnyTable) *Table[T] {
	for _, other := range others {
		t.others = append(t.others, other.itself())
	}
	return t
}

// MadeFrom gives the table rows that a statement selects from other tables.
func (t *Table[T]) MadeFrom(rows func(*Statement)) *Table[T] {
	t.table.madeOf = rows
	return t
}

func kindOf(field *schema.Field) ColumnKind {
	switch field.IndirectFieldType {
	case reflect.TypeFor[scalar.Date]():
		return kindDate
	case reflect.TypeFor[scalar.LocalDateTime]():
		return kindLocal
	case reflect.TypeFor[scalar.DateTime]():
		return kindTime
	case reflect.TypeFor[[]byte]():
		return kindBytes
	}
	switch field.IndirectFieldType.Kind() {
	case reflect.Int, reflect.Int64:
		return KindInt
	case reflect.Float64:
		return kindFloat
	case reflect.Bool:
		return kindBool
	default: // strings, and documents that a serializer keeps as JSON
		return kindText
	}
}

// column finds a column by its name. An unknown one is a mistake in this package.
func (t *table) column(name string) Column {
	i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("models: %s has no column %s", t.Name, name))
	}
	return t.Columns[i]
}

// value is what row, a pointer to a T, holds in the column: nil, an integer, a
// float, a text or a driver.Valuer.
func (c Column) value(row any) any {
	v, _ := c.field.ValueOf(context.Background(), reflect.ValueOf(row))
	return v
}

// Qualified names the column in the rows called alias.
func (c Column) Qualified(alias string) string { return alias + `."` + c.Name + `"` }

// selectList names columns in the rows called alias, for a SELECT.
func selectList(columns []Column, alias string) string {
	var b strings.Builder
	b.Grow(32 * len(columns))
	for i := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(alias)
		b.WriteString(`."`)
		b.WriteString(columns[i].Name)
		b.WriteByte('"')
	}
	return b.String()
}

// A Relation leads from a row of P to rows of C: those that hold P's key. K is
// that key, a scalar or a struct with a field for each column.
type Relation[P, C any, K comparable] struct {
	Edge
	To     *Table[C]
	Parent func(*P) K
	Child  func(*C) K
	Parse  func(id string) (K, error) // reads the key of a node, global or raw; nil where the rows are no nodes
}

// Key is the parent's key, and whether it can have rows.
func (r *Relation[P, C, K]) Key(parent *P) (key K, ok bool) {
	var zero K
	key = r.Parent(parent)
	return key, !r.lookup || key != zero
}

// NewRelation is the relation to the rows of to whose columns hold the parent's
// key, in order of their own key.
func NewRelation[P, C any, K comparable](to *Table[C], columns []string, parent func(*P) K, child func(*C) K) *Relation[P, C, K] {
	r := &Relation[P, C, K]{Edge: Edge{Target: &to.table, order: to.order()}, To: to, Parent: parent, Child: child}
	for _, name := range columns {
		r.Columns = append(r.Columns, to.column(name))
	}
	references = append(references, reference{reflect.TypeFor[P](), &r.Edge, r})
	return r
}

// NewKey finds rows of a table by their key, from no parent in particular.
func NewKey[C any, K comparable](to *Table[C], key func(*C) K) *Relation[Root, C, K] {
	return &Relation[Root, C, K]{Edge: Edge{Target: &to.table, Columns: to.key, order: to.order()}, To: to, Child: key}
}

// NewLookup is the relation to the one row whose key parent names, in the columns
// via of its table if it has one, or to none where that is zero.
func NewLookup[P, C any, K comparable](by *Relation[Root, C, K], parent func(*P) K, via ...string) *Relation[P, C, K] {
	edge := by.Edge
	edge.via, edge.lookup = via, true
	r := &Relation[P, C, K]{Edge: edge, To: by.To, Parent: parent, Child: by.Child}
	references = append(references, reference{reflect.TypeFor[P](), &r.Edge, r})
	return r
}

// Through has the parent's key in these of its columns, in the order of the relation's:
// those of its own key, and before them that of its own parent, by which the rows of
// siblings lie together.
func (r *Relation[P, C, K]) Through(via ...string) *Relation[P, C, K] {
	r.via = via
	return r
}

// By orders the relation by columns of the child before its key.
func (r *Relation[P, C, K]) By(columns ...string) *Relation[P, C, K] {
	r.order = r.To.order(columns...)
	return r
}

// Root is the parent of the connections of Query. It has no key.
type Root struct{ Siblings[Root] }

// NewList is the relation from the root to all rows of a table.
func NewList[T any](t *Table[T]) *Relation[Root, T, struct{}] {
	return NewRelation(t, nil,
		func(*Root) (none struct{}) { return none },
		func(*T) (none struct{}) { return none })
}

// Siblings is embedded in each model. It remembers the rows that one statement read
// together: whatever is asked of one of them is asked of all, because they stand
// at the same place of the operation.
type Siblings[T any] struct{ siblings []*T }

// ReadTogether returns the rows that were read with this one, itself among them.
func (r *Siblings[T]) ReadTogether() []*T { return r.siblings }

func (r *Siblings[T]) join(rows []*T) { r.siblings = rows }

// Joined makes the rows of one statement siblings.
func Joined[T any](rows []*T) []*T {
	for _, row := range rows {
		any(row).(interface{ join([]*T) }).join(rows)
	}
	return rows
}

// OfItself says that the rows are of usagegraph itself: no source names them, and Fill
// leaves them as they are.
func (t *Table[T]) OfItself() *Table[T] {
	t.own = true
	return t
}
