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

// By prepares operations that e runs.
func By(e *executor.Executor) transport.Prepare {
	return func(ctx context.Context, params *graphql.RawParams) transport.Prepared {
		operation, errors := e.CreateOperationContext(graphql.StartOperationTrace(ctx), params)
		return prepared{e, operation, errors}
	}
}

// prepared is an operation of gqlgen's executor.
type prepared struct {
	executor  *executor.Executor
	operation *graphql.OperationContext
	errors    gqlerror.List
}

// Document is that of the operation.
func (p prepared) Document() *ast.QueryDocument { return p.operation.Doc }

// Respond runs the operation, or answers its errors.
func (p prepared) Respond(ctx context.Context) *graphql.Response {
	if p.errors != nil {
		return p.executor.DispatchError(graphql.WithOperationContext(ctx, p.operation), p.errors)
	}
	respond, ctx := p.executor.DispatchOperation(ctx, p.operation)
	return respond(ctx)
}
