package limits

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/auth"
)

// DryRun is the request header that asks what an operation costs: X-GraphQL-Cost:
// only. The operation is checked like any other, and not run.
const DryRun = "X-GraphQL-Cost"

// Documents finds, parses and checks the document of each request before the executor
// does, which asks it for the parsed one: it is the executor's query cache, too. Each
// answer tells in extensions.cost what the operation costs.
type Documents struct {
	memory
	settings Settings
	schema   *ast.Schema
	trusted  trusted
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.ResponseInterceptor
	graphql.Cache[*ast.QueryDocument]
} = (*Documents)(nil)

// ExtensionName names the extension for the executor.
func (*Documents) ExtensionName() string { return "Documents" }

// Validate takes the schema that documents are for.
func (d *Documents) Validate(schema graphql.ExecutableSchema) error {
	d.schema = schema.Schema()
	return nil
}

// operation is what became of the operation of a request.
type operation struct {
	document *ast.QueryDocument
	tally    tally
	limit    int  // of the cost
	dry      bool // only the cost is asked for
	errors   gqlerror.List
}

// of is the operation of a context, nil if there is none yet.
func of(ctx context.Context) *operation {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	found, _ := graphql.GetOperationContext(ctx).Stats.GetExtension("Documents").(*operation)
	return found
}

// CostOf is what the operation of a context takes from its token: its cost, but 1 of a
// dry run. It is 0 if there is none, or if its document was refused before it was known.
func CostOf(ctx context.Context) int {
	found := of(ctx)
	switch {
	case found == nil:
		return 0
	case found.dry:
		return min(found.tally.cost, 1)
	}
	return found.tally.cost
}

// MutateOperationParameters puts the text of a persisted document into the request,
// and refuses a document that is past a limit or not valid.
func (d *Documents) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	limit := d.settings.MaxCost
	if principal, ok := auth.For(ctx); ok && principal.CostLimit != 0 {
		limit = principal.CostLimit
	}
	found := &operation{limit: limit, dry: request.Headers.Get(DryRun) == "only"}
	graphql.GetOperationContext(ctx).Stats.SetExtension("Documents", found)
	if found.errors = d.take(ctx, request, found); len(found.errors) > 0 {
		return found.errors[0]
	}
	return nil
}

// Get is the document of the request, which is parsed and valid.
func (d *Documents) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	return of(ctx).document, true
}

// Add does nothing: Get never misses.
func (*Documents) Add(context.Context, string, *ast.QueryDocument) {}

// InterceptResponse completes an answer with the cost, and with the errors beside the
// first, which is all that MutateOperationParameters can return.
func (*Documents) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	found := of(ctx)
	if found == nil {
		return next(ctx)
	}
	graphql.RegisterExtension(ctx, "cost", struct {
		Requested int `json:"requested"`
		Limit     int `json:"limit"`
	}{found.tally.cost, found.limit})
	for i, err := range found.errors {
		if i > 0 {
			graphql.AddError(ctx, err)
		}
	}
	if found.dry && len(graphql.GetErrors(ctx)) == 0 {
		return &graphql.Response{Data: json.RawMessage("null"), Extensions: graphql.GetExtensions(ctx)}
	}
	return next(ctx)
}
