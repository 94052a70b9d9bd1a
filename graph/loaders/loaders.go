// Package loaders batches what the resolvers read: one SQL statement for each
// field of an operation that reads rows, whatever the number of its parents.
//
// Rows that one statement read stand at the same place of the operation, so
// whatever is asked of one of them is asked of all, with the same arguments. The
// first that asks therefore sends the keys of all of them at once, and nobody
// waits for a timer.
package loaders

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Loaders are the loaders of one operation.
type Loaders struct {
	// Now is the operation's one present instant.
	Now scalar.DateTime

	// ctx is the operation's: dataloader would pass on that of whichever field came
	// first, and its cancellation with it.
	ctx    context.Context
	reader *store.Reader

	mu      sync.Mutex
	batches map[place]any
	queries map[place]prepared
}

// place is what is read and for which field of the operation's document. Its
// arguments are part of the field, so two aliases never mix.
type place struct {
	field *ast.Field
	what  any
}

type contextKey struct{}

// With returns ctx with the loaders of one operation, whose present instant is now. They
// read under ctx.
func With(ctx context.Context, reader *store.Reader, now scalar.DateTime) context.Context {
	return context.WithValue(ctx, contextKey{}, &Loaders{Now: now, ctx: ctx, reader: reader, batches: map[place]any{}, queries: map[place]prepared{}})
}

// For returns the loaders of the operation that ctx belongs to.
func For(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// batch reads one thing for all parents at one place.
type batch[K comparable, V any] struct {
	loader *dataloader.Loader[K, V]
	mu     sync.Mutex
	sent   map[any]bool // the first row of each level whose keys were sent
}

// batchAt returns the batch at a place, made on first use.
func batchAt[K comparable, V any](l *Loaders, at place, read func(context.Context, []K) (map[K]V, error)) *batch[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found, ok := l.batches[at]; ok {
		return found.(*batch[K, V])
	}
	b := &batch[K, V]{
		sent: map[any]bool{},
		loader: dataloader.NewBatchedLoader(func(_ context.Context, keys []K) []*dataloader.Result[V] {
			values, err := read(l.ctx, keys)
			return results(keys, values, err)
		}, dataloader.WithWait[K, V](time.Minute)), // never: load flushes when a level is complete
	}
	l.batches[at] = b
	return b
}

// results puts what was read in the order of the keys, as dataloader wants it. A
// failed read fails every key of the batch.
func results[K comparable, V any](keys []K, values map[K]V, err error) []*dataloader.Result[V] {
	out := make([]*dataloader.Result[V], len(keys))
	for i, key := range keys {
		out[i] = &dataloader.Result[V]{Data: values[key], Error: err}
	}
	return out
}

// load reads what the parent has at a place, and with it what its siblings have.
func load[P any, K comparable, V any](ctx context.Context, what any, parent *P, keyOf func(*P) (K, bool), read func(context.Context, []K) (map[K]V, error)) (value V, err error) {
	key, ok := keyOf(parent)
	if !ok {
		return value, nil
	}
	l := For(ctx)
	at := place{graphql.GetFieldContext(ctx).Field.Field, what}
	if _, ok := what.(allOf); ok {
		at.field = nil
	}
	b := batchAt(l, at, read)
	level := siblings(parent)
	b.mu.Lock()
	if !b.sent[level[0]] {
		b.sent[level[0]] = true
		for _, sibling := range level {
			if key, ok := keyOf(sibling); ok {
				b.loader.Load(l.ctx, key)
			}
		}
		b.loader.Flush()
	}
	b.mu.Unlock()
	return b.loader.Load(l.ctx, key)()
}

// siblings are the rows that were read with parent.
func siblings[P any](parent *P) []*P {
	if rows := any(parent).(interface{ ReadTogether() []*P }).ReadTogether(); len(rows) > 0 {
		return rows
	}
	return []*P{parent}
}
