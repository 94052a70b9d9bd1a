package store

import (
	"context"
	"reflect"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// What the declarations of tables, keys and relations enter as the package is
// initialised. It does not change later.
var (
	// Edges are the edges behind the fields of GraphQL that lead to rows, by Type.field.
	// What a type's rows are follows from them: those of the table that its edges lead
	// to. A row's other fields are Outputs of its columns.
	Edges = map[string]*Edge{}
	// Firsts are the fields that are the first row, of those that their edge leads to,
	// which has true in a column. The values are the names of the columns.
	Firsts = map[string]string{}
	// Nodes are the edges that find the rows of the types that have global IDs by their
	// key, by the name of the type.
	Nodes = map[string]*Edge{}

	tables     []*table
	references []reference
	finders    = map[string]func(ctx context.Context, r *Reader, ids []string) (map[string]Node, error){}
)

// A reference is a relation from rows of a Go type to those of a table. The one side
// holds the key of the other.
type reference struct {
	parent   reflect.Type
	edge     *Edge
	relation any // *Relation[P, C, K]
}

// Field makes the relation answer a field of GraphQL, Type.field.
func (r *Relation[P, C, K]) Field(name string) *Relation[P, C, K] {
	if Edges[name] != nil {
		panic("models: two relations answer " + name)
	}
	Edges[name] = &r.Edge
	return r
}

// FirstField makes the first row that has true in a column answer a field of GraphQL,
// Type.field.
func (r *Relation[P, C, K]) FirstField(name, column string) *Relation[P, C, K] {
	Firsts[name] = r.Target.column(column).Name
	return r.Field(name)
}

// NewNode is NewKey for the rows of a type of GraphQL that have global IDs. parse reads
// a key, global or raw; its error is BAD_USER_INPUT.
func NewNode[C any, K comparable, N interface {
	*C
	Node
}](name string, to *Table[C], key func(*C) K, parse func(id string) (K, error)) *Relation[Root, C, K] {
	r := NewKey(to, key)
	r.Parse = parse
	r.parse = func(id string) ([]any, error) {
		key, err := parse(id)
		if err != nil {
			return nil, err
		}
		return keyColumns(reflect.ValueOf(key)), nil
	}
	scalar.RegisterNode(name)
	Nodes[name] = &r.Edge
	finders[name] = func(ctx context.Context, reader *Reader, ids []string) (map[string]Node, error) {
		return findNodes[C, K, N](ctx, reader, r, ids)
	}
	return r
}

// findNodes reads rows by their IDs, global or raw, in one statement.
func findNodes[C any, K comparable, N interface {
	*C
	Node
}](ctx context.Context, reader *Reader, by *Relation[Root, C, K], ids []string) (map[string]Node, error) {
	keys := make([]K, len(ids))
	for i, id := range ids {
		var err error
		if keys[i], err = by.Parse(id); err != nil {
			return nil, err
		}
	}
	rows, err := Children(ctx, reader, by, keys)
	if err != nil {
		return nil, err
	}
	nodes := make(map[string]Node, len(rows))
	for i, id := range ids {
		if found := rows[keys[i]]; len(found) > 0 {
			nodes[id] = N(found[0])
		}
	}
	return nodes, nil
}

// FindNodes reads the rows of a type that has global IDs by their IDs, global or raw,
// in one statement. A row that is missing or hidden is missing. The error is
// BAD_USER_INPUT for what can be no ID of the type.
func FindNodes(ctx context.Context, r *Reader, typeName string, ids []string) (map[string]Node, error) {
	return finders[typeName](ctx, r, ids)
}
