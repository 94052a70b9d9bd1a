// Package transporttest lets tests run operations by gqlgen's executor.
package transporttest

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/transport"
)

// By finds operations that e runs.
func By(e *executor.Executor) transport.Find {
	return func(ctx context.Context, params *graphql.RawParams) transport.Operation {
		asked, errors := e.CreateOperationContext(graphql.StartOperationTrace(ctx), params)
		return operation{e, asked, errors}
	}
}

type operation struct {
	executor *executor.Executor
	asked    *graphql.OperationContext
	errors   gqlerror.List
}

func (o operation) Document() *ast.QueryDocument { return o.asked.Doc }

func (o operation) Respond(ctx context.Context) *graphql.Response {
	if o.errors != nil {
		return o.executor.DispatchError(graphql.WithOperationContext(ctx, o.asked), o.errors)
	}
	respond, ctx := o.executor.DispatchOperation(ctx, o.asked)
	return respond(ctx)
}
