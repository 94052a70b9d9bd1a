package models

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// news is what a connection to PostgreSQL hears of tokens. A trigger tells all who listen
// of each change of their rows, and PostgreSQL passes on what was told before a statement
// came before it says that the statement is done. So a token is what it was when its row
// was read on the connection, for a request that came before another round trip on it,
// if nothing was told up to the end of that.
type news struct {
	told int                       // changes
	read map[*KnownToken]time.Time // when rows were read since the last of them; nil where none is heard of
}

// newsKey is where a connection has it.
const newsKey = "usagegraph_news"

// trust is how long a row that was read is good without news: no trigger tells of what a
// restore writes, nor of what replication does.
const trust = time.Second

// mostRead is of how many tokens a connection knows when it read them.
const mostRead = 512

// news is what the connection hears; the first time, it begins to listen. On SQLite there
// is nothing to hear, and a row is read in no time.
func (s *Session) news(ctx context.Context) (*news, error) {
	if s.postgres == nil {
		return &news{}, nil
	}
	conn := s.postgres.PgConn()
	if n, listens := conn.CustomData()[newsKey].(*news); listens {
		return n, nil
	}
	n := &news{}
	results, err := conn.Exec(ctx, "LISTEN usagegraph_tokens; SELECT pg_backend_pid()").ReadAll()
	if refused := (*pgconn.PgError)(nil); err != nil && !errors.As(err, &refused) { // a standby can't listen
		return nil, err
	}
	// Behind a pooler the connection's process is another than the one that listens.
	if err == nil && string(results[1].Rows[0][0]) == strconv.FormatUint(uint64(conn.PID()), 10) {
		n.read = map[*KnownToken]time.Time{}
	}
	conn.CustomData()[newsKey] = n
	return n, nil
}

// tell is told that tokens have changed.
func tell(conn *pgconn.PgConn, _ *pgconn.Notification) {
	if n, listens := conn.CustomData()[newsKey].(*news); listens {
		n.told++
		clear(n.read)
	}
}

// knows tells whether the token's row need not be read, unless there is news.
func (n *news) knows(t *KnownToken) bool { return time.Since(n.read[t]) < trust }

// keep notes that the token's row was read, and was the same.
func (n *news) keep(t *KnownToken) {
	if n.read == nil {
		return
	}
	if len(n.read) >= mostRead {
		clear(n.read)
	}
	n.read[t] = time.Now()
}
