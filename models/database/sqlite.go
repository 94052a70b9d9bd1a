package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "github.com/glebarez/go-sqlite"
	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

// ErrReadOnly is an SQLite file that can be read and not written.
var ErrReadOnly = errors.New("the SQLite file can't be written")

// SQLitePath is the path of an address sqlite:PATH. An address of PostgreSQL is none; any
// other is an error, and so is a path at which no file can be.
func SQLitePath(address string) (path string, ok bool, err error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return "", false, nil
	}
	path, ok = strings.CutPrefix(address, "sqlite:")
	switch {
	case !ok:
		return "", false, errors.New("the database address must be sqlite:PATH or postgres://…")
	case path == "":
		return "", false, errors.New("the database address sqlite: lacks a path, as in sqlite:usagegraph.db")
	case strings.HasPrefix(path, "//"):
		return "", false, fmt.Errorf("the database address %s: the path follows sqlite: at once, as in sqlite:%s", address, strings.TrimPrefix(path, "//"))
	case strings.HasPrefix(path, ":memory:"):
		return "", false, errors.New("the database address sqlite::memory: each connection would have a database of its own; wanted is the path of a file")
	}
	return path, true, checkPath(path)
}

// checkPath looks for what keeps a file from being at the path: SQLite would say that
// memory is short.
func checkPath(path string) error {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil {
		return fmt.Errorf("the folder of the SQLite file: %w", err)
	} else if !info.IsDir() {
		return fmt.Errorf("the folder of the SQLite file: %s is a file", folder)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the SQLite file: %w", err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder; wanted is a file, such as sqlite:%s", path, filepath.Join(path, "usagegraph.db"))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file that can hold a database", path)
	}
	return nil
}

// checkWritable is ErrReadOnly for a file that is there and can't be written.
func checkWritable(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return file.Close()
}

// sqliteError says what an error of SQLite's means for the file at the path.
func sqliteError(path string, err error) error {
	file, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return err
	}
	switch file.Code() & 0xff {
	case sqliteReadOnly:
		return fmt.Errorf("%w: %s, or what stands beside it: %w", ErrReadOnly, path, err)
	case sqliteCantOpen:
		return fmt.Errorf("the SQLite file %s can't be opened or made there: %w", path, err)
	case sqliteNotADatabase:
		return fmt.Errorf("%s is no SQLite database: %w", path, err)
	}
	return err
}

// sqliteDSN lets readers go on while one writes, waits for another writer such as
// an import instead of failing at once, and takes the write lock when a transaction begins, not half way.
func sqliteDSN(path string) string {
	return sqliteURI(path, url.Values{
		"_pragma": {"busy_timeout(60000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	})
}

func sqliteURI(path string, options url.Values) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path) + "?" + options.Encode()
}

// OpenToRead is Open of a database of which nothing is changed: of an SQLite file, not
// a byte. One that can't be written must not be written by others while it is open, unless
// they had it open before. On PostgreSQL it is Open.
func OpenToRead(ctx context.Context, address string) (*gorm.DB, error) {
	path, isSQLite, err := SQLitePath(address)
	if err != nil || !isSQLite {
		if err != nil {
			return nil, err
		}
		return Open(ctx, address)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("the SQLite file: %w", err)
	}
	options := url.Values{"_pragma": {"busy_timeout(60000)", "query_only(1)"}}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		options.Set("mode", "ro") // what is in the log stays there
	} else if checkWritable(path) != nil {
		return openImmutable(ctx, path, options)
	}
	db, err := openReadable(ctx, path, options)
	if errors.Is(err, ErrReadOnly) && !options.Has("mode") { // no lock can be made beside it
		return openImmutable(ctx, path, options)
	}
	return db, err
}

// openImmutable opens a file without locks: nothing may be made beside it.
func openImmutable(ctx context.Context, path string, options url.Values) (*gorm.DB, error) {
	options.Set("mode", "ro")
	options.Set("immutable", "1")
	return openReadable(ctx, path, options)
}

// openReadable opens a file and makes sure that it can be read.
func openReadable(ctx context.Context, path string, options url.Values) (*gorm.DB, error) {
	db, err := open(ctx, sqlite.Open(sqliteURI(path, options)))
	if err == nil {
		if err = db.WithContext(ctx).Exec("SELECT count(*) FROM sqlite_schema").Error; err != nil {
			_ = Close(db)
		}
	}
	if err != nil {
		return nil, sqliteError(path, err)
	}
	return db, nil
}

// CopySQLite writes a copy of an SQLite database, as it is now, to a new file.
func CopySQLite(ctx context.Context, db *gorm.DB, path string) error {
	return db.WithContext(ctx).Connection(func(conn *gorm.DB) error {
		// Nothing of db is written; the pragma would refuse the copy, too.
		if err := conn.Exec("PRAGMA query_only(0)").Error; err != nil {
			return err
		}
		err := conn.Exec("VACUUM INTO ?", path).Error
		return errors.Join(err, conn.Exec("PRAGMA query_only(1)").Error)
	})
}
