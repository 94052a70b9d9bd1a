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

// Due reports whether a migration is yet to run. It only asks: a database without any
// migration stays without a table of them.
func Due(ctx context.Context, db *gorm.DB) (bool, error) {
	begun, err := begun(ctx, db)
	if err != nil || !begun {
		return err == nil, err
	}
	provider, err := New(db)
	if err != nil {
		return false, err
	}
	return provider.HasPending(ctx)
}

// Status lists the migrations, and which of them have run. It only asks, as Due does.
func Status(ctx context.Context, db *gorm.DB) ([]*goose.MigrationStatus, error) {
	provider, err := New(db)
	if err != nil {
		return nil, err
	}
	begun, err := begun(ctx, db)
	if err != nil {
		return nil, err
	}
	if begun {
		return provider.Status(ctx)
	}
	var all []*goose.MigrationStatus
	for _, source := range provider.ListSources() {
		all = append(all, &goose.MigrationStatus{Source: source, State: goose.StatePending})
	}
	return all, nil
}

// begun reports whether there is a table of the migrations that have run.
func begun(ctx context.Context, db *gorm.DB) (there bool, err error) {
	sql := "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)"
	if db.Name() == "postgres" {
		sql = "SELECT to_regclass(?) IS NOT NULL"
	}
	return there, db.WithContext(ctx).Raw(sql, goose.DefaultTablename).Scan(&there).Error
}
