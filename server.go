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
	"github.com/usagegraph/usagegraph/graph/playground"
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
		kong.Vars{"kinds": strings.Join(ingest.Kinds(), ", ")},
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
}

// demoCustomers is how many customers the demo has.
const demoCustomers = 25

// Run serves until the process is told to stop.
func (s serve) Run(ctx context.Context, database *command.Database) error {
	if host, _, err := net.SplitHostPort(s.Listen); s.Demo && (err != nil || !loopback(host)) {
		return fmt.Errorf("--demo makes a token for everyone who sees the screen: it listens on this machine only, not on %s", s.Listen)
	}
	db, err := database.Open(ctx)
	if err != nil {
		return err
	}
	defer models.Close(db)
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	token := ""
	if s.Demo {
		if token, err = demo(ctx, db, "http://"+listener.Addr().String(), os.Stdout); err != nil {
			_ = listener.Close()
			return err
		}
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	log.Info("serving", "address", "http://"+listener.Addr().String()+"/graphql", "engine", db.Name())
	handler := newHandler(db, log, models.UsageUnit(strings.ToUpper(s.DurationUnit)))
	if s.Demo {
		handler = playground.Fill(token, handler)
	}
	return listen(ctx, listener, webServer(transport.CORS(s.CORSOrigins, handler)))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// demo fills an empty database, says how to ask it and returns the token for that.
func demo(ctx context.Context, db *gorm.DB, address string, out io.Writer) (string, error) {
	empty, err := models.Empty(ctx, db)
	if err != nil {
		return "", err
	}
	if empty {
		if _, err := seed.Run(ctx, db, seed.Options{Customers: demoCustomers, Seed: 1}); err != nil {
			return "", err
		}
	}
	token, hash := auth.NewToken()
	now := models.Now()
	expires := now + models.DateTime((7 * 24 * time.Hour).Microseconds())
	if err := models.CreateToken(ctx, db, &models.APIToken{Name: "demo", Hash: hash, AllCustomers: true, CreatedAt: now, ExpiresAt: &expires}); err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(out, "usagegraph is at %s\nPlayground: %s/\nReference: %s/docs\nToken: %s\n\n"+
		"  curl -s %s/graphql -H 'Authorization: Bearer %s' \\\n"+
		"    -H 'Content-Type: application/json' -d '{\"query\": \"{ customers(first: 3) { totalCount nodes { id name } } }\"}'\n\n",
		address, address, address, token, address, token)
	return token, err
}

// webServer bounds how long and how large a request may be.
func webServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}

// listen serves until ctx ends, and then finishes the requests that are running.
func listen(ctx context.Context, listener net.Listener, server *http.Server) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

// newHandler wires the API together. It is what serve runs and what tests call.
func newHandler(db *gorm.DB, log *slog.Logger, duration models.UsageUnit) http.Handler {
	log = slog.New(transport.LogHandler{Handler: log.Handler()})
	mux := http.NewServeMux()
	mux.Handle("/graphql", transport.Headers(auth.Middleware(db, log, newGraphQL(db, log, duration))))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if due, err := migrations.Due(r.Context(), db); err != nil || due {
			log.WarnContext(r.Context(), "not ready", "migration due", due, "err", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	})
	mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, sdl)
	})
	playground.Handle(mux, sdl)
	return transport.Requests(log, mux)
}

// newGraphQL makes the handler of /graphql, for requests that have a principal.
func newGraphQL(db *gorm.DB, log *slog.Logger, duration models.UsageUnit) http.Handler {
	config := graph.Config{Resolvers: &resolvers.Resolver{DurationUnit: duration}}
	config.Schema = transport.Whole(graph.NewExecutableSchema(config).Schema())
	srv := executor.New(graph.NewExecutableSchema(config))
	srv.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	srv.Use(extension.Introspection{})
	srv.Use(limits.Values{})
	srv.AroundOperations(apierror.Operation)
	srv.AroundOperations(loaders.Middleware(db))
	srv.SetErrorPresenter(apierror.Presenter(log))
	srv.SetRecoverFunc(func(_ context.Context, panicked any) error {
		return fmt.Errorf("panic: %v", panicked)
	})
	return transport.Handler(srv)
}
