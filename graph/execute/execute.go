// Package execute runs operations: it does for this API what gqlgen's executor does
// with a chain of extensions. An operation that the read engine answers pays for nothing
// that only resolvers need.
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
	"github.com/usagegraph/usagegraph/models"
)

// Executor finds and runs the operations of principals.
type Executor struct {
	DB        *gorm.DB
	Guard     *auth.Guard
	Documents *document.Documents
	Engine    *engine.Engine           // nil leaves all operations to the resolvers
	Resolvers graphql.ExecutableSchema // answer what the engine does not
	Present   graphql.ErrorPresenterFunc
}

// asked is the operation of a request.
type asked struct {
	*Executor
	params *graphql.RawParams
	found  *document.Operation // nil if nothing was looked for
	errors gqlerror.List       // why it is refused
}

// Find finds the operation of a request. Asking is paid for, also by who asks what is
// refused.
func (e *Executor) Find(ctx context.Context, params *graphql.RawParams) transport.Operation {
	a := &asked{Executor: e, params: params}
	a.errors = a.check(ctx)
	return a
}

// check tells why an operation is refused before it is run.
func (a *asked) check(ctx context.Context) (errs gqlerror.List) {
	if err := a.Guard.Ask(ctx); err != nil {
		return gqlerror.List{err}
	}
	a.found, errs = a.Documents.Find(ctx, a.params)
	return errs
}

// Document is that of the operation, nil if it was refused before it was known.
func (a *asked) Document() *ast.QueryDocument {
	if a.found == nil {
		return nil
	}
	return a.found.Document
}

// Respond takes the price of the operation and runs it, or tells why it is refused.
func (a *asked) Respond(ctx context.Context) *graphql.Response {
	if len(a.errors) > 0 {
		return a.refuse(ctx, a.errors)
	}
	if err := a.Guard.Pay(ctx, a.found.Price()); err != nil {
		return &graphql.Response{Errors: gqlerror.List{err}}
	}
	if ctx.Err() != nil { // it ended before it began
		return a.refuse(ctx, gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
	}
	if a.found.Dry {
		return &graphql.Response{Data: json.RawMessage("null"), Extensions: a.found.Extensions()}
	}
	return a.complete(ctx, a.run(ctx))
}

// run answers the operation by the engine if it can, else by the resolvers.
func (a *asked) run(ctx context.Context) *graphql.Response {
	principal, _ := auth.For(ctx)
	reader, now := models.NewReader(a.DB, principal.Scope).Owing(principal.Proof), models.Now()
	if a.Engine != nil {
		if data, ok := a.Engine.Answer(ctx, engine.Request{
			Text: a.params.Query, Document: a.found.Document, Operation: a.found.Selected, Variables: a.found.Variables, Reader: reader, Now: now,
		}); ok {
			return &graphql.Response{Data: data}
		}
	}
	ctx = graphql.WithOperationContext(ctx, a.context(ctx))
	ctx = loaders.With(apierror.WithMemory(ctx), reader, now)
	ctx = graphql.WithResponseContext(ctx, a.Present, recovered)
	response := a.Resolvers.Exec(ctx)(ctx)
	response.Errors = apierror.Arrange(append(response.Errors, graphql.GetErrors(ctx)...))
	return response
}

// context is what resolvers are told of the operation.
func (a *asked) context(ctx context.Context) *graphql.OperationContext {
	out := &graphql.OperationContext{
		RawQuery: a.params.Query, Variables: a.found.Variables, OperationName: a.params.OperationName, Doc: a.found.Document,
		Extensions: a.params.Extensions, Headers: a.params.Headers, Operation: a.found.Selected,
		RecoverFunc: recovered, RootResolverMiddleware: resolve,
	}
	auth.GuardFields(ctx, out)
	return out
}

// refuse is the response to an operation that is not run.
func (a *asked) refuse(ctx context.Context, errs gqlerror.List) *graphql.Response {
	ctx = graphql.WithResponseContext(ctx, a.Present, recovered)
	for _, err := range errs {
		graphql.AddError(ctx, err)
	}
	return a.complete(ctx, &graphql.Response{Errors: graphql.GetErrors(ctx)})
}

// complete completes a response, and the record of the operation.
func (a *asked) complete(ctx context.Context, response *graphql.Response) *graphql.Response {
	response.Extensions = a.found.Extensions()
	admission.For(ctx).Complete(a.found.Operation(), a.found.Price(), response)
	return response
}

func recovered(_ context.Context, panicked any) error { return apierror.Panic{Value: panicked} }

func resolve(ctx context.Context, next graphql.RootResolver) graphql.Marshaler { return next(ctx) }
