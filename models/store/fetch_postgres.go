package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/usagegraph/usagegraph/models/database"
)

// inBinary asks for all cells in binary.
var inBinary = []int16{1}

// readPostgres runs the statements in one round trip, after another for those that the
// connection sees for the first time. Where the connection does not have what it took for
// prepared, or a standby had to end them for its recovery, all run once more, unnamed: that
// needs nothing that was there before.
func (s *Session) readPostgres(ctx context.Context, fetches []*Fetch, statements []sqlText) error {
	err := s.readPrepared(ctx, fetches, statements)
	if !isTransient(err) || s.postgres.IsClosed() || haveStreamed(fetches) {
		return err
	}
	if err := s.forget(ctx, statements, err); err != nil {
		return err
	}
	return s.readBatch(ctx, fetches, statements, nil)
}

// readPrepared is readPostgres by statements that are prepared once for a connection.
func (s *Session) readPrepared(ctx context.Context, fetches []*Fetch, statements []sqlText) error {
	known, err := preparedOn(ctx, s.postgres, statements)
	if err != nil {
		return err
	}
	return s.readBatch(ctx, fetches, statements, known)
}

// readBatch runs the statements in one round trip, prepared where known has them. It goes
// below pgx's batches, whose types for any argument and any cell cost more than the
// statement of a short query.
func (s *Session) readBatch(ctx context.Context, fetches []*Fetch, statements []sqlText, known prepared) (err error) {
	batch, values := new(pgconn.Batch), textArguments{}
	for _, statement := range statements {
		if err := values.load(statement.args); err != nil {
			return err
		}
		if prepared := known[statement.sql]; prepared != nil {
			batch.ExecStatement(prepared, values.cells, nil, inBinary)
		} else {
			batch.ExecParams(statement.sql, values.cells, nil, nil, inBinary)
		}
	}
	results := s.postgres.PgConn().ExecBatch(ctx, batch)
	for i, fetch := range fetches {
		if results.NextResult() {
			err = fetch.readPostgres(results.ResultReader(), &statements[i])
		} else if err = results.Close(); err == nil {
			err = errors.New("there is no result")
		}
		if err != nil {
			err = fmt.Errorf("read %s: %w", fetch.Edge.Target.Name, err)
			break
		}
		s.reader.ran(ctx, fetch, &statements[i])
	}
	return cmp.Or(err, results.Close())
}

// isTransient holds for errors of statements that may well succeed when they run again.
func isTransient(err error) bool {
	switch state := database.StateOf(err); state {
	case statementUnknown, statementChanged:
		return true
	default:
		return database.IsConflict(state)
	}
}

// haveStreamed returns whether rows have been given away, which can't be read again.
func haveStreamed(fetches []*Fetch) bool {
	return slices.ContainsFunc(fetches, func(f *Fetch) bool { return !f.into().repeatable(f) })
}

// readPostgres takes the rows of the statement.
func (f *Fetch) readPostgres(rows *pgconn.ResultReader, statement *sqlText) (err error) {
	to := f.into()
	to.begin(f, statement, true)
	for err == nil && rows.NextRow() {
		err = f.take(to, statement, rows.Values())
	}
	if _, closed := rows.Close(); err != nil || closed != nil {
		return errors.Join(err, closed)
	}
	return to.end(f)
}

// textArguments are arguments as the texts that PostgreSQL reads.
type textArguments struct {
	cells [][]byte // nil for null
	text  []byte   // begins with a space: it is never nil, as an empty cell would be without
}

// load takes the arguments of the next statement.
func (w *textArguments) load(args []any) error {
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
