package graph

import (
	"context"
	"io"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/auth"
)

// The scopes that types need stand in the schema.
func init() { auth.ReadSchema(parsedSchema) }

// unguarded reports whether the token has all scopes, so that nothing looks at the
// fields: then those that their object holds need no more of a context than their place.
func unguarded(ctx context.Context) bool {
	principal, ok := auth.For(ctx)
	return ok && principal.Scopes == auth.AllScopes
}

// within is the context of a field whose objects are marshaled: their place in the
// answer, and no more.
func within(ctx context.Context, field graphql.CollectedField) context.Context {
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: field})
}

// fieldSet is graphql.FieldSet for a schema without @defer and without unions, where
// each alias is in a set once.
type fieldSet struct {
	fields   []graphql.CollectedField
	Values   []graphql.Marshaler
	Invalids uint32
	delayed  []delayed
}

// delayed is a field that a resolver answers.
type delayed struct {
	i      int
	answer func(context.Context) graphql.Marshaler
}

func newFieldSet(fields []graphql.CollectedField) *fieldSet {
	return &fieldSet{fields: fields, Values: make([]graphql.Marshaler, len(fields))}
}

// Concurrently leaves a field to Dispatch.
func (s *fieldSet) Concurrently(i int, answer func(context.Context) graphql.Marshaler) {
	s.delayed = append(s.delayed, delayed{i, answer})
}

// Dispatch answers the fields that were left to it, all at once.
func (s *fieldSet) Dispatch(ctx context.Context) {
	if len(s.delayed) == 0 {
		return
	}
	var others sync.WaitGroup
	for _, d := range s.delayed[1:] {
		others.Go(func() { s.Values[d.i] = d.answer(ctx) })
	}
	s.Values[s.delayed[0].i] = s.delayed[0].answer(ctx)
	others.Wait()
}

// MarshalGQL writes an object. Aliases are names, with nothing to escape.
func (s *fieldSet) MarshalGQL(w io.Writer) {
	mark := "{\""
	for i := range s.fields {
		_, _ = io.WriteString(w, mark)
		_, _ = io.WriteString(w, s.fields[i].Alias)
		_, _ = io.WriteString(w, `":`)
		s.Values[i].MarshalGQL(w)
		mark = ",\""
	}
	if len(s.fields) == 0 {
		_, _ = io.WriteString(w, "{")
	}
	_, _ = io.WriteString(w, "}")
}
