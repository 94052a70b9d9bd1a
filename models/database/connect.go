package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectTimeout bounds the wait for a server that does not answer at all. The
// address may set another: connect_timeout, in seconds.
const connectTimeout = 5 * time.Second

// planCacheMode has PostgreSQL plan a statement once. Statements differ in their parameters
// only, and those are lists: planned anew for each, the planning would cost more than the
// reading.
const planCacheMode = "plan_cache_mode"

// dialPostgres is the pool of connections to the server at an address.
func dialPostgres(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the database address: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		// What GORM runs is never prepared by a name: behind a pooler a name may be there
		// already, which would end an import, or be there no more.
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	config.DialFunc = dialing(config.DialFunc)
	config.OnNotification = notified
	c := &connector{plain: stdlib.GetConnector(*config)}
	if config.RuntimeParams[planCacheMode] == "" {
		planned := config.Copy()
		planned.RuntimeParams[planCacheMode] = "force_generic_plan"
		c.planned = stdlib.GetConnector(*planned)
	}
	// A connection that was idle for a second is pinged before it is used: one that broke
	// meanwhile is replaced, and no request fails for it.
	return sql.OpenDB(c), nil
}

// connector makes connections to PostgreSQL, with planCacheMode unless a pooler refuses
// settings that it does not support.
type connector struct {
	planned driver.Connector // nil where the address has a mode
	plain   driver.Connector
	refused atomic.Bool
}

// Connect makes a connection.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.planned != nil && !c.refused.Load() {
		conn, err := c.planned.Connect(ctx)
		if err == nil || StateOf(err) != protocolViolation || !strings.Contains(err.Error(), planCacheMode) {
			return conn, err
		}
		c.refused.Store(true)
	}
	return c.plain.Connect(ctx)
}

// protocolViolation is the SQLSTATE of what PgBouncer says of a setting that it does not
// know.
const protocolViolation = "08P01"

// Driver is that of the connections.
func (c *connector) Driver() driver.Driver { return c.plain.Driver() }
