package command

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/migrations"
)

// Migrate makes and changes the tables.
type Migrate struct {
	Up     MigrateUp     `cmd:"" default:"1" help:"Run all migrations that are due (the default)."`
	Status MigrateStatus `cmd:"" help:"List the migrations and whether they have run."`
	Down   MigrateDown   `cmd:"" help:"Take back the last migration. What its tables hold is lost."`
}

// MigrateUp runs all migrations that are due.
type MigrateUp struct{}

// MigrateStatus lists the migrations.
type MigrateStatus struct{}

// MigrateDown takes back the last migration.
type MigrateDown struct{}

// Run runs the command.
func (MigrateUp) Run(ctx context.Context, database *Database) error {
	return database.migrate(ctx, func(db *gorm.DB) error {
		results, err := migrations.Up(ctx, db)
		for _, result := range results {
			fmt.Fprintf(os.Stderr, "%s: done in %s\n", result.Source.Path, result.Duration)
		}
		if err == nil && len(results) == 0 {
			fmt.Fprintln(os.Stderr, "Nothing to do: all migrations have run.")
		}
		return err
	})
}

// Run runs the command.
func (MigrateStatus) Run(ctx context.Context, database *Database) error {
	return database.migrate(ctx, func(db *gorm.DB) error {
		statuses, err := migrations.Status(ctx, db)
		for _, status := range statuses {
			fmt.Printf("%s\t%s\n", status.State, status.Source.Path)
		}
		return err
	})
}

// Run runs the command.
func (MigrateDown) Run(ctx context.Context, database *Database) error {
	return database.migrate(ctx, func(db *gorm.DB) error {
		provider, err := migrations.New(db)
		if err != nil {
			return err
		}
		result, err := provider.Down(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			fmt.Fprintln(os.Stderr, "Nothing to take back: no migration has run.")
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s: taken back in %s\n", result.Source.Path, result.Duration)
		return nil
	})
}

// migrate opens the database as it is.
func (d Database) migrate(ctx context.Context, do func(*gorm.DB) error) error {
	db, err := database.Open(ctx, d.Address)
	if err != nil {
		return err
	}
	defer database.Close(db)
	return do(db)
}
