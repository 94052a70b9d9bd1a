package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// marshalList marshals the elements of a list one after the other. A panic in one of
// them makes the list null, as gqlgen has it.
func marshalList(ctx context.Context, n int, marshal func(context.Context, int) graphql.Marshaler) graphql.Array {
	list, contexts, places := make(graphql.Array, n), make([]graphql.FieldContext, n), make([]int, n)
	for i := range list {
		places[i], contexts[i].Index = i, &places[i]
		if !marshalElement(graphql.WithFieldContext(ctx, &contexts[i]), list, i, marshal) {
			return nil
		}
	}
	return list
}

func marshalElement(ctx context.Context, list graphql.Array, i int, marshal func(context.Context, int) graphql.Marshaler) (ok bool) {
	defer func() {
		if panicked := recover(); panicked != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, panicked))
		}
	}()
	list[i] = marshal(ctx, i)
	return true
}
