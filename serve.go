package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"time"

	"github.com/usagegraph/usagegraph/graph/admission"
	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/internal/command"
	"github.com/usagegraph/usagegraph/models/database"
)

type serve struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default})."`
	Demo   bool   `help:"Fill an empty database with demo data that ends today, and print a token and the address. Takes no other database, and listens on this machine only."`

	Drain     *time.Duration `placeholder:"5s" help:"How long requests are served after SIGTERM, while /readyz answers 503 (5s; 0s with --demo)."`
	Pool      int            `default:"${pool}" placeholder:"N" help:"How many connections to the database (${default}: 2 a core)."`
	LogFormat string         `default:"logfmt" enum:"logfmt,json" help:"How the log is written, logfmt or json (${default})."`
	LogLevel  slog.Level     `default:"info" placeholder:"LEVEL" help:"The least of what is logged: info has a line for each operation, warn those of slow ones, error only what fails unexpectedly (${default})."`

	api.Settings `embed:""`
}

// Run serves until the process receives a signal to stop.
func (s serve) Run(ctx context.Context, address *command.Database) error {
	if err := s.checkListen(); err != nil {
		return err
	}
	if s.Pool < 1 {
		return errors.New("--pool must be 1 or more")
	}
	drain, err := s.drain()
	if err != nil {
		return err
	}
	floor := admission.BoundMemory()
	defer runtime.KeepAlive(floor)
	open := address.OpenToRead
	if s.Demo {
		open = address.Open
	}
	db, err := open(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	if err := database.SetPool(db, s.Pool); err != nil {
		return err
	}
	operations, err := admission.New(s.Operations, db)
	if err != nil {
		return err
	}
	lines := admission.NewLines(os.Stderr)
	defer lines.Flush()
	log := s.logger(lines)
	handler, err := api.New(db, log, s.Settings, operations)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return err
	}
	if s.Demo {
		filled, err := demo(ctx, db, "http://"+listener.Addr().String(), os.Stdout)
		if err != nil {
			_ = listener.Close()
			return err
		}
		handler = playground.Fill(filled, handler)
	}
	log.Info("serving", "address", "http://"+listener.Addr().String()+"/graphql", "engine", db.Name())
	return operations.Serve(ctx, listener, operations.Server(handler), drain)
}

// drain is how long requests are served after the signal to stop.
func (s serve) drain() (time.Duration, error) {
	switch {
	case s.Drain != nil && *s.Drain < 0:
		return 0, errors.New("--drain must be 0s or more")
	case s.Drain != nil:
		return *s.Drain, nil
	case s.Demo: // no load balancer sends it anybody
		return 0, nil
	}
	return admission.Drain, nil
}

// logger writes lines.
func (s serve) logger(lines *admission.Lines) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "json" {
		return slog.New(lines.Prompt(slog.NewJSONHandler(lines, options)))
	}
	return slog.New(lines.Prompt(slog.NewTextHandler(lines, options)))
}

// checkListen returns what is wrong with the address to listen on.
func (s serve) checkListen() error {
	host, port, err := net.SplitHostPort(s.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("--listen %s: wanted is HOST:PORT, such as 127.0.0.1:8080: %w", s.Listen, err)
	}
	if s.Demo && !loopback(host) {
		return fmt.Errorf("--demo makes a token for everyone who sees the screen: it listens on this machine only, as on 127.0.0.1:%s, not on %s", port, s.Listen)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
