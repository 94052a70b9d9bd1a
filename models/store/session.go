package store

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/usagegraph/usagegraph/models/database"
)

// Session reads levels of rows on one connection of the database. It is for the
// read engine, whose plans hold all that is read, and makes no struct of a row.
type Session struct {
	reader   *Reader
	postgres *pgx.Conn             // nil on SQLite
	sqlite   driver.QueryerContext // nil on PostgreSQL
}

// Session runs do with a session.
func (r *Reader) Session(ctx context.Context, do func(*Session) error) error {
	pool, err := r.DB.DB()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		if conn, ok := raw.(*stdlib.Conn); ok {
			return do(&Session{reader: r, postgres: conn.Conn()})
		}
		queryer, ok := raw.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("the driver's %T can't be asked", raw)
		}
		return database.Interrupting(ctx, raw, func() error { return do(&Session{reader: r, sqlite: queryer}) })
	})
}

// Postgres returns whether the database is PostgreSQL.
func (r *Reader) Postgres() bool { return r.postgres() }

func (r *Reader) postgres() bool { return r.DB.Name() == "postgres" }
