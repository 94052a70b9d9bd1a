package models

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Session reads levels of rows on one connection of the database. It is for a reader
// that knows all that it will read, and makes no struct of a row.
type Session struct {
	reader   *Reader
	postgres *pgx.Conn             // nil on SQLite
	sqlite   driver.QueryerContext // nil on PostgreSQL
}

// What a Fetch reads.
type What int

// The things that are read of an edge.
const (
	FetchPages    What = iota // a page of each parent's list, and a row more if there is one
	FetchChildren             // all rows of each parent
	FetchCounts               // how many rows each parent's list has, if any
	FetchBefores              // which lists have a row on the near side of the page's cursor
)

// Fetch is a statement of a level, and what it has read.
type Fetch struct {
	What
	*Selection
	Query   Query
	Keys    *Keys  // of the parents; nil at the root
	Above   *Fetch // which reads the page of the parents, before it, and stands for the Keys
	At      []int  // the cells of the rows above that hold their keys
	Short   bool   // the lists of all rows of the parent above are read as one range, which may be cut
	Texts   *Texts // where the query is the same in each run; else nil
	Rows    Rows
	Cursors Cursors // of a page's rows, unless there are to be none
	Bare    bool    // there are to be none
	seen    int     // parents that were there again, and the same, or rows of short lists
	cut     bool    // short lists have more rows
	sink    sink    // takes the rows; nil where they are kept
}

// Session runs do with a session.
func (r *Reader) Session(ctx context.Context, do func(*Session) error) error {
	pool, err := r.db.DB()
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
		return interrupting(ctx, raw, func() error { return do(&Session{reader: r, sqlite: queryer}) })
	})
}

// Postgres tells which engine the database is of.
func (r *Reader) Postgres() bool { return r.postgres() }

func (r *Reader) postgres() bool { return r.db.Name() == "postgres" }
