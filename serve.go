package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/command"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
)

type serve struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default})."`
	Demo   bool   `help:"Fill an empty database with demo data, and print a token and the address. Listens on this machine only."`

	settings `embed:""`
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
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	handler, err := newHandler(db, log, s.settings)
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
	log.Info("serving", "address", "http://"+listener.Addr().String()+"/graphql", "engine", db.Name())
	return listen(ctx, listener, webServer(handler))
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
