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
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/alecthomas/kong"
	"github.com/vektah/gqlparser/v2/ast"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/limits"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/operation"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/internal/command"
	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/resolvers"
)

//go:generate go tool gqlgen generate

//go:embed schema.graphqls
var sdl string

// commands are what the binary does.
type commands struct {
	command.Database

	Serve   serve           `cmd:"" help:"Serve the API."`
	Import  command.Import  `cmd:"" help:"Read what a billing system answered."`
	Check   command.Check   `cmd:"" help:"Hold all that is stored to the rules of billing, and report what breaks them."`
	Seed    command.Seed    `cmd:"" help:"Fill an empty database with made-up customers."`
	Migrate command.Migrate `cmd:"" help:"Make and change the tables."`
	Token   command.Token   `cmd:"" help:"Make, list and revoke API tokens."`
	Schema  schema          `cmd:"" help:"Print the GraphQL schema."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	var cli commands
	parser := kong.Must(&cli,
		kong.Name("usagegraph"),
		kong.Description("What is left of a customer's billing: inclusive usage, commits, credits and entitlements, as one GraphQL API."),
		kong.Vars{
			"kinds":      strings.Join(ingest.Kinds(), ", "),
			"pool":       strconv.Itoa(models.DefaultPool()),
			"operations": strconv.Itoa(operation.DefaultOperations()),
		},
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

type serve struct {
	Listen       string   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default})."`
	Demo         bool     `help:"Fill an empty database with demo data, and print a token and the address. Listens on this machine only."`
	DurationUnit string   `default:"second" enum:"second,minute" help:"What inclusive usage of the charging type DURATION counts, second or minute: the source does not say (${default})."`
	CORSOrigins  []string `name:"cors-origins" placeholder:"ORIGIN,…" help:"Origins whose pages may call the API from browsers, such as https://app.example.com; * is any (none)."`
	Pool         int      `default:"${pool}" placeholder:"N" help:"How many connections to the database (${default}: 2 a core)."`
	LogFormat    string   `default:"logfmt" enum:"logfmt,json" help:"How the log is written, logfmt or json (${default})."`

	Operations operation.Settings `embed:""`
}

// demoCustomers is how many customers the demo has.
const demoCustomers = 25

// Run serves until the process is told to stop.
func (s serve) Run(ctx context.Context, database *command.Database) error {
	if host, _, err := net.SplitHostPort(s.Listen); s.Demo && (err != nil || !loopback(host)) {
		return fmt.Errorf("--demo makes a token for everyone who sees the screen: it listens on this machine only, not on %s", s.Listen)
	}
	if err := s.validate(); err != nil {
		return err
	}
	operation.BoundMemory()
	db, err := database.Open(ctx)
	if err != nil {
		return err
	}
	defer models.Close(db)
	if err := models.SetPool(db, s.Pool); err != nil {
		return err
	}
	operations, err := operation.New(s.Operations, db)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	if s.Demo {
		if err := demo(ctx, db, "http://"+listener.Addr().String(), os.Stdout); err != nil {
			_ = listener.Close()
			return err
		}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if s.LogFormat == "json" {
		log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	log.Info("serving", "address", "http://"+listener.Addr().String()+"/graphql", "engine", db.Name())
	handler := newHandler(db, log, models.UsageUnit(strings.ToUpper(s.DurationUnit)), operations)
	return operations.Serve(ctx, listener, operations.Server(transport.CORS(s.CORSOrigins, handler)))
}

// validate tells which setting makes no sense.
func (s serve) validate() error {
	if s.Pool < 1 {
		return errors.New("--pool must be 1 or more")
	}
	return s.Operations.Validate()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// demo fills an empty database and says how to ask it.
func demo(ctx context.Context, db *gorm.DB, address string, out io.Writer) error {
	empty, err := models.Empty(ctx, db)
	if err != nil {
		return err
	}
	if empty {
		if _, err := seed.Run(ctx, db, seed.Options{Customers: demoCustomers, Seed: 1}); err != nil {
			return err
		}
	}
	token, hash := auth.NewToken()
	now := models.Now()
	expires := now + models.DateTime((7 * 24 * time.Hour).Microseconds())
	if err := models.CreateToken(ctx, db, &models.APIToken{Name: "demo", Hash: hash, AllCustomers: true, CreatedAt: now, ExpiresAt: &expires}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "usagegraph is at %s\nToken: %s\n\n"+
		"  curl -s %s/graphql -H 'Authorization: Bearer %s' \\\n"+
		"    -H 'Content-Type: application/json' -d '{\"query\": \"{ customers(first: 3) { totalCount nodes { id name } } }\"}'\n\n", address, token, address, token)
	return err
}

// newHandler wires the API together. It is what serve runs and what tests call.
func newHandler(db *gorm.DB, log *slog.Logger, duration models.UsageUnit, operations *operation.Runner) http.Handler {
	log = slog.New(transport.LogHandler{Handler: log.Handler()})
	mux := http.NewServeMux()
	mux.Handle("/graphql", transport.Headers(auth.Middleware(db, log, newGraphQL(db, log, duration, operations))))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", ready(db, log, operations))
	mux.Handle("GET /metrics", operations.Metrics())
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, sdl)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "usagegraph: POST /graphql with a bearer token. The schema is at /schema.graphql.\n")
	})
	return transport.Requests(log, operations.Count(mux))
}

// ready tells whether operations can be served: not while the process stops, nor
// without a database that has all migrations.
func ready(db *gorm.DB, log *slog.Logger, operations *operation.Runner) http.HandlerFunc {
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
func newGraphQL(db *gorm.DB, log *slog.Logger, duration models.UsageUnit, operations *operation.Runner) http.Handler {
	config := graph.Config{Resolvers: &resolvers.Resolver{DurationUnit: duration}}
	config.Schema = transport.Whole(graph.NewExecutableSchema(config).Schema())
	srv := executor.New(graph.NewExecutableSchema(config))
	srv.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	srv.Use(extension.Introspection{})
	srv.Use(limits.Values{})
	srv.AroundOperations(apierror.Operation)
	srv.AroundOperations(loaders.Middleware(db))
	srv.AroundResponses(operation.Answers(func(context.Context) int { return 0 }))
	srv.SetErrorPresenter(apierror.Presenter(log, models.Unavailable))
	srv.SetRecoverFunc(func(_ context.Context, panicked any) error {
		return fmt.Errorf("panic: %v", panicked)
	})
	return operations.Handler(log, transport.Handler(srv, operations.Around))
}
