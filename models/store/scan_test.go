package store_test

import (
	"reflect"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestRowsAreAsGORMReadsThem reads all rows of all tables both ways, alone and in a
// transaction, whose connection is not to be had.
func TestRowsAreAsGORMReadsThem(t *testing.T) {
	seeded := func(t *testing.T, db *gorm.DB) error {
		_, err := seed.Run(t.Context(), db, seed.Options{Customers: 20, Seed: 1})
		return err
	}
	hard := func(t *testing.T, db *gorm.DB) error {
		return database.Write(t.Context(), db, func(tx *database.Tx) error { return write(tx, insert{}) })
	}
	for name, fill := range map[string]func(*testing.T, *gorm.DB) error{"seeded": seeded, "hard": hard} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				if err := fill(t, db); err != nil {
					t.Fatal(err)
				}
				sameTables(t, db)
				if err := store.Snapshot(t.Context(), db, func(tx *gorm.DB) error {
					sameTables(t, tx)
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func sameTables(t *testing.T, db *gorm.DB) {
	same(t, db, models.Customers)
	same(t, db, models.ExternalIDs)
	same(t, db, models.Sites)
	same(t, db, models.UsageProducts)
	same(t, db, models.UsageProductInventories)
	same(t, db, models.ProductReferences)
	same(t, db, models.BillRuns)
	same(t, db, models.InclusiveUsagePlans)
	same(t, db, models.InclusiveUsageBalances)
	same(t, db, models.InclusiveUsageAssignments)
	same(t, db, models.InclusiveUsageComponents)
	same(t, db, models.Products)
	same(t, db, models.CreditTypes)
	same(t, db, models.Contracts)
	same(t, db, models.Invoices)
	same(t, db, models.Balances)
	same(t, db, models.BalanceSums)
	same(t, db, models.BalanceCustomFields)
	same(t, db, models.AccessSegments)
	same(t, db, models.LedgerEntries)
	same(t, db, models.Entitlements)
	same(t, db, models.EntitlementBalances)
	same(t, db, models.Imports)
}

func same[T any](t *testing.T, db *gorm.DB, table *store.Table[T]) {
	t.Helper()
	got, want, err := store.ReadAll(t.Context(), db, table)
	if err != nil {
		t.Errorf("%T: %v", *new(T), err)
	}
	if len(got) != len(want) {
		t.Fatalf("%T: %d rows, GORM reads %d", *new(T), len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("%T: %+v, GORM reads %+v", *new(T), got[i], want[i])
		}
	}
}
