package database

import (
	"context"
	"reflect"
	"time"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Interrupting runs do on a connection of SQLite's driver, and interrupts its
// statement when ctx ends: the driver looks at the context between two rows only, and a
// sort or a count may take minutes before the first. PostgreSQL's driver needs no help,
// and a transaction is never interrupted.
func Interrupting(ctx context.Context, driver any, do func() error) error {
	if ctx.Done() == nil {
		return do()
	}
	handle := uintptr(reflect.ValueOf(driver).Elem().FieldByName("db").Uint()) // which the driver does not export
	done, ended := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		interrupt(handle, done)
	})
	defer func() { // also when do panics: the connection is closed then, and its memory another's
		close(done)
		if !stop() {
			<-ended // another statement on the connection must not be hit
		}
	}()
	return do()
}

// interrupt interrupts what runs on an SQLite connection until done is closed: a
// statement that is about to begin is not ended by an interrupt that came before.
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
