package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/progress"
	"github.com/usagegraph/usagegraph/models"
)

// Import reads what a billing system answered.
type Import struct {
	Kind     string   `arg:"" help:"What the rows are: ${kinds}."`
	Files    []string `arg:"" name:"file" help:"JSON as the billing system answered: an array, its envelope, several of these, or a row a line; gzip if the name ends in .gz; - for standard input. Each file lands whole or not at all."`
	Customer string   `placeholder:"ID" help:"The customer of the rows, where they do not name one: our ID, or one that another system knows it by."`
	As       string   `placeholder:"SYSTEM:VALUE" help:"First record that SYSTEM calls --customer VALUE."`
	Replace  bool     `help:"Delete the rows of this kind, of the customers (usage balances: bill runs) in the file, that it lacks."`
	Lenient  bool     `help:"Leave out values that usagegraph does not know of customer types and other labels that no number depends on, and count them."`
	LastWins bool     `help:"Of copies of a row with different values, as pages that moved have them, take the last."`
	Round    bool     `help:"Round amounts of more than six decimal places, half to even, and count them."`
}

// Run runs the command.
func (c Import) Run(ctx context.Context, database *Database) error {
	if !slices.Contains(ingest.Kinds(), c.Kind) {
		return fmt.Errorf("%q is not a kind: want one of %s", c.Kind, strings.Join(ingest.Kinds(), ", "))
	}
	db, err := database.Open(ctx)
	if err != nil {
		return err
	}
	defer models.Close(db)
	for _, name := range c.Files {
		if err := c.file(ctx, db, name); err != nil {
			return err
		}
	}
	return nil
}

func (c Import) file(ctx context.Context, db *gorm.DB, name string) error {
	content, err := open(ctx, name)
	if err != nil {
		return err
	}
	defer content.Close()
	bar := progress.New(os.Stderr, "rows of "+name, 0)
	summary, err := ingest.File(ctx, db, name, content, ingest.Options{
		Kind: c.Kind, Customer: c.Customer, As: c.As, Replace: c.Replace, Round: c.Round, Lenient: c.Lenient, LastWins: c.LastWins,
		Progress: func(rows int) { bar.Set(int64(rows)) },
	})
	bar.Done()
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, strings.TrimSpace(summary.String()))
	return nil
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
