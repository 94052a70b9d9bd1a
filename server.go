// Command usagegraph serves what is left of a customer's billing, from several
// billing systems, as one GraphQL API.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
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
	"github.com/usagegraph/usagegraph/internal/command"
	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/resolvers"
)

//go:generate go tool gqlgen generate
//go:generate go run ./internal/slim graph/generated.go

//go:embed schema.graphqls
var sdl string

// commands are what the binary does.
type commands struct {
	command.Database

	Version kong.VersionFlag `help:"Print the version, the commit and the version of Go."`

	Serve   serve           `cmd:"" help:"Serve the API."`
	Import  command.Import  `cmd:"" help:"Read what a billing system answered."`
	Check   command.Check   `cmd:"" help:"Hold all that is stored to the rules of billing, and report what breaks them."`
	Seed    command.Seed    `cmd:"" help:"Fill an empty database with made-up customers."`
	Migrate command.Migrate `cmd:"" help:"Make and change the tables."`
	Token   command.Token   `cmd:"" help:"Make, list and revoke API tokens."`
	Schema  schema          `cmd:"" help:"Print the GraphQL schema."`
}

// variables stand in the defaults and the help of flags.
var variables = kong.Vars{
	"kinds":      strings.Join(ingest.Kinds(), ", "),
	"pool":       strconv.Itoa(models.DefaultPool()),
	"operations": strconv.Itoa(admission.DefaultOperations()),
	"version":    version(),
}

// version says what the binary was built from, as far as Go recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "usagegraph, built without a record of its source"
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	commit := settings["vcs.revision"]
	switch {
	case commit == "":
		commit = "unknown"
	case settings["vcs.modified"] == "true":
		commit += " with changes"
	}
	return fmt.Sprintf("usagegraph %s\ncommit %s\n%s %s/%s", info.Main.Version, commit, info.GoVersion, runtime.GOOS, runtime.GOARCH)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	var cli commands
	parser := kong.Must(&cli,
		kong.Name("usagegraph"),
		kong.Description("What is left of a customer's billing: inclusive usage, commits, credits and entitlements, as one GraphQL API."),
		variables,
		kong.BindTo(ctx, (*context.Context)(nil)))
	run, err := parser.Parse(os.Args[1:])
	if bad, ok := errors.AsType[*kong.ParseError](err); ok {
		// Standard output is for what was asked for, such as a token.
		parser.Stdout = os.Stderr
		_ = bad.Context.PrintUsage(true)
	}
	if err == nil {
		err = run.Run(&cli.Database)
	}
	if ctx.Err() != nil && err != nil {
		err = errors.New("stopped by a signal: nothing of what was running has landed")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "usagegraph:", err)
		os.Exit(1)
	}
}

type schema struct{}

// Run prints the schema.
func (schema) Run() error {
	_, err := io.WriteString(os.Stdout, sdl)
	return err
}

// settings are those of the API, wherever it listens.
type settings struct {
	command.Access `embed:""`

	DurationUnit string   `default:"second" enum:"second,minute" help:"What inclusive usage of the charging type DURATION counts, second or minute: the source does not say (${default})."`
	CORSOrigins  []string `name:"cors-origins" placeholder:"ORIGIN,…" help:"Origins whose pages may call the API from browsers, such as https://app.example.com, without a path; * in a host is one label or several, * alone any origin (none)."`

	Limits     document.Settings  `embed:""`
	Operations admission.Settings `embed:""`

	Engine string `default:"on" enum:"on,off" env:"USAGEGRAPH_ENGINE" help:"Whether the read engine answers the operations that it can, on or off; the resolvers answer the others (${default})."`

	took func(ctx context.Context, path, why string) // told which way each operation went; nil for nobody
}

// newHandler wires the API together. It is what serve runs and what tests call.
func newHandler(db *gorm.DB, log *slog.Logger, s settings, operations *admission.Controller) (http.Handler, error) {
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
		_, _ = io.WriteString(w, sdl)
	})
	playground.Handle(mux, sdl)
	return transport.CORS(s.CORSOrigins, transport.Requests(log, operations.Count(mux)))
}

// ready tells whether operations can be served: not while the process stops, nor
// without a database that has all migrations.
func ready(db *gorm.DB, log *slog.Logger, operations *admission.Controller) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if operations.Stopping() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if due, err := migrations.Due(ctx, db); err != nil || due {
			log.WarnContext(ctx, "not ready", "migration due", due, "err", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	}
}

// newGraphQL makes the handler of /graphql, for requests that have a principal.
func newGraphQL(db *gorm.DB, log *slog.Logger, s settings, guard *auth.Guard, operations *admission.Controller) (http.Handler, error) {
	unit := models.UsageUnit(strings.ToUpper(s.DurationUnit))
	config := graph.Config{Resolvers: &resolvers.Resolver{DurationUnit: unit}}
	config.Schema = transport.Whole(graph.NewExecutableSchema(config).Schema())
	if err := auth.CheckSchema(config.Schema); err != nil {
		return nil, err
	}
	documents, err := document.New(s.Limits, config.Schema, log)
	if err != nil {
		return nil, err
	}
	srv := &execute.Executor{
		DB: db, Guard: guard, Documents: documents, Resolvers: graph.NewExecutableSchema(config),
		Present: apierror.Presenter(log, models.Unavailable),
	}
	if s.Engine == "on" {
		srv.Engine = engine.New(config.Schema, log, engine.Options{DurationUnit: unit, Took: func(ctx context.Context, path, why string) {
			admission.For(ctx).Path = admission.Path(path)
			if s.took != nil {
				s.took(ctx, path, why)
			}
		}})
	}
	return operations.Handler(log, guard.Prove(transport.Handler(srv.Prepare, operations.Around))), nil
}
