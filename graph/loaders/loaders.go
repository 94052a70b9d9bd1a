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

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/models"
)

// Loaders are the loaders of one operation.
type Loaders struct {
	// Now is the operation's one present instant.
	Now models.DateTime

	// ctx is the operation's: that of whichever field came first may end before it.
	ctx    context.Context
	reader *models.Reader

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

// Middleware gives each operation loaders of its own, which read what its
// principal may read.
func Middleware(db *gorm.DB) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		principal, ok := auth.For(ctx)
		if !ok {
			graphql.AddError(ctx, apierror.New(apierror.Unauthenticated, "there is no token"))
			return graphql.OneShot(&graphql.Response{Errors: graphql.GetErrors(ctx)})
		}
		return next(context.WithValue(ctx, contextKey{}, New(ctx, models.NewReader(db, principal.Scope).Owing(principal.Proof))))
	}
}

// New makes the loaders of one operation, which read under ctx.
func New(ctx context.Context, reader *models.Reader) *Loaders {
	return &Loaders{Now: models.Now(), ctx: ctx, reader: reader, batches: map[place]any{}, queries: map[place]prepared{}}
}

// For returns the loaders of the operation that ctx belongs to.
func For(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// Reader reads what the operation's principal may read.
func (l *Loaders) Reader() *models.Reader { return l.reader }

// batch reads one thing for all parents at one place.
type batch[K comparable, V any] struct {
	mu    sync.Mutex
	sent  map[any]bool                  // the first row of each level whose keys are in reads
	reads map[K]func() (map[K]V, error) // what reads a key, with others, once
}

// batchAt returns the batch at a place, made on first use.
func batchAt[K comparable, V any](l *Loaders, at place) *batch[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found, ok := l.batches[at]; ok {
		return found.(*batch[K, V])
	}
	b := &batch[K, V]{sent: map[any]bool{}, reads: map[K]func() (map[K]V, error){}}
	l.batches[at] = b
	return b
}

// load reads what the parent has at a place, and with it what its siblings have. A
// read that fails fails for all of them.
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
	b := batchAt[K, V](l, at)
	level := siblings(parent)
	b.mu.Lock()
	if !b.sent[level[0]] {
		b.sent[level[0]] = true
		var keys []K
		once := sync.OnceValues(func() (map[K]V, error) { return read(l.ctx, keys) })
		for _, sibling := range level {
			if key, ok := keyOf(sibling); ok && b.reads[key] == nil {
				b.reads[key] = once
				keys = append(keys, key)
			}
		}
	}
	once := b.reads[key]
	b.mu.Unlock()
	values, err := once()
	return values[key], err
}

// siblings are the rows that were read with parent.
func siblings[P any](parent *P) []*P {
	if rows := any(parent).(interface{ Siblings() []*P }).Siblings(); len(rows) > 0 {
		return rows
	}
	return []*P{parent}
}
