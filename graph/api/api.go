// Package api wires the API together: the handler of every path that is served, from
// settings that are flags of serve.
package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/admission"
	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/graph/engine"
	"github.com/usagegraph/usagegraph/graph/execute"
	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/resolvers"
)

// Settings are the flags of serve that are of the API, wherever it listens.
type Settings struct {
	Access auth.Settings `embed:""`

	DurationUnit string   `default:"second" enum:"second,minute" help:"What inclusive usage of the charging type DURATION counts, second or minute: the source does not say (${default})."`
	CORSOrigins  []string `name:"cors-origins" placeholder:"ORIGIN,…" help:"Origins whose pages may call the API from browsers, such as https://app.example.com, without a path; * in a host is one label or several, * alone any origin (none)."`

	Limits     document.Settings  `embed:""`
	Operations admission.Settings `embed:""`

	Engine string `default:"on" enum:"on,off" env:"USAGEGRAPH_ENGINE" help:"Whether the read engine answers the operations that it can, on or off; the resolvers answer the others (${default})."`

	// Took is called with the way that each operation went, engine.PathEngine or another of
	// its kind, and why it did not go by the engine, "" where it did. It may be nil.
	Took func(ctx context.Context, path, why string) `kong:"-"`
}

// Variables stand in the defaults and the help of the flags that Settings are.
func Variables() map[string]string {
	return map[string]string{"operations": strconv.Itoa(admission.DefaultOperations())}
}

// New makes the handler of all paths over a database. Operations must be made with the
// same settings. It returns an error where settings contradict each other, or name what
// can't be read.
func New(db *gorm.DB, log *slog.Logger, s Settings, operations *admission.Controller) (http.Handler, error) {
	log = slog.New(transport.LogHandler{Handler: log.Handler()})
	access, err := s.Access.Options(log)
	if err != nil {
		return nil, err
	}
	guard := auth.NewGuard(db, log, append(access, auth.WithRefusals(operations.Refused))...)
	api, err := newGraphQL(db, log, s, guard, operations)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	graphql := transport.Headers(guard.Handler(api))
	mux.Handle("/graphql", graphql)
	mux.Handle("/graphql/{$}", graphql)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", ready(db, log, operations))
	mux.Handle("GET /metrics", operations.Metrics())
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, graph.SDL())
	})
	playground.Handle(mux, graph.SDL())
	return transport.CORS(s.CORSOrigins, transport.Requests(log, operations.Count(mux)))
}

// newGraphQL makes the handler of /graphql, for requests that have a principal.
func newGraphQL(db *gorm.DB, log *slog.Logger, s Settings, guard *auth.Guard, operations *admission.Controller) (http.Handler, error) {
	unit := models.UsageUnit(strings.ToUpper(s.DurationUnit))
	config := graph.Config{Resolvers: &resolvers.Resolver{DurationUnit: unit}}
	config.Schema = transport.PublicSchema(graph.NewExecutableSchema(config).Schema())
	if err := auth.CheckSchema(config.Schema); err != nil {
		return nil, err
	}
	documents, err := document.New(s.Limits, config.Schema, log)
	if err != nil {
		return nil, err
	}
	srv := &execute.Executor{
		DB: db, Guard: guard, Documents: documents, Resolvers: graph.NewExecutableSchema(config),
		Present: apierror.Presenter(log, database.Unavailable),
	}
	if s.Engine == "on" {
		srv.Engine = engine.New(config.Schema, log, engine.Options{DurationUnit: unit, Took: func(ctx context.Context, path, why string) {
			admission.For(ctx).Path = admission.Path(path)
			if s.Took != nil {
				s.Took(ctx, path, why)
			}
		}})
	}
	return operations.Handler(log, guard.Prove(transport.Handler(srv.Prepare, operations.Around))), nil
}
