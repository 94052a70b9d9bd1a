// Package execute executes operations: it does for this API what gqlgen's executor does
// with a chain of extensions. The contexts that only resolvers need are not made for an
// operation that the read engine answers.
package execute

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/admission"
	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/graph/engine"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Executor executes the operations of principals. Its fields are required but Engine.
type Executor struct {
	DB        *gorm.DB
	Guard     *auth.Guard
	Documents *document.Documents
	Engine    *engine.Engine             // answers what it can; nil leaves all operations to the resolvers
	Resolvers graphql.ExecutableSchema   // answers the other operations
	Present   graphql.ErrorPresenterFunc // makes the errors of an answer
}

// execution is the operation of one request.
type execution struct {
	*Executor
	params    *graphql.RawParams
	operation *document.Operation
	errors    gqlerror.List // why it is refused before it is run
}

// Prepare takes the price of a request from its token, which is due also for an operation
// that is refused, and finds its operation.
func (e *Executor) Prepare(ctx context.Context, params *graphql.RawParams) transport.Prepared {
	x := &execution{Executor: e, params: params}
	if err := e.Guard.Ask(ctx); err != nil {
		x.operation, x.errors = e.Documents.Recall(ctx, params), gqlerror.List{err}
	} else {
		x.operation, x.errors = e.Documents.Find(ctx, params)
	}
	return x
}

// Document is that of the operation, nil if it was refused before it was validated.
func (x *execution) Document() *ast.QueryDocument { return x.operation.Document }

// Respond answers the operation, and completes the record of it. All answers, refusals too,
// have the cost of the operation.
func (x *execution) Respond(ctx context.Context) *graphql.Response {
	response := x.respond(ctx)
	response.Extensions = x.operation.Extensions()
	admission.For(ctx).Complete(x.operation.Selected, x.operation.Price())
	return response
}

// respond takes the price of the operation from the token and runs it, or refuses it.
func (x *execution) respond(ctx context.Context) *graphql.Response {
	if len(x.errors) > 0 {
		return x.refuse(ctx, x.errors)
	}
	if err := x.Guard.Pay(ctx, x.operation.Price()); err != nil {
		return x.refuse(ctx, gqlerror.List{err})
	}
	if ctx.Err() != nil { // it ended before it began
		return x.refuse(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	if x.operation.Dry {
		return &graphql.Response{Data: json.RawMessage("null")}
	}
	return x.run(ctx)
}

// run answers the operation by the engine if it can, else by the resolvers.
func (x *execution) run(ctx context.Context) *graphql.Response {
	principal, _ := auth.For(ctx)
	reader, now := store.NewReader(x.DB, principal.Customers).WithPrecondition(principal.Proof), scalar.Now()
	if x.Engine != nil {
		if data, ok := x.Engine.Answer(ctx, engine.Request{
			Text: x.params.Query, Document: x.operation.Document, Operation: x.operation.Selected, Variables: x.operation.Variables, Reader: reader, Now: now,
		}); ok {
			return &graphql.Response{Data: data}
		}
	}
	admission.For(ctx).Path = admission.Resolvers
	ctx = graphql.WithOperationContext(ctx, x.operationContext(ctx))
	ctx = loaders.With(apierror.WithErrorLog(ctx), reader, now)
	ctx = graphql.WithResponseContext(ctx, x.Present, recovered)
	response := x.Resolvers.Exec(ctx)(ctx)
	response.Errors = apierror.Arrange(append(response.Errors, graphql.GetErrors(ctx)...))
	return response
}

// operationContext is what gqlgen's executor and the resolvers read of the operation.
func (x *execution) operationContext(ctx context.Context) *graphql.OperationContext {
	out := &graphql.OperationContext{
		RawQuery: x.params.Query, Variables: x.operation.Variables, OperationName: x.params.OperationName, Doc: x.operation.Document,
		Extensions: x.params.Extensions, Headers: x.params.Headers, Operation: x.operation.Selected,
		RecoverFunc: recovered, RootResolverMiddleware: resolve,
	}
	auth.GuardFields(ctx, out)
	return out
}

// refuse is the response to an operation that is not run.
func (x *execution) refuse(ctx context.Context, errs gqlerror.List) *graphql.Response {
	ctx = graphql.WithResponseContext(ctx, x.Present, recovered)
	for _, err := range errs {
		graphql.AddError(ctx, err)
	}
	return &graphql.Response{Errors: graphql.GetErrors(ctx)}
}

// recovered is the error that a panic of a resolver becomes.
func recovered(_ context.Context, panicked any) error { return apierror.Panic{Value: panicked} }

// resolve is the middleware of root fields, which adds nothing.
func resolve(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }
