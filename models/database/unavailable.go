package database

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/glebarez/go-sqlite"
	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of SQLite's errors, https://sqlite.org/rescode.html, that concern the file
// and not of the statement. The other bits of a code are its details.
const (
	sqliteBusy         = 5
	sqliteLocked       = 6
	sqliteReadOnly     = 8
	sqliteIOErr        = 10
	sqliteFull         = 13
	sqliteCantOpen     = 14
	sqliteNotADatabase = 26
)

// Unavailable reports whether err means that the database can't serve now, and may
// later: it can't be reached, ends the connection, or lacks a resource.
func Unavailable(err error) bool {
	if postgres, ok := errors.AsType[*pgconn.PgError](err); ok {
		return unavailableState(postgres.Code)
	}
	if file, ok := errors.AsType[*sqlite.Error](err); ok {
		switch file.Code() & 0xff {
		case sqliteBusy, sqliteLocked, sqliteIOErr, sqliteFull, sqliteCantOpen:
			return true
		}
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	// A broken connection, and one that the driver has closed, before it sent anything.
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}

// unavailableState looks at an SQLSTATE,
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func unavailableState(code string) bool {
	switch code {
	case "57014": // statement_timeout: the statement would take as long another time
		return false
	case "55P03", "25P03", "72000": // waited too long for a lock, idle in a transaction, the snapshot is too old
		return true
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58": // connections, resources, an operator's doing, the machine
		return true
	}
	return IsConflict(code)
}

// IsConflict holds for SQLSTATEs of statements that others' transactions ended, such as a
// standby's recovery: they may be run again.
func IsConflict(code string) bool { return strings.HasPrefix(code, "40") }

// StateOf is the SQLSTATE of an error, "" of one that is not PostgreSQL's.
func StateOf(err error) string {
	if postgres, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgres.Code
	}
	return ""
}
