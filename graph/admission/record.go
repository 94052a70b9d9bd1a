package admission

import (
	"context"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

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

// Complete completes the record of an operation that the executor has answered. None is
// selected of a document that is refused.
func (r *Record) Complete(selected *ast.OperationDefinition, cost int, response *graphql.Response) {
	r.Cost = cost
	if selected != nil {
		r.Name = selected.Name[:min(len(selected.Name), maxName)]
	}
	if r.Path == "" && response.Data != nil {
		r.Path = Resolvers
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
