// Command usagegraph serves what is left of a customer's billing, from several
// billing systems, as one GraphQL API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/internal/command"
	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/database"
)

//go:generate go tool gqlgen generate
//go:generate go run ./internal/slim graph/generated.go

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
	"kinds":   strings.Join(ingest.Kinds(), ", "),
	"pool":    strconv.Itoa(database.DefaultPool()),
	"version": version(),
}.CloneWith(api.Variables())

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
	_, err := io.WriteString(os.Stdout, graph.SDL())
	return err
}
