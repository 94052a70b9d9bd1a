package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usagegraph/usagegraph/models/database"
)

// prepared are the statements that are prepared on a connection, by their SQL.
//
// Behind a pooler a connection has another backend in each transaction, and the backend
// another client: what is prepared there is not what this connection has prepared. So a
// statement's name is made of its SQL. A name that is there already stands for the same
// SQL, whoever prepared it, and one that is not there is an error, never another statement.
type prepared map[string]*pgconn.StatementDescription

// preparedKey is where a connection has them.
const preparedKey = "usagegraph"

// mostPrepared is how many a connection has before it begins anew.
const mostPrepared = 512

// SQLSTATEs of statements that are not what their connection takes them for.
const (
	statementExists  = "42P05" // another client has prepared it
	statementUnknown = "26000" // it was prepared on another backend, or is gone
	statementChanged = "0A000" // its columns are of other types than when it was prepared
)

// statementName is the name of a statement. Its arguments have the types that the SQL
// itself gives them, so that they need no part in it.
func statementName(sql string) string {
	digest := sha256.Sum256([]byte(sql))
	return "usagegraph_" + hex.EncodeToString(digest[:24])
}

// preparedOn are the statements of a connection, those of statements among them.
func preparedOn(ctx context.Context, conn *pgx.Conn, statements []sqlText) (prepared, error) {
	data := conn.PgConn().CustomData()
	known, _ := data[preparedKey].(prepared)
	if len(known) >= mostPrepared {
		delete(data, preparedKey)
		if err := conn.DeallocateAll(ctx); err != nil {
			return nil, err
		}
		known = nil
	}
	if known == nil {
		known = prepared{}
		data[preparedKey] = known
	}
	for {
		missing := known.missing(statements)
		if len(missing) == 0 {
			return known, nil
		}
		if err := known.prepare(ctx, conn.PgConn(), missing); err != nil {
			return nil, err
		}
	}
}

// missing are the SQL of statements that are not prepared, each once.
func (p prepared) missing(statements []sqlText) (missing []string) {
	for _, statement := range statements {
		if p[statement.sql] == nil && !slices.Contains(missing, statement.sql) {
			missing = append(missing, statement.sql)
		}
	}
	return missing
}

// prepare prepares statements in one round trip, as far as the first that was there
// already: what comes behind it is still missing then.
func (p prepared) prepare(ctx context.Context, conn *pgconn.PgConn, missing []string) error {
	pipeline := conn.StartPipeline(ctx)
	for _, sql := range missing {
		pipeline.SendPrepare(statementName(sql), sql, nil)
	}
	err := pipeline.Sync()
	for i := 0; err == nil && i < len(missing); i++ {
		var results any
		results, err = pipeline.GetResults()
		made, _ := results.(*pgconn.StatementDescription)
		if made == nil {
			made = &pgconn.StatementDescription{} // of which the server is asked with each run
		}
		if err == nil || database.StateOf(err) == statementExists {
			made.Name = statementName(missing[i])
			p[missing[i]] = made
		}
	}
	closed := pipeline.Close()
	if database.StateOf(err) == statementExists && (closed == nil || database.StateOf(closed) == statementExists) {
		return nil
	}
	return cmp.Or(err, closed)
}

// forget forgets statements after an error that says that they are not what they were.
func (s *Session) forget(ctx context.Context, statements []sqlText, err error) error {
	data := s.postgres.PgConn().CustomData()
	switch known, _ := data[preparedKey].(prepared); database.StateOf(err) {
	case statementUnknown:
		// The others stay: to deallocate them would take them from other clients of a pooler.
		for _, statement := range statements {
			delete(known, statement.sql)
		}
	case statementChanged:
		delete(data, preparedKey)
		return s.postgres.DeallocateAll(ctx)
	}
	return nil
}
