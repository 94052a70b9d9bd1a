package database

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// Notifications counts what a connection to PostgreSQL has been notified of on one
// channel. The server sends a notification that was due when a statement began before it
// says that the statement is done.
type Notifications struct {
	Count    int
	Complete bool // no notification is missed; not so behind a pooler or on a standby
}

// Listen returns the notifications of a connection on a channel, whose name is a constant
// of ours. The first call for a channel makes the connection listen.
func Listen(ctx context.Context, conn *pgconn.PgConn, channel string) (*Notifications, error) {
	if n, listens := conn.CustomData()[channel].(*Notifications); listens {
		return n, nil
	}
	n := &Notifications{}
	results, err := conn.Exec(ctx, "LISTEN "+channel+"; SELECT pg_backend_pid()").ReadAll()
	if refused := (*pgconn.PgError)(nil); err != nil && !errors.As(err, &refused) { // a standby can't listen
		return nil, err
	}
	// Behind a pooler the connection's process is another than the one that listens.
	n.Complete = err == nil && string(results[1].Rows[0][0]) == strconv.FormatUint(uint64(conn.PID()), 10)
	conn.CustomData()[channel] = n
	return n, nil
}

// notified counts a notification of a connection.
func notified(conn *pgconn.PgConn, of *pgconn.Notification) {
	if n, listens := conn.CustomData()[of.Channel].(*Notifications); listens {
		n.Count++
	}
}
