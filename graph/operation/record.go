package operation

import (
	"context"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/models"
)

// Record is what an operation did.
type Record struct {
	models.Reads

	Name string // of the operation in the document, "" if it has none
	Cost int
	Path Path // "" if it did not run

	codes []string // of the errors, each once, in their order
}

// Path is what ran an operation.
type Path string

// Resolvers is the path of operations that the executor runs, field by field.
const Resolvers Path = "resolvers"

type recordKey struct{}

// For is the record of the operation that ctx belongs to.
func For(ctx context.Context) *Record { return ctx.Value(recordKey{}).(*Record) }

// maxName bounds the name that is kept of an operation, in bytes.
const maxName = 64

// Answers completes the record of each operation that the executor answers. Cost
// tells what the operation of a context costs.
func Answers(cost func(context.Context) int) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		response, record := next(ctx), For(ctx)
		record.Cost = cost(ctx)
		if selected := graphql.GetOperationContext(ctx).Operation; selected != nil {
			record.Name = selected.Name[:min(len(selected.Name), maxName)]
		}
		if record.Path == "" && response != nil && response.Data != nil {
			record.Path = Resolvers
		}
		return response
	}
}

// answered keeps the codes of a response.
func (r *Record) answered(response *graphql.Response) {
	for _, err := range response.Errors {
		if code := fmt.Sprint(err.Extensions["code"]); !slices.Contains(r.codes, code) {
			r.codes = append(r.codes, code)
		}
	}
}
