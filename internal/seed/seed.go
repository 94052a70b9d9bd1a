// Package seed makes up customers and all that belongs to them, for demos and
// benchmarks. What it makes is a function of a number, the seed, and of the day on which
// it ends: it is the same on every machine and on both engines.
package seed

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Options say how much Run makes.
type Options struct {
	Customers int              // 1 or more
	Seed      uint64           // the same number makes the same rows
	Date      scalar.Date      // on which the data ends; "" is 2025-09-30
	Demo      bool             // adds what Demo needs: imports, which mark the database, and what ends soon
	Progress  func(rows int64) // called now and then with how many rows were written; may be nil
}

// batchSize is how many customers are written together: enough for COPY to run
// at speed, and a few megabytes.
const batchSize = 100

// Data may end in these years: what it holds begins years before, and goes on after.
const firstYear, lastYear = 1990, 2200

// rowsPerCustomer is what a customer comes to on average.
const rowsPerCustomer = 287

// Estimate is about how many rows Run writes for n customers, for a progress bar.
func Estimate(customers int) int64 { return int64(customers) * rowsPerCustomer }

// Run fills an empty database with customers and all that belongs to them, whole
// or not at all, and returns how many rows it wrote. A database with rows in it is
// an error, store.ErrNotEmpty.
func Run(ctx context.Context, db *gorm.DB, o Options) (rows int64, err error) {
	if o.Customers < 1 {
		return 0, fmt.Errorf("%d customers: there must be 1 at least", o.Customers)
	}
	err = store.Fill(ctx, db, func(tx *database.Tx) error {
		if rows, err = load(ctx, tx, o); err == nil && o.Demo {
			err = recordDemo(tx, o)
		}
		return err
	})
	if err == nil && db.Name() == "sqlite" { // on PostgreSQL the transaction above has
		err = database.Write(ctx, db, store.Analyze)
	}
	if err != nil {
		return 0, fmt.Errorf("seed: %w", err)
	}
	return rows, nil
}

// today is the day on which the data ends.
func (o Options) today() (scalar.DateTime, error) {
	if o.Date == "" {
		return lastDay, nil
	}
	day, err := time.Parse(time.DateOnly, string(o.Date))
	if err != nil || day.Year() < firstYear || day.Year() > lastYear {
		return 0, fmt.Errorf("the date %q is none from %d-01-01 to %d-12-31, such as 2025-09-30", o.Date, firstYear, lastYear)
	}
	return scalar.DateTime(day.UnixMicro()), nil
}

// load writes one batch while the next is being made.
func load(ctx context.Context, tx *database.Tx, o Options) (rows int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	today, err := o.today()
	if err != nil {
		return 0, err
	}
	catalogue := newCatalogue(o.Seed, newCalendar(today))
	first := &batch{}
	catalogue.addTo(first)
	if err := first.insert(tx); err != nil {
		return 0, err
	}
	rows = first.rows()
	made, spare := make(chan *batch), make(chan *batch, 2)
	spare <- &batch{}
	spare <- &batch{}
	go fill(ctx, catalogue, o, spare, made)
	for b := range made {
		if err := b.insert(tx); err != nil {
			return rows, err
		}
		rows += b.rows()
		if o.Progress != nil {
			o.Progress(rows)
		}
		spare <- b
	}
	return rows, ctx.Err()
}

// fill makes all batches in those that are spare, until ctx ends.
func fill(ctx context.Context, c *catalogue, o Options, spare <-chan *batch, made chan<- *batch) {
	defer close(made)
	for id := 1; id <= o.Customers; {
		var b *batch
		select {
		case b = <-spare:
		case <-ctx.Done():
			return
		}
		b.reset()
		for end := id + batchSize; id < end && id <= o.Customers; id++ {
			one := newCustomer(b, c, o.Seed, scalar.CustomerID(id))
			if one.make(); o.Demo {
				one.addEndingSoon()
			}
		}
		select {
		case made <- b:
		case <-ctx.Done():
			return
		}
	}
}
