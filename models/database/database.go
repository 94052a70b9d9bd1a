// Package database opens SQLite files and PostgreSQL databases, sets their connections up,
// and runs transactions. It imports nothing of usagegraph's own.
package database

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Open opens the database that address names: sqlite:PATH or postgres://….
// Errors never hold the address's password. An SQLite file that can't be written is an
// error, ErrReadOnly.
func Open(ctx context.Context, address string) (*gorm.DB, error) {
	path, isSQLite, err := SQLitePath(address)
	if err != nil {
		return nil, err
	}
	if !isSQLite {
		dialector, err := openPostgres(address)
		if err != nil {
			return nil, err
		}
		return open(ctx, dialector)
	}
	if err := checkWritable(path); err != nil {
		return nil, err
	}
	db, err := open(ctx, sqlite.Open(sqliteDSN(path)))
	return db, sqliteError(path, err)
}

func open(ctx context.Context, dialector gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger:                 logger.Discard, // errors are returned, and logged once
		TranslateError:         true,
		SkipDefaultTransaction: true,
	})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	setPool(pool, DefaultPool())
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return db, nil
}

// DefaultPool is how many connections a database has if nothing else is set. More
// than two a core give the same throughput and many times the latency.
func DefaultPool() int { return 2 * runtime.GOMAXPROCS(0) }

// SetPool bounds the connections of db.
func SetPool(db *gorm.DB, size int) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	setPool(pool, size)
	return nil
}

func setPool(pool *sql.DB, size int) {
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxIdleTime(5 * time.Minute) // a quiet server gives its backends back
	// A new connection finds the new primary after a failover, and a backend's memory,
	// which only grows, is given back.
	pool.SetConnMaxLifetime(30 * time.Minute)
}

func openPostgres(address string) (gorm.Dialector, error) {
	pool, err := dialPostgres(address)
	if err != nil {
		return nil, err
	}
	return postgres.New(postgres.Config{Conn: pool}), nil
}

// Close closes the database.
func Close(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Tx is a transaction that writes rows. It lands whole or not at all.
type Tx struct {
	*gorm.DB
	Copier      *pgx.Conn // nil on SQLite
	CopyOptions string    // of each COPY
}

// Write runs do in a transaction, which lands if do returns nil.
func Write(ctx context.Context, db *gorm.DB, do func(*Tx) error) error {
	return db.WithContext(ctx).Connection(func(conn *gorm.DB) error {
		tx := &Tx{}
		if raw, isConn := conn.Statement.ConnPool.(*sql.Conn); isConn && db.Name() == "postgres" {
			// COPY is not in database/sql: it needs the driver's own connection, which
			// is the one that the transaction runs on.
			if err := raw.Raw(func(driver any) error {
				tx.Copier = driver.(*stdlib.Conn).Conn()
				return nil
			}); err != nil {
				return err
			}
		}
		return conn.Transaction(func(inner *gorm.DB) error {
			tx.DB = inner
			return do(tx)
		})
	})
}
