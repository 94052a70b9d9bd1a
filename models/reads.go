package models

import (
	"context"
	"sync/atomic"
)

// Reads counts what is read under a context.
type Reads struct {
	Statements atomic.Int64
	Rows       atomic.Int64
}

type readsKey struct{}

// WithReads returns ctx, under which reads are counted.
func WithReads(ctx context.Context, reads *Reads) context.Context {
	return context.WithValue(ctx, readsKey{}, reads)
}

// count counts a statement and the rows that it read.
func count(ctx context.Context, rows int64) {
	if reads, ok := ctx.Value(readsKey{}).(*Reads); ok {
		reads.Statements.Add(1)
		reads.Rows.Add(rows)
	}
}
