// Command bench measures usagegraph, PostGraphile and a hand-written server side
// by side: the same queries, the same answers, one PostgreSQL. It needs Linux, for
// it reads /proc. docs/benchmarks.md, which it writes, says what it does and why.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := bench(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// report is where the results are kept.
const report = "docs/benchmarks.md"

func bench(ctx context.Context) error {
	p, err := newPlan()
	if err != nil {
		return err
	}
	database, err := startPostgres(ctx, p)
	if err != nil {
		return err
	}
	defer database.stop()
	if err := database.seed(ctx, p); err != nil {
		return err
	}
	servers, err := startServers(ctx, p, database)
	defer stopAll(servers)
	if err != nil {
		return err
	}
	loads, err := check(ctx, p, servers)
	if err != nil {
		return err
	}
	about, err := describe(ctx, database)
	if err != nil {
		return err
	}
	runs, err := measure(ctx, p, database, servers, loads)
	if err != nil {
		return err
	}
	text, err := render(p, about, servers, runs)
	if err != nil {
		return err
	}
	fmt.Print(tables(text))
	return os.WriteFile(filepath.FromSlash(report), []byte(text), 0o644)
}
