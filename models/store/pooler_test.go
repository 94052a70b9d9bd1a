package store_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// pooledClients are databases of one connection each, to a pooler.
func pooledClients(t *testing.T, backends *modelstest.Backends, n int) (clients []*gorm.DB) {
	t.Helper()
	for range n {
		db := modelstest.Open(t, backends.Address)
		if err := database.SetPool(db, 1); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, db)
	}
	return clients
}

// TestPooledStatements holds that behind a pooler, whose backends have what some client
// has prepared, each statement gives its own rows.
func TestPooledStatements(t *testing.T) {
	backends := modelstest.NewBackends(t, modelstest.Postgres(t), 2)
	clients := pooledClients(t, backends, 3)
	sql := func(n int) string { return fmt.Sprintf("SELECT $1::bigint + %d AS v", n) }
	const statements = 12
	for round := range 20 {
		for i, db := range clients {
			// Each client meets the statements in another order, some alone and some at once.
			first := (7*round + 5*i) % statements
			batch := []int{first, (first + i + 1) % statements, (first + 3) % statements}[:1+round%3]
			var texts []string
			for _, n := range batch {
				texts = append(texts, sql(n))
			}
			cells, err := store.ReadCells(t.Context(), store.NewReader(db, store.Scope{All: true}), "bigint", int64(100), texts...)
			if err != nil || len(cells) != len(batch) {
				t.Fatalf("client %d, statements %v: %d cells, %v", i, batch, len(cells), err)
			}
			for j, cell := range cells {
				if got := int(binary.BigEndian.Uint64(cell)); got != 100+batch[j] {
					t.Errorf("client %d, statement %d: %d", i, batch[j], got)
				}
			}
		}
	}
	for _, code := range []string{"42P05", "26000", "08P01"} {
		if backends.Seen(code) == 0 {
			t.Errorf("the pooler never sent %s: nothing was tried", code)
		}
	}
}

// TestPooledChange holds that a statement is run by the types that its columns have, also
// on a backend that some client prepared it on when they were others.
func TestPooledChange(t *testing.T) {
	address := modelstest.Postgres(t)
	backends := modelstest.NewBackends(t, address, 2)
	clients := pooledClients(t, backends, 2)
	const sql = "SELECT name AS v FROM customers WHERE id = $1"
	for _, kind := range []string{"varchar(9)", "text", "varchar(8)"} {
		for _, db := range slices.Concat(clients, clients, clients) {
			if _, err := store.ReadCells(t.Context(), store.NewReader(db, store.Scope{All: true}), "text", int64(1), sql); err != nil {
				t.Errorf("before %s: %v", kind, err)
			}
		}
		if err := modelstest.Open(t, address).Exec("ALTER TABLE customers ALTER COLUMN name TYPE " + kind).Error; err != nil {
			t.Fatal(err)
		}
	}
	if backends.Seen("0A000") == 0 {
		t.Error("no statement had changed")
	}
}

// TestPooledWrites holds that transactions that write, and what GORM reads, need nothing
// that is prepared on a backend.
func TestPooledWrites(t *testing.T) {
	backends := modelstest.NewBackends(t, modelstest.Postgres(t), 2)
	clients := pooledClients(t, backends, 2)
	for round := range 4 {
		for i, db := range clients {
			err := database.Write(t.Context(), db, func(tx *database.Tx) error {
				if err := models.LockImports(tx); err != nil {
					return err
				}
				return store.Upsert(tx, models.Customers, []models.Customer{{ID: scalar.CustomerID(i + 1)}})
			})
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if err := token.Create(t.Context(), db, &token.APIToken{Name: "x", Hash: []byte{byte(round), byte(i)}}); err != nil {
				t.Fatal(err)
			}
			if tokens, err := token.All(t.Context(), db); err != nil || len(tokens) != len(clients)*round+i+1 {
				t.Fatalf("%d tokens, %v", len(tokens), err)
			}
		}
	}
	for _, code := range []string{"42P05", "26000"} {
		if n := backends.Seen(code); n > 0 {
			t.Errorf("%d × %s", n, code)
		}
	}
}

// TestConflicts holds that a read that a standby ended for its recovery is read once more,
// and is unavailable if it is ended again.
func TestConflicts(t *testing.T) {
	address := modelstest.Postgres(t)
	if err := store.Fill(t.Context(), modelstest.Open(t, address), func(tx *database.Tx) error {
		return store.Insert(tx, models.Customers, []models.Customer{{ID: 1}, {ID: 2}})
	}); err != nil {
		t.Fatal(err)
	}
	backends := modelstest.NewBackends(t, address, 1)
	db := pooledClients(t, backends, 1)[0]
	reader := store.NewReader(db, store.Scope{All: true})
	read := func() error {
		found, err := store.Children(t.Context(), reader, models.CustomerByID, []scalar.CustomerID{1, 2, 3})
		if err == nil && len(found) != 2 {
			err = fmt.Errorf("%d customers", len(found))
		}
		return err
	}
	for _, severity := range []string{"ERROR", "FATAL"} {
		for _, code := range []string{"40001", "40P01"} {
			if err := read(); err != nil { // also for connections to be there
				t.Fatal(err)
			}
			backends.Fake(1, severity, code)
			if err := read(); err != nil {
				t.Errorf("%s %s once: %v", severity, code, err)
			}
			backends.Fake(20, severity, code)
			if err := read(); !database.Unavailable(err) {
				t.Errorf("%s %s again and again: %v", severity, code, err)
			}
			backends.Fake(0, "", "")
		}
	}
	backends.Fake(1, "ERROR", "22012")
	if err := read(); err == nil || database.Unavailable(err) {
		t.Errorf("another error: %v", err)
	}
}
