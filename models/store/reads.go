package store

import (
	"context"
	"sync/atomic"
)

// ReadCount counts what is read under a context.
type ReadCount struct {
	Statements atomic.Int64
	Rows       atomic.Int64
}

type readsKey struct{}

// WithReadCount returns ctx, under which reads are counted.
func WithReadCount(ctx context.Context, reads *ReadCount) context.Context {
	return context.WithValue(ctx, readsKey{}, reads)
}

// count counts a statement and the rows that it read.
func count(ctx context.Context, rows int64) {
	if reads, ok := ctx.Value(readsKey{}).(*ReadCount); ok {
		reads.Statements.Add(1)
		reads.Rows.Add(rows)
	}
}
