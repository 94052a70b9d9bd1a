// Package migrations makes and changes the tables: SQL files in order, embedded,
// a folder for each engine.
package migrations

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// New makes what runs the migrations of db. On PostgreSQL a session lock keeps
// two of them apart.
func New(db *gorm.DB) (*goose.Provider, error) {
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption(nil)
	if db.Name() == "postgres" {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	folder, err := fs.Sub(files, db.Name())
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, pool, folder, options...)
}

// Up runs all migrations that are due.
func Up(ctx context.Context, db *gorm.DB) ([]*goose.MigrationResult, error) {
	provider, err := New(db)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return results, fmt.Errorf("migrate: %w", err)
	}
	return results, nil
}

// Due tells whether a migration is yet to run.
func Due(ctx context.Context, db *gorm.DB) (bool, error) {
	provider, err := New(db)
	if err != nil {
		return false, err
	}
	return provider.HasPending(ctx)
}
