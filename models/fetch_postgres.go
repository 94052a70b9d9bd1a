package models

import (
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

// readPostgres runs the statements in one round trip. It goes below pgx's batches, whose
// types for any argument and any cell cost more than the statement of a short query.
func (s *Session) readPostgres(ctx context.Context, fetches []*Fetch, statements []rendered) error {
	conn := s.postgres.PgConn()
	known, _ := conn.CustomData()[preparedKey].(prepared)
	if known == nil || len(known) >= mostPrepared {
		if err := s.postgres.DeallocateAll(ctx); err != nil {
			return err
		}
		known = prepared{}
		conn.CustomData()[preparedKey] = known
	}
	pipeline := conn.StartPipeline(ctx)
	err := known.send(pipeline, statements)
	for i := 0; err == nil && i < len(fetches); i++ {
		if err = fetches[i].readPostgres(pipeline, &statements[i]); err != nil {
			err = fmt.Errorf("read %s: %w", fetches[i].Edge.to.name, err)
			break
		}
		s.reader.ran(ctx, fetches[i], &statements[i])
	}
	if err = errors.Join(err, pipeline.Close()); err != nil {
		delete(conn.CustomData(), preparedKey)
	}
	return err
}

// send sends statements, and with them prepares those that are not yet.
func (p prepared) send(pipeline *pgconn.Pipeline, statements []rendered) error {
	for _, statement := range statements {
		known, ok := p[statement.sql]
		if !ok {
			// Without a field pgx would ask for a description of each result.
			known = &pgconn.StatementDescription{Name: "usagegraph_" + strconv.Itoa(len(p)), Fields: make([]pgconn.FieldDescription, 1)}
			p[statement.sql] = known
			pipeline.SendPrepare(known.Name, statement.sql, nil)
		}
		values, err := wire(statement.args)
		if err != nil {
			return err
		}
		pipeline.SendQueryStatement(known, values, nil, inBinary)
	}
	return pipeline.Sync()
}

// readPostgres takes the rows of the next statement.
func (f *Fetch) readPostgres(pipeline *pgconn.Pipeline, statement *rendered) error {
	results, err := pipeline.GetResults()
	if _, isNew := results.(*pgconn.StatementDescription); isNew {
		results, err = pipeline.GetResults()
	}
	if err != nil {
		return err
	}
	rows, ok := results.(*pgconn.ResultReader)
	if !ok {
		return fmt.Errorf("the statement gave %T", results)
	}
	f.begin(statement, true)
	for err == nil && rows.NextRow() {
		err = f.take(statement, rows.Values())
	}
	if _, closed := rows.Close(); err != nil || closed != nil {
		return errors.Join(err, closed)
	}
	return f.end()
}

// wire are arguments as the texts that PostgreSQL reads.
func wire(args []any) ([][]byte, error) {
	values, text := make([][]byte, len(args)), make([]byte, 0, 64) // never nil, for empty texts are no nulls
	for i, arg := range args {
		at := len(text)
		switch arg := arg.(type) {
		case nil:
			continue
		case int64:
			text = strconv.AppendInt(text, arg, 10)
		case float64:
			text = strconv.AppendFloat(text, arg, 'g', -1, 64)
		case bool:
			text = strconv.AppendBool(text, arg)
		case string:
			text = append(text, arg...)
		case []byte:
			text = hex.AppendEncode(append(text, `\x`...), arg)
		default:
			return nil, fmt.Errorf("an argument is a %T", arg)
		}
		values[i] = text[at:]
	}
	return values, nil
}
