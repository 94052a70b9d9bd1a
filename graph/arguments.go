package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/coerce"
)

// arguments are those of a field, coerced and then read into the types of its resolver.
func arguments(
	ctx context.Context, field graphql.CollectedField, variables map[string]any,
	read func(context.Context, map[string]any) (map[string]any, error),
) (map[string]any, error) {
	given, err := coerce.Arguments(parsedSchema, field.Field, variables)
	if err != nil {
		return nil, err
	}
	return read(ctx, given)
}
