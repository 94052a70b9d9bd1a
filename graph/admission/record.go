package admission

import (
	"context"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/models/store"
)

// Record is what an operation did. It is completed before its line is logged.
type Record struct {
	store.ReadCount

	Name string // of the operation in the document; "" if it has none or is not known
	Cost int    // what the operation takes from its token
	Path Path   // "" if it did not run

	codes []string // of the errors, each once, in their order
}

// Path is what ran an operation.
type Path string

// Resolvers is the path of operations that the resolvers answer, field by field.
const Resolvers Path = "resolvers"

type recordKey struct{}

// For is the record of the operation that ctx belongs to. It panics where there is none: ctx
// must come from a request that Controller.Handler passes on.
func For(ctx context.Context) *Record { return ctx.Value(recordKey{}).(*Record) }

// maxName bounds the name that is kept of an operation, in bytes.
const maxName = 64

// Complete keeps the name and the cost of an operation that has been answered or refused.
// Selected is nil if it is not known.
func (r *Record) Complete(selected *ast.OperationDefinition, cost int) {
	r.Cost = cost
	if selected != nil {
		r.Name = selected.Name[:min(len(selected.Name), maxName)]
	}
}

// keepCodes keeps the codes of the errors of a response.
func (r *Record) keepCodes(response *graphql.Response) {
	for _, err := range response.Errors {
		if code := fmt.Sprint(err.Extensions["code"]); !slices.Contains(r.codes, code) {
			r.codes = append(r.codes, code)
		}
	}
}
