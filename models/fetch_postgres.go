package models

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// prepared are the statements that are prepared on a connection, by their SQL.
type prepared map[string]*pgconn.StatementDescription

// preparedKey is where a connection has them. They are not there before the first, and
// after an error, which may be that one is not what it was.
const preparedKey = "usagegraph"

// mostPrepared is how many a connection has before it begins anew.
const mostPrepared = 512

// inBinary asks for all cells in binary.
var inBinary = []int16{1}

// readPostgres runs the statements in one round trip, after another for those that the
// connection sees for the first time. It goes below pgx's batches, whose types for any
// argument and any cell cost more than the statement of a short query.
func (s *Session) readPostgres(ctx context.Context, fetches []*Fetch, statements []rendered) (err error) {
	conn := s.postgres.PgConn()
	known, _ := conn.CustomData()[preparedKey].(prepared)
	if known == nil || len(known) >= mostPrepared {
		if err := s.postgres.DeallocateAll(ctx); err != nil {
			return err
		}
		known = prepared{}
		conn.CustomData()[preparedKey] = known
	}
	defer func() {
		if err != nil {
			delete(conn.CustomData(), preparedKey)
		}
	}()
	if err := known.learn(ctx, conn, statements); err != nil {
		return err
	}
	batch, values := new(pgconn.Batch), wired{}
	for _, statement := range statements {
		if err := values.take(statement.args); err != nil {
			return err
		}
		batch.ExecStatement(known[statement.sql], values.cells, nil, inBinary)
	}
	results := conn.ExecBatch(ctx, batch)
	for i, fetch := range fetches {
		if results.NextResult() {
			err = fetch.readPostgres(results.ResultReader(), &statements[i])
		} else if err = results.Close(); err == nil {
			err = errors.New("there is no result")
		}
		if err != nil {
			err = fmt.Errorf("read %s: %w", fetch.Edge.to.name, err)
			break
		}
		s.reader.ran(ctx, fetch, &statements[i])
	}
	return cmp.Or(err, results.Close())
}

// learn prepares the statements that are not yet.
func (p prepared) learn(ctx context.Context, conn *pgconn.PgConn, statements []rendered) error {
	var pipeline *pgconn.Pipeline
	var asked []*pgconn.StatementDescription
	for _, statement := range statements {
		if p[statement.sql] != nil {
			continue
		}
		if pipeline == nil {
			pipeline = conn.StartPipeline(ctx)
		}
		known := &pgconn.StatementDescription{Name: "usagegraph_" + strconv.Itoa(len(p))}
		p[statement.sql], asked = known, append(asked, known)
		pipeline.SendPrepare(known.Name, statement.sql, nil)
	}
	if pipeline == nil {
		return nil
	}
	err := pipeline.Sync()
	for i := 0; err == nil && i < len(asked); i++ {
		var results any
		if results, err = pipeline.GetResults(); err == nil {
			asked[i].Fields = results.(*pgconn.StatementDescription).Fields
		}
	}
	return cmp.Or(err, pipeline.Close())
}

// readPostgres takes the rows of the statement.
func (f *Fetch) readPostgres(rows *pgconn.ResultReader, statement *rendered) (err error) {
	f.begin(statement, true)
	for err == nil && rows.NextRow() {
		err = f.take(statement, rows.Values())
	}
	if _, closed := rows.Close(); err != nil || closed != nil {
		return errors.Join(err, closed)
	}
	return f.end()
}

// wired are arguments as the texts that PostgreSQL reads.
type wired struct {
	cells [][]byte // nil for null
	text  []byte   // begins with a space: it is never nil, as an empty cell would be without
}

// take takes the arguments of the next statement.
func (w *wired) take(args []any) error {
	w.cells, w.text = w.cells[:0], append(w.text[:0], ' ')
	for _, arg := range args {
		at := len(w.text)
		switch arg := arg.(type) {
		case nil:
			w.cells = append(w.cells, nil)
			continue
		case int64:
			w.text = strconv.AppendInt(w.text, arg, 10)
		case float64:
			w.text = strconv.AppendFloat(w.text, arg, 'g', -1, 64)
		case bool:
			w.text = strconv.AppendBool(w.text, arg)
		case string:
			w.text = append(w.text, arg...)
		case []byte:
			w.text = hex.AppendEncode(append(w.text, `\x`...), arg)
		default:
			return fmt.Errorf("an argument is a %T", arg)
		}
		w.cells = append(w.cells, w.text[at:])
	}
	return nil
}
