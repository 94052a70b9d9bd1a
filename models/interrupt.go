package models

import (
	"context"
	"database/sql"
	"reflect"
	"time"

	"gorm.io/gorm"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// interruptible runs do on a connection of its own, if that is to an SQLite file, and
// interrupts its statement when ctx ends: the driver looks at the context between two
// rows only, and a sort or a count may take minutes before the first. PostgreSQL's
// driver needs no help, and a transaction is never interrupted.
func interruptible(ctx context.Context, db *gorm.DB, do func(*gorm.DB) error) error {
	db = db.WithContext(ctx)
	if _, pooled := db.Statement.ConnPool.(*sql.DB); !pooled || db.Name() != "sqlite" || ctx.Done() == nil {
		return do(db)
	}
	return db.Connection(func(db *gorm.DB) error {
		var connection any
		if err := db.Statement.ConnPool.(*sql.Conn).Raw(func(driver any) error {
			connection = driver
			return nil
		}); err != nil {
			return err
		}
		return interrupting(ctx, connection, func() error { return do(db) })
	})
}

// interrupting runs do on a connection of SQLite's driver, and interrupts its
// statement when ctx ends.
func interrupting(ctx context.Context, driver any, do func() error) error {
	if ctx.Done() == nil {
		return do()
	}
	handle := uintptr(reflect.ValueOf(driver).Elem().FieldByName("db").Uint()) // which the driver does not export
	done, ended := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		interrupt(handle, done)
	})
	err := do()
	close(done)
	if !stop() {
		<-ended // another statement on the connection must not be hit
	}
	return err
}

// interrupt interrupts what runs on an SQLite connection until done is closed: a
// statement that is about to begin would not mind an interrupt that came before.
func interrupt(handle uintptr, done chan struct{}) {
	thread := libc.NewTLS()
	defer thread.Close()
	for {
		sqlite3.Xsqlite3_interrupt(thread, handle)
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
