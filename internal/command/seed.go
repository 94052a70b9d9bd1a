package command

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/usagegraph/usagegraph/internal/progress"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Seed fills an empty database with made-up customers.
type Seed struct {
	Customers int    `required:"" placeholder:"N" help:"How many customers. The benchmark has 20000, which are 5.5 million rows."`
	Date      string `placeholder:"DATE" help:"The day on which the data ends, such as 2026-11-30 (2025-09-30)."`
	Seed      uint64 `default:"1" help:"Another seed gives other rows, the same seed the same."`
}

// Run runs the command.
func (c Seed) Run(ctx context.Context, address *Database) error {
	if c.Customers < 1 {
		return fmt.Errorf("--customers: %d is less than 1", c.Customers)
	}
	db, err := address.Open(ctx)
	if err != nil {
		return err
	}
	defer database.Close(db)
	began := time.Now()
	bar := progress.New(os.Stderr, "rows", seed.Estimate(c.Customers))
	rows, err := seed.Run(ctx, db, seed.Options{Customers: c.Customers, Seed: c.Seed, Date: scalar.Date(c.Date), Progress: bar.Set})
	bar.Done()
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	fmt.Fprintf(os.Stderr, "%d customers, %d rows in %.1f s: %.0f rows/s\n", c.Customers, rows, took, float64(rows)/took)
	return nil
}
