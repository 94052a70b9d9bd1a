package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usagegraph/usagegraph/models/database"
)

// rechecks are which required rows a connection has read, and when. A row is what it was
// then, for a request that came before another round trip on the connection, if no change
// was notified up to the end of that.
type rechecks struct {
	*database.Notifications
	rows map[*RequiredRow]recheck // nil where notifications may be missed
}

// recheck is when a row was read, and after how many notifications.
type recheck struct {
	at    time.Time
	count int
}

// trust is how long a row that was read is good without a notification: no trigger fires
// for what a restore writes, nor for what replication does.
const trust = time.Second

// mostRechecks bounds the rows that a connection keeps.
const mostRechecks = 512

// rechecksKey is where a connection keeps them.
const rechecksKey = "usagegraph_rechecks"

// none are the notifications of a connection to SQLite.
var none = &database.Notifications{}

// rechecks are those of the session's connection. On SQLite nothing is notified, and a row
// is read in no time.
func (s *Session) rechecks(ctx context.Context, channel string) (rechecks, error) {
	if s.postgres == nil {
		return rechecks{Notifications: none}, nil
	}
	return rechecksOn(ctx, s.postgres.PgConn(), channel)
}

func rechecksOn(ctx context.Context, conn *pgconn.PgConn, channel string) (rechecks, error) {
	n, err := database.Listen(ctx, conn, channel)
	if err != nil || !n.Complete {
		return rechecks{Notifications: n}, err
	}
	rows, _ := conn.CustomData()[rechecksKey].(map[*RequiredRow]recheck)
	if rows == nil {
		rows = map[*RequiredRow]recheck{}
		conn.CustomData()[rechecksKey] = rows
	}
	return rechecks{n, rows}, nil
}

// holds returns whether the row need not be read, unless a change is notified.
func (r rechecks) holds(row *RequiredRow) bool {
	last, ok := r.rows[row]
	return ok && last.count == r.Count && time.Since(last.at) < trust
}

// keep notes that the row was read, and was the same.
func (r rechecks) keep(row *RequiredRow) {
	if r.rows == nil {
		return
	}
	if len(r.rows) >= mostRechecks {
		clear(r.rows)
	}
	r.rows[row] = recheck{time.Now(), r.Count}
}
