// Package modelstest makes databases for tests: SQLite files, and databases on a
// real PostgreSQL server, each with all migrations and each of one test alone.
package modelstest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/models/store"
)

// Main runs the tests of a package and then stops the PostgreSQL server that they
// may have started. A package whose tests use this one calls it:
//
//	func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }
func Main(m *testing.M) int {
	defer stop()
	return m.Run()
}

// Each runs the test on both engines, as subtests called sqlite and postgres.
func Each(t *testing.T, test func(*testing.T, *gorm.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) { test(t, Open(t, address)) })
}

// EachAddress is Each for tests that open the database themselves.
func EachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	EachEngine(t, func(t *testing.T, fresh func(testing.TB) string) { test(t, fresh(t)) })
}

// EachEngine is Each for tests that need several databases: fresh makes one and
// returns its address.
func EachEngine(t *testing.T, test func(t *testing.T, fresh func(testing.TB) string)) {
	t.Helper()
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": SQLite, "postgres": Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh)
		})
	}
}

// Open opens a database until the test ends.
func Open(t testing.TB, address string) *gorm.DB {
	t.Helper()
	db, err := database.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close(db) })
	return db
}

// SQLite is the address of a new SQLite file with all tables.
func SQLite(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// sqliteTemplate is a migrated SQLite file.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "usagegraph")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

var databases atomic.Int64

// Postgres is the address of a new PostgreSQL database with all tables.
func Postgres(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), databases.Add(1))
	if err := server.exec(fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, server.template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.address(name)
}

// migrate makes the tables of a database.
func migrate(address string) error {
	ctx := testingContext()
	db, err := database.Open(ctx, address)
	if err != nil {
		return err
	}
	defer database.Close(db)
	_, err = migrations.Up(ctx, db)
	return err
}

// Statement is a SQL statement that was run.
type Statement struct {
	SQL  string
	Args []any
}

// Statements counts the SQL statements that db runs from now on, but for those that read
// a token: how many there are depends on the connections.
func Statements(t testing.TB, db *gorm.DB) *atomic.Int64 {
	t.Helper()
	var count atomic.Int64
	watch(t, db, func(sql string, _ []any) {
		if !strings.Contains(sql, `"api_tokens"`) {
			count.Add(1)
		}
	})
	return &count
}

// Record returns a function that returns the statements that db has run since.
func Record(t testing.TB, db *gorm.DB) func() []Statement {
	t.Helper()
	var mu sync.Mutex
	var all []Statement
	watch(t, db, func(sql string, args []any) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, Statement{sql, slices.Clone(args)})
	})
	return func() []Statement {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// watch calls seen after each statement.
func watch(t testing.TB, db *gorm.DB, seen func(sql string, args []any)) {
	t.Helper()
	callback := func(db *gorm.DB) {
		// GORM renders subqueries by dry runs of the same callbacks.
		if !db.DryRun {
			seen(db.Statement.SQL.String(), db.Statement.Vars)
		}
	}
	callbacks := db.Callback()
	name := "modelstest:" + strings.ReplaceAll(t.Name(), "/", "_")
	for _, err := range []error{
		callbacks.Query().After("*").Register(name, callback),
		callbacks.Row().After("*").Register(name, callback),
		callbacks.Raw().After("*").Register(name, callback),
		store.Watch(db, name, seen),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}
