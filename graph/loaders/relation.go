package loaders

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// what is read of a relation, each by a statement of its own.
type (
	pagesOf    struct{ relation any }
	beforesOf  struct{ relation any }
	countsOf   struct{ relation any }
	childrenOf struct{ relation any }
	allOf      struct{ relation any } // whatever the arguments: the same for all fields
)

// prepared is a checked query, or what is wrong with it.
type prepared struct {
	query *store.Query
	err   error
}

// prepare checks the arguments of the field of ctx, which leads along the relation, once
// for all its parents.
func prepare[P, C any, K comparable](ctx context.Context, rel *store.Relation[P, C, K]) (*store.Query, error) {
	field := graphql.GetFieldContext(ctx)
	l, at := For(ctx), place{field.Field.Field, rel}
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, ok := l.queries[at]; ok {
		return known.query, known.err
	}
	query, err := rel.Ask(store.NewArguments(field.Args, l.Now))
	l.queries[at] = prepared{&query, err}
	return &query, err
}

// Connection checks the arguments of the field of ctx, a connection, and makes it. Nothing
// is read before a field of it asks.
func Connection[P, C any, K comparable](ctx context.Context, rel *store.Relation[P, C, K], parent *P) (*relay.Connection[*C], error) {
	q, err := prepare(ctx, rel)
	if err != nil {
		return nil, err
	}
	reader := For(ctx).reader
	return relay.NewConnection(q.Page(), relay.Source[*C]{
		Rows: func() (store.PageRows[*C], error) {
			return load(ctx, pagesOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K]store.PageRows[*C], error) {
				return store.Pages(ctx, reader, rel, keys, *q)
			})
		},
		Before: func() (bool, error) {
			return load(ctx, beforesOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K]bool, error) {
				return store.Befores(ctx, reader, rel, keys, *q)
			})
		},
		Count: func() (int, error) {
			return load(ctx, countsOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K]int, error) {
				return store.Counts(ctx, reader, rel, keys, *q)
			})
		},
		Cursor: func(row *C) string { return q.Cursor(row) },
	}), nil
}

// Root is Connection for a list at the root.
func Root[C any](ctx context.Context, rel *store.Relation[store.Root, C, struct{}]) (*relay.Connection[*C], error) {
	return Connection(ctx, rel, &store.Root{})
}

// List reads all rows of the parent that the arguments of the field of ctx choose.
func List[P, C any, K comparable](ctx context.Context, rel *store.Relation[P, C, K], parent *P) ([]*C, error) {
	q, err := prepare(ctx, rel)
	if err != nil {
		return nil, err
	}
	reader := For(ctx).reader
	return load(ctx, childrenOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K][]*C, error) {
		return store.List(ctx, reader, rel, keys, *q)
	})
}

// Children reads all rows of the parent, whatever the arguments of the field of ctx.
func Children[P, C any, K comparable](ctx context.Context, rel *store.Relation[P, C, K], parent *P) ([]*C, error) {
	reader := For(ctx).reader
	return load(ctx, allOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K][]*C, error) {
		return store.Children(ctx, reader, rel, keys)
	})
}

// One reads the one row that the parent names, nil if there is none.
func One[P, C any, K comparable](ctx context.Context, rel *store.Relation[P, C, K], parent *P) (*C, error) {
	rows, err := Children(ctx, rel, parent)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// Find reads rows by their keys. A row that is missing or hidden is missing.
func Find[C any, K comparable](ctx context.Context, by *store.Relation[store.Root, C, K], keys ...K) (map[K]*C, error) {
	rows, err := store.Children(ctx, For(ctx).reader, by, keys)
	if err != nil {
		return nil, err
	}
	found := make(map[K]*C, len(rows))
	for key, row := range rows {
		found[key] = row[0]
	}
	return found, nil
}

// Nodes reads the rows of a type that has global IDs by their IDs, in one statement. A
// row that is missing or hidden is missing.
func Nodes(ctx context.Context, typeName string, ids []string) (map[string]store.Node, error) {
	return store.FindNodes(ctx, For(ctx).reader, typeName, ids)
}

// CustomersByExternalID are the customers that a system calls id, which is a bare
// value or SYSTEM:VALUE.
func CustomersByExternalID(ctx context.Context, id string) ([]scalar.CustomerID, error) {
	return models.CustomersByExternalID(ctx, For(ctx).reader, id)
}
