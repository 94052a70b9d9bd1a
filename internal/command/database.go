// Package command holds the commands of usagegraph but serve: a file each.
package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/migrations"
)

// Database is the flag that every command has.
type Database struct {
	Address string `name:"database" env:"USAGEGRAPH_DATABASE" default:"sqlite:usagegraph.db" placeholder:"ADDRESS" help:"sqlite:PATH or postgres://… (${default}; also USAGEGRAPH_DATABASE)."`
}

// Open opens the database and makes sure that its tables are up to date: SQLite's
// are brought so, PostgreSQL's must be brought so by the migrate command.
func (d Database) Open(ctx context.Context) (*gorm.DB, error) {
	db, err := database.Open(ctx, d.Address)
	if err != nil {
		return nil, err
	}
	if err := upToDate(ctx, db); err != nil {
		_ = database.Close(db)
		return nil, err
	}
	return db, nil
}

// OpenToRead is Open for a command that can do without writing: of an SQLite file that
// can't be written, what is there is read.
func (d Database) OpenToRead(ctx context.Context) (*gorm.DB, error) {
	db, err := d.Open(ctx)
	if !errors.Is(err, database.ErrReadOnly) {
		return db, err
	}
	if db, err = database.OpenToRead(ctx, d.Address); err != nil {
		return nil, err
	}
	due, err := migrations.Due(ctx, db)
	if err == nil && due {
		err = fmt.Errorf("%s lacks a migration, and can't be written", d.Address)
	}
	if err != nil {
		_ = database.Close(db)
		return nil, err
	}
	return db, nil
}

// Unchanged opens a database that must be there, and changes nothing of it. An SQLite file
// that lacks a migration is copied, and the copy brought up to date; end closes it, and
// removes the copy.
func (d Database) Unchanged(ctx context.Context) (_ *gorm.DB, end func(), err error) {
	db, err := database.OpenToRead(ctx, d.Address)
	if err != nil {
		return nil, nil, err
	}
	end = func() { _ = database.Close(db) }
	due, err := migrations.Due(ctx, db)
	if err == nil && !due {
		return db, end, nil
	}
	defer end()
	switch {
	case err != nil:
		return nil, nil, err
	case db.Name() == "postgres":
		return nil, nil, errDue
	}
	return d.migratedCopy(ctx, db)
}

// migratedCopy copies an SQLite database to a folder for things that do not last.
func (d Database) migratedCopy(ctx context.Context, db *gorm.DB) (copied *gorm.DB, end func(), err error) {
	fmt.Fprintf(os.Stderr, "%s lacks a migration: a copy is brought up to date and looked at. usagegraph migrate changes the file itself.\n", d.Address)
	folder, err := os.MkdirTemp("", "usagegraph")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { _ = os.RemoveAll(folder) }
	path := filepath.Join(folder, "copy.db")
	if err = database.CopySQLite(ctx, db, path); err == nil {
		copied, err = Database{"sqlite:" + path}.Open(ctx)
	}
	if err != nil {
		remove()
		return nil, nil, fmt.Errorf("copy the SQLite file: %w", err)
	}
	return copied, func() { _ = database.Close(copied); remove() }, nil
}

// errDue is a PostgreSQL database that lacks a migration.
var errDue = errors.New("the database lacks a migration: run usagegraph migrate")

func upToDate(ctx context.Context, db *gorm.DB) error {
	if db.Name() == "sqlite" {
		return migrateSQLite(ctx, db)
	}
	due, err := migrations.Due(ctx, db)
	if err == nil && due {
		err = errDue
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
