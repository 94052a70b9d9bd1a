package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/progress"
	"github.com/usagegraph/usagegraph/models/database"
)

// Import reads what a billing system answered.
type Import struct {
	Kind       string   `arg:"" help:"What the rows are: ${kinds}."`
	Files      []string `arg:"" name:"file" help:"JSON as the billing system answered: an array, its envelope, one object, a list of pages, several of these, or a row a line, gzip or not; - for standard input. Each file lands whole or not at all; with --replace all files do, together."`
	Customer   string   `placeholder:"ID" help:"The customer of the rows, where they do not name one: our ID, or one that another system knows it by."`
	As         string   `placeholder:"SYSTEM:VALUE" help:"First record that SYSTEM calls --customer VALUE."`
	Replace    bool     `help:"Delete the rows of this kind, of the customers (usage balances: bill runs) in the files, that they lack: all files are one replacement. Contract-level balances, and archived ones, are deleted only if the files have one of that sort. What goes with the deleted rows is counted."`
	AllowEmpty bool     `help:"With --replace, take files without a row to say that nothing is left. They are refused otherwise."`
	DryRun     bool     `help:"Do all of it and report the same, deletions too, but write nothing."`
	Lenient    bool     `help:"Leave out values that usagegraph does not know of customer types and other labels that no number depends on, and count them."`
	LastWins   bool     `help:"Of copies of a row with different values, as pages that moved have them, take the last."`
	Round      bool     `help:"Round amounts of more than six decimal places, half to even, and count them."`
}

// Run runs the command.
func (c Import) Run(ctx context.Context, address *Database) error {
	if !slices.Contains(ingest.Kinds(), c.Kind) {
		return fmt.Errorf("%q is not a kind: want one of %s", c.Kind, strings.Join(ingest.Kinds(), ", "))
	}
	db, err := address.Open(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	progress := rowProgress{}
	err = ingest.Files(ctx, db, c.sources(ctx, &progress), ingest.Options{
		Kind: c.Kind, Customer: c.Customer, As: c.As, Replace: c.Replace, Empty: c.AllowEmpty, DryRun: c.DryRun, Round: c.Round, Lenient: c.Lenient, LastWins: c.LastWins,
		Progress: progress.set,
	}, func(summary ingest.Summary) {
		progress.done()
		fmt.Fprintln(os.Stderr, strings.TrimSpace(summary.String()))
	})
	progress.done()
	return err
}

// sources are the files, each of which begins a progress bar when it is opened.
func (c Import) sources(ctx context.Context, progress *rowProgress) []ingest.Source {
	sources := make([]ingest.Source, len(c.Files))
	for i, name := range c.Files {
		sources[i] = ingest.Source{Name: name, Open: func() (io.ReadCloser, error) {
			content, err := open(ctx, name)
			if err == nil {
				progress.begin(name)
			}
			return content, err
		}}
	}
	return sources
}

// rowProgress shows the rows read of the file that is being read.
type rowProgress struct {
	bar         *progress.Bar
	rows, start int // of the import, and those before the file
}

func (p *rowProgress) begin(name string) {
	p.end()
	p.start = p.rows
	p.bar = progress.New(os.Stderr, "rows of "+name, 0)
}

func (p *rowProgress) set(rows int) {
	p.rows = rows
	p.bar.Set(int64(rows - p.start))
}

// end ends the bar of a file.
func (p *rowProgress) end() {
	if p.bar != nil {
		p.bar.Done()
		p.bar = nil
	}
}

// done ends an import.
func (p *rowProgress) done() {
	p.end()
	p.rows = 0
}

func open(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(interruptible{ctx, os.Stdin}), nil
	}
	return os.Open(name)
}

// interruptible ends a read when ctx does: one of standard input may wait for ever.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (r interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	buffer := make([]byte, len(p)) // p is the caller's again when ctx ends the read
	go func() {
		n, err := r.from.Read(buffer)
		done <- result{n, err}
	}()
	select {
	case read := <-done:
		return copy(p, buffer[:read.n]), read.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}
