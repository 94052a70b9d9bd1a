// Package command holds the commands of usagegraph but serve: a file each.
package command

import (
	"context"
	"errors"

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

func upToDate(ctx context.Context, db *gorm.DB) error {
	if db.Name() == "sqlite" {
		_, err := migrations.Up(ctx, db)
		return err
	}
	due, err := migrations.Due(ctx, db)
	if err == nil && due {
		err = errors.New("the database lacks a migration: run usagegraph migrate")
	}
	return err
}
