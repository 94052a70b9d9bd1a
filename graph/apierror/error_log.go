package apierror

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Bounds of the errors of an operation: those that are gathered, as they come in the
// order of the goroutines, and those of them that the answer has.
const (
	maxGathered = 1000
	maxErrors   = 20
)

// errorLog is what has been logged and gathered of the errors of an operation.
type errorLog struct {
	logged   sync.Map // causes
	gathered atomic.Int64
}

type errorLogKey struct{}

// errorLogOf is nil outside of operations.
func errorLogOf(ctx context.Context) *errorLog {
	l, _ := ctx.Value(errorLogKey{}).(*errorLog)
	return l
}

// isFull counts one more error, and reports whether it is past those that are gathered.
func (l *errorLog) isFull() bool { return l != nil && l.gathered.Add(1) > maxGathered }

// Panic is the error that a panic becomes.
type Panic struct{ Value any }

// Error is what was panicked with, for the log.
func (p Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// report logs an unexpected error: once, though each parent of a batch has it. If the
// client went away, only a panic is one: all else may be how its statements ended, which
// each driver says in its own way.
func report(ctx context.Context, log *slog.Logger, path string, err error) {
	if _, panicked := errors.AsType[Panic](err); !panicked && context.Cause(ctx) == context.Canceled {
		return
	}
	if l := errorLogOf(ctx); l != nil {
		cause := err
		for inner := err; inner != nil; inner = errors.Unwrap(inner) {
			cause = inner
		}
		if _, again := l.logged.LoadOrStore(cause.Error(), true); again {
			return
		}
	}
	log.ErrorContext(ctx, "resolve", "path", path, "err", err)
}

// WithErrorLog returns ctx with a record of the errors of its operation: each is then logged
// once, and a bounded number is gathered.
func WithErrorLog(ctx context.Context) context.Context {
	return context.WithValue(ctx, errorLogKey{}, new(errorLog))
}

// Arrange puts the errors of an answer in order of their paths, and leaves the first of
// them.
func Arrange(errors gqlerror.List) gqlerror.List {
	slices.SortStableFunc(errors, func(a, b *gqlerror.Error) int { return comparePaths(a.Path, b.Path) })
	return errors[:min(len(errors), maxErrors)]
}

// comparePaths orders paths by their elements, an index before a name.
func comparePaths(a, b ast.Path) int {
	return slices.CompareFunc(a, b, func(x, y ast.PathElement) int {
		i, isIndex := x.(ast.PathIndex)
		j, isIndex2 := y.(ast.PathIndex)
		switch {
		case isIndex && isIndex2:
			return cmp.Compare(i, j)
		case isIndex:
			return -1
		case isIndex2:
			return 1
		}
		m, _ := x.(ast.PathName)
		n, _ := y.(ast.PathName)
		return cmp.Compare(m, n)
	})
}
