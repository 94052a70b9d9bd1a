// Package engine answers operations that select nothing but rows of tables, without
// gqlgen's executor.
//
// A plan is made of such an operation once, and kept by the text of its document: a
// tree of the places at which rows are read, and a list of steps that write an answer.
// A run of it reads level by level: a statement for each place, whatever the number of
// its parents, those of a level in one round trip where the database is PostgreSQL. The
// cells of the rows stay as the driver gave them. When all levels have been read, the
// steps append the answer to one buffer.
//
// What the tables are, what pages, filters and orders them and whose rows may be read
// is data in models, which renders the SQL of both readers; this package adds which
// field asks for what. It answers wholly or not at all. Whatever it does not know or
// can't do, a wrong argument, a failed statement, a null where there is none, it leaves
// to the resolvers before anything is written, so that errors are theirs.
package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models"
)

// The paths that an operation takes.
const (
	PathEngine    = "engine"
	PathResolvers = "resolvers"
)

// Bounds of the plans that are kept, in bytes. A plan is measured by what it has: spread
// fragments make a large one of a short text.
const (
	maxPlans   = 32 << 20
	entryBytes = 1000     // for each plan, however small
	textBytes  = 60       // for each byte of a document, which stays parsed
	nodeBytes  = 4000     // for each place at which rows are read, with its statements
	stepBytes  = 400      // for each field that is written
	maxText    = 64 << 10 // of a document whose plan is kept
	maxChoices = 60       // of the values by which plans differ
)

// Options are the settings of an engine.
type Options struct {
	DurationUnit models.UsageUnit
	// Took is told which path each operation took and, for the resolvers', why. It may
	// be nil.
	Took func(ctx context.Context, path, why string)
}

// schema is an executable schema whose operations the engine answers if it can.
type schema struct {
	graphql.ExecutableSchema
	options Options
	log     *slog.Logger
	plans   *otter.Cache[planKey, planned]
}

// planKey is what a plan depends on: the document, which operation of it, the values of
// its Boolean variables, by which @include and @skip may choose, and the types of nodes.
type planKey struct{ text, operation, choices string }

// planned is a plan, or why there is none.
type planned struct {
	plan *plan
	why  error
}

// New puts the engine before the resolvers of a schema.
func New(resolvers graphql.ExecutableSchema, log *slog.Logger, options Options) graphql.ExecutableSchema {
	return &schema{resolvers, options, log, otter.Must(&otter.Options[planKey, planned]{
		MaximumWeight: maxPlans,
		Weigher:       func(key planKey, p planned) uint32 { return uint32(textBytes*len(key.text) + p.plan.bytes()) },
	})}
}

// Exec answers the operation of a context.
func (s *schema) Exec(context.Context) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		data, err := s.answer(ctx)
		if err != nil {
			s.took(ctx, PathResolvers, err.Error())
			return s.ExecutableSchema.Exec(ctx)(ctx)
		}
		s.took(ctx, PathEngine, "")
		return &graphql.Response{Data: data}
	}
}

func (s *schema) took(ctx context.Context, path, why string) {
	if s.options.Took != nil {
		s.options.Took(ctx, path, why)
	}
}

// answer is the data of the answer. The error tells why the resolvers must give it.
func (s *schema) answer(ctx context.Context) (data json.RawMessage, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			s.log.ErrorContext(ctx, "the read engine panicked", "panic", panicked)
			data, err = nil, fmt.Errorf("panic: %v", panicked)
		}
	}()
	loader, operation := loaders.For(ctx), graphql.GetOperationContext(ctx)
	found := s.plan(operation, loader.Reader().Postgres())
	if found.why != nil {
		return nil, found.why
	}
	principal, _ := auth.For(ctx)
	for field := range found.plan.fields {
		if !principal.Scopes.Reads(field.object, field.field, field.result) {
			return nil, fmt.Errorf("%s.%s may be of another scope", field.object, field.field)
		}
	}
	moment := models.Moment{Now: loader.Now, DurationUnit: s.options.DurationUnit}
	r, err := newRun(found.plan, loader.Reader(), moment, operation.Variables)
	defer r.end()
	if err == nil {
		err = r.read(ctx)
	}
	if err != nil {
		return nil, err
	}
	w := writer{run: r, out: transport.Buffer()}
	w.row(found.plan.root, nil, 0)
	return w.out, w.err
}

// plan finds the plan of an operation, or makes it.
func (s *schema) plan(operation *graphql.OperationContext, postgres bool) planned {
	key := planKey{operation.RawQuery, operation.OperationName, choices(operation)}
	if found, ok := s.plans.GetIfPresent(key); ok {
		return found
	}
	made, err := compile(operation, s.Schema(), postgres)
	if len(key.text) <= maxText && len(key.choices) <= maxChoices {
		s.plans.Set(key, planned{made, err})
	}
	return planned{made, err}
}

// choices are the values that a plan depends on.
func choices(operation *graphql.OperationContext) string {
	var out strings.Builder
	for _, variable := range operation.Operation.VariableDefinitions {
		if variable.Type.NamedType == "Boolean" {
			fmt.Fprintf(&out, "%v,", operation.Variables[variable.Variable])
		}
	}
	for _, selection := range operation.Operation.SelectionSet {
		if field, ok := selection.(*ast.Field); ok && field.Name == "node" {
			out.WriteString(typeOf(field, operation.Variables) + ",")
		}
	}
	return out.String()
}
