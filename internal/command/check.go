package command

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/check"
	"github.com/usagegraph/usagegraph/internal/progress"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Check holds what is stored to the rules.
type Check struct {
	Format   string `default:"text" enum:"text,json" help:"How to report, text or json, which is an object a line (${default})."`
	Limit    int    `default:"20" placeholder:"N" help:"How many findings of a rule are told; all are counted (${default})."`
	Customer string `placeholder:"ID" help:"Only the rows of this customer: 1 or Customer:1."`
}

// Run runs the command. It is an error if a rule of that severity is broken.
func (c Check) Run(ctx context.Context, database *Database) error {
	if c.Limit < 0 {
		return fmt.Errorf("--limit: %d is less than 0", c.Limit)
	}
	db, end, err := database.Unchanged(ctx)
	if err != nil {
		return err
	}
	defer end()
	scope, err := c.scope(ctx, db)
	if err != nil {
		return err
	}
	report := newCheckReport(os.Stdout, c.Format, c.Limit)
	began := time.Now()
	var bar *progress.Bar
	summary, err := check.Run(ctx, db, check.Options{Scope: scope, Found: report.finding, Progress: func(done, total int64) {
		if bar == nil {
			bar = progress.New(os.Stderr, "checked", total)
		}
		bar.Set(done)
	}})
	if bar != nil {
		bar.Done()
	}
	if err == nil {
		err = report.end(summary)
	}
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	fmt.Fprintf(os.Stderr, "%d rows in %.1f s: %.0f rows/s\n", summary.Rows(), took, float64(summary.Rows())/took)
	if n := summary.Count(models.SeverityError); n > 0 {
		return fmt.Errorf("the check found %d breaches of rules whose severity is error", n)
	}
	return nil
}

// scope is all customers, or the one that is asked for.
func (c Check) scope(ctx context.Context, db *gorm.DB) (store.Scope, error) {
	all := store.Scope{All: true}
	if c.Customer == "" {
		return all, nil
	}
	var id scalar.CustomerID
	if err := id.UnmarshalGQL(c.Customer); err != nil {
		return all, fmt.Errorf("--customer: %w", err)
	}
	there, err := store.Children(ctx, store.NewReader(db, all), models.CustomerByID, []scalar.CustomerID{id})
	if err == nil && len(there) == 0 {
		err = fmt.Errorf("--customer: there is no customer %s", id)
	}
	return store.Scope{Customers: []scalar.CustomerID{id}}, err
}
