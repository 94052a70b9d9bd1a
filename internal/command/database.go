// Package command holds the commands of usagegraph but serve: a file each.
package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/migrations"
)

// Database is the flag that every command has.
type Database struct {
	Address string `name:"database" env:"USAGEGRAPH_DATABASE" default:"sqlite:usagegraph.db" placeholder:"ADDRESS" help:"sqlite:PATH or postgres://… (${default}; also USAGEGRAPH_DATABASE)."`
}

// Open opens the database and makes sure that its tables are up to date: SQLite's
// are brought so, PostgreSQL's must be brought so by the migrate command.
func (d Database) Open(ctx context.Context) (*gorm.DB, error) {
	db, err := models.Open(ctx, d.Address)
	if err != nil {
		return nil, err
	}
	if err := upToDate(ctx, db); err != nil {
		_ = models.Close(db)
		return nil, err
	}
	return db, nil
}

// Existing is Open of a database that must be there: a new SQLite file would have
// nothing to look at.
func (d Database) Existing(ctx context.Context) (*gorm.DB, error) {
	if path, ok := strings.CutPrefix(d.Address, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("the SQLite file: %w", err)
		}
	}
	return d.Open(ctx)
}

func upToDate(ctx context.Context, db *gorm.DB) error {
	if db.Name() == "sqlite" {
		return migrateSQLite(ctx, db)
	}
	due, err := migrations.Due(ctx, db)
	if err == nil && due {
		err = errors.New("the database lacks a migration: run usagegraph migrate")
	}
	return err
}

// migrateSQLite brings the tables of an SQLite file up to date. Several commands
// may do so at once, and SQLite has no lock for that: whoever comes second fails,
// and then finds the work done.
func migrateSQLite(ctx context.Context, db *gorm.DB) error {
	var err error
	for range 50 {
		due, check := migrations.Due(ctx, db)
		if check == nil && !due {
			return nil
		}
		if _, err = migrations.Up(ctx, db); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return err
}
