package models_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestUnavailable distinguishes a database that is away from a statement that is wrong.
func TestUnavailable(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("x"), false},
		{context.Canceled, false},
		{context.DeadlineExceeded, false},
		{gorm.ErrDuplicatedKey, false},
		{driver.ErrBadConn, true},
		{io.EOF, true},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		{&pgconn.PgError{Code: "57P01"}, true},
		{&pgconn.PgError{Code: "57P03"}, true},
		{&pgconn.PgError{Code: "53300"}, true},
		{&pgconn.PgError{Code: "08006"}, true},
		{&pgconn.PgError{Code: "40001"}, true},
		{&pgconn.PgError{Code: "40P01"}, true},
		{fmt.Errorf("read: %w", &pgconn.PgError{Severity: "FATAL", Code: "40001"}), true},
		{&pgconn.PgError{Code: "57P04"}, true},
		{&pgconn.PgError{Code: "55P03"}, true},
		{&pgconn.PgError{Code: "58030"}, true},
		{&pgconn.PgError{Code: ""}, false},
		{&pgconn.PgError{Code: "42P05"}, false},
		{&pgconn.PgError{Code: "26000"}, false},
		{&pgconn.PgError{Code: "25006"}, false},
		{&pgconn.PgError{Code: "42P01"}, false},
		{&pgconn.PgError{Code: "57014"}, false},
		{&pgconn.PgError{Code: "23505"}, false},
	} {
		if got := database.Unavailable(tt.err); got != tt.want {
			t.Errorf("%v: %v", tt.err, got)
		}
	}
	nobody := "postgres:///x?host=" + t.TempDir()
	if _, err := database.Open(t.Context(), nobody); !database.Unavailable(err) {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := database.Open(t.Context(), "sqlite:/proc/self/x.db"); !database.Unavailable(err) {
		t.Errorf("the file can't be opened: %v", err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if err := db.Exec("SELECT * FROM no_such_table").Error; err == nil || database.Unavailable(err) {
			t.Errorf("a wrong statement: %v", err)
		}
	})
}

// TestReads counts statements and rows under a context.
func TestReads(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if err := store.Fill(t.Context(), db, func(tx *database.Tx) error {
			return store.Insert(tx, models.Customers, []models.Customer{{ID: 1}, {ID: 2}})
		}); err != nil {
			t.Fatal(err)
		}
		var reads store.ReadCount
		reader := store.NewReader(db, store.Scope{All: true})
		for _, ctx := range []context.Context{t.Context(), store.WithReadCount(t.Context(), &reads)} {
			if found, err := store.Children(ctx, reader, models.CustomerByID, []scalar.CustomerID{1, 2, 3}); err != nil || len(found) != 2 {
				t.Fatal(found, err)
			}
		}
		if statements, rows := reads.Statements.Load(), reads.Rows.Load(); statements != 1 || rows != 2 {
			t.Errorf("%d statements and %d rows", statements, rows)
		}
	})
}
