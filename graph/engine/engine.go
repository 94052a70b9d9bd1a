// Package engine answers operations that select nothing but rows of tables, without
// gqlgen's generated code.
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
// field asks for what. It answers wholly or not at all. Whatever it does not support or
// can't do, a wrong argument, a failed statement, a null where there is none, it leaves
// to the resolvers before anything is written, so that errors are theirs.
package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
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
	// Took is called with the path that each operation took and, for the resolvers', why.
	// It may be nil.
	Took func(ctx context.Context, path, why string)
}

// Engine answers the operations of a schema that it can.
type Engine struct {
	schema  *ast.Schema
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

// New makes the engine of a schema.
func New(schema *ast.Schema, log *slog.Logger, options Options) *Engine {
	return &Engine{schema, options, log, otter.Must(&otter.Options[planKey, planned]{
		MaximumWeight: maxPlans,
		Weigher:       func(key planKey, p planned) uint32 { return uint32(textBytes*len(key.text) + p.plan.bytes()) },
	})}
}

// Request is an operation that is to be answered.
type Request struct {
	Text      string // of the document
	Document  *ast.QueryDocument
	Operation *ast.OperationDefinition
	Variables map[string]any
	Reader    *store.Reader   // of what the operation may read
	Now       scalar.DateTime // its one present instant
}

// Answer is the data of the answer to an operation, and false if the resolvers must give
// it.
func (e *Engine) Answer(ctx context.Context, request Request) (json.RawMessage, bool) {
	data, err := e.answer(ctx, &request)
	if err != nil {
		e.took(ctx, PathResolvers, err.Error())
		return nil, false
	}
	e.took(ctx, PathEngine, "")
	return data, true
}

func (e *Engine) took(ctx context.Context, path, why string) {
	if e.options.Took != nil {
		e.options.Took(ctx, path, why)
	}
}

// answer is Answer, and the error says why the resolvers must give it.
func (e *Engine) answer(ctx context.Context, request *Request) (data json.RawMessage, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			e.log.ErrorContext(ctx, "the read engine panicked", "panic", panicked)
			data, err = nil, fmt.Errorf("panic: %v", panicked)
		}
	}()
	found := e.plan(request)
	if found.why != nil {
		return nil, found.why
	}
	if principal, _ := auth.For(ctx); principal.Scopes != auth.AllScopes {
		for field := range found.plan.fields {
			if !principal.Scopes.Reads(field.object, field.field, field.result) {
				return nil, fmt.Errorf("%s.%s may be of another scope", field.object, field.field)
			}
		}
	}
	r, err := newRun(found.plan, request.Reader, models.Moment{Now: request.Now, DurationUnit: e.options.DurationUnit}, request.Variables)
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
func (e *Engine) plan(request *Request) planned {
	key := planKey{request.Text, request.Operation.Name, choices(request.Operation, request.Variables)}
	if found, ok := e.plans.GetIfPresent(key); ok {
		return found
	}
	made, err := compile(&graphql.OperationContext{Doc: request.Document, Operation: request.Operation, Variables: request.Variables}, e.schema, request.Reader.Postgres())
	if len(key.text) <= maxText && len(key.choices) <= maxChoices {
		e.plans.Set(key, planned{made, err})
	}
	return planned{made, err}
}

// choices are the values that a plan depends on.
func choices(operation *ast.OperationDefinition, variables map[string]any) string {
	var out []byte
	for _, variable := range operation.VariableDefinitions {
		if variable.Type.NamedType == "Boolean" {
			out = fmt.Appendf(out, "%v,", variables[variable.Variable])
		}
	}
	for _, selection := range operation.SelectionSet {
		if field, ok := selection.(*ast.Field); ok && field.Name == "node" {
			out = append(append(out, typeOf(field, variables)...), ',')
		}
	}
	return string(out)
}
