package seed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// generate makes rows without a database.
func generate(seed uint64, customers int) *batch {
	return generateTo(lastDay, seed, customers)
}

// generateTo is generate of data that ends on a day.
func generateTo(today scalar.DateTime, seed uint64, customers int) *batch {
	b, c := &batch{}, newCatalogue(seed, newCalendar(today))
	c.addTo(b)
	for id := range customers {
		newCustomer(b, c, seed, scalar.CustomerID(id+1)).make()
	}
	return b
}

// read reads all tables, each in order of its key.
func read(t *testing.T, db *gorm.DB) *batch {
	t.Helper()
	b := &batch{}
	for _, rows := range b.slices() {
		statement := &gorm.Statement{DB: db}
		if err := statement.Parse(rows); err != nil {
			t.Fatal(err)
		}
		query := db
		for _, name := range statement.Schema.PrimaryFieldDBNames {
			query = query.Order(`"` + name + `"`)
		}
		if err := query.Find(rows).Error; err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// slices are pointers to the rows of each table.
func (b *batch) slices() []any {
	return []any{
		&b.customers, &b.externalIDs, &b.sites, &b.usageProducts, &b.inventories, &b.references, &b.billRuns, &b.plans,
		&b.usageBalances, &b.assignments, &b.components, &b.products, &b.creditTypes, &b.invoices, &b.contracts, &b.balances,
		&b.customFields, &b.segments, &b.entries, &b.sums, &b.entitlements, &b.entitlementBalances,
	}
}

// dump is a text of all rows, a line each.
func dump(t *testing.T, b *batch) (lines []string) {
	t.Helper()
	for _, rows := range b.slices() {
		var list []json.RawMessage
		text, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &list); err != nil {
			t.Fatal(err)
		}
		for _, row := range list {
			lines = append(lines, fmt.Sprintf("%T %s", rows, row))
		}
	}
	return lines
}

// TestRunIsDeterministic wants the same rows of both engines, and again.
func TestRunIsDeterministic(t *testing.T) {
	const customers = batchSize + 10
	var first []string
	for _, address := range []string{modelstest.SQLite(t), modelstest.Postgres(t), modelstest.SQLite(t)} {
		db := modelstest.Open(t, address)
		rows, err := Run(t.Context(), db, Options{Customers: customers, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		lines := dump(t, read(t, db))
		if rows != int64(len(lines)) {
			t.Errorf("Run tells of %d rows, there are %d", rows, len(lines))
		}
		if first == nil {
			first = lines
		}
		for i := range max(len(first), len(lines)) {
			if i >= len(first) || i >= len(lines) || first[i] != lines[i] {
				t.Fatalf("%s has %d rows, not %d, or another from here:\n%v\n%v", db.Name(), len(lines), len(first), first[i:min(i+2, len(first))], lines[i:min(i+2, len(lines))])
			}
		}
	}
}

// TestCustomersAreIndependent wants a customer to be the same among few and among
// many, and another under another seed.
func TestCustomersAreIndependent(t *testing.T) {
	few, many := generate(1, 2), generate(1, 5)
	if diff := cmp.Diff(dump(t, few)[0], dump(t, many)[0]); diff != "" {
		t.Error(diff)
	}
	last := few.entries[len(few.entries)-1]
	if got := many.entries[len(few.entries)-1]; got.BalanceID != last.BalanceID || got.Amount != last.Amount {
		t.Errorf("%+v, want %+v", got, last)
	}
	same := map[string]bool{}
	for _, balance := range append(generate(1, 50).balances, generate(2, 50).balances...) {
		if same[balance.ID.String()] {
			t.Fatalf("balance %s is there under two seeds", balance.ID)
		}
		same[balance.ID.String()] = true
	}
}

func TestRunRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		customers int
		before    func(*database.Tx) error
		want      error
	}{
		"no customers": {customers: 0},
		"a customer": {customers: 3, want: store.ErrNotEmpty, before: func(tx *database.Tx) error {
			return store.Insert(tx, models.Customers, []models.Customer{{ID: 99}})
		}},
		"a bill run": {customers: 3, want: store.ErrNotEmpty, before: func(tx *database.Tx) error {
			return store.Insert(tx, models.BillRuns, []models.BillRun{{ID: 99}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				if test.before != nil {
					if err := database.Write(t.Context(), db, test.before); err != nil {
						t.Fatal(err)
					}
				}
				before := dump(t, read(t, db))
				rows, err := Run(t.Context(), db, Options{Customers: test.customers})
				if err == nil || rows != 0 || test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("%d rows, error %v, want %v", rows, err, test.want)
				}
				if diff := cmp.Diff(before, dump(t, read(t, db))); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestRunCanceled ends the context when the first of three batches is written, and
// wants nothing to be left; then the database can still be filled.
func TestRunCanceled(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var told []int64
		rows, err := Run(ctx, db, Options{Customers: 2*batchSize + 1, Progress: func(rows int64) {
			told = append(told, rows)
			cancel()
		}})
		if !errors.Is(err, context.Canceled) || rows != 0 || len(told) != 1 {
			t.Errorf("%d rows, error %v, progress %v", rows, err, told)
		}
		if lines := dump(t, read(t, db)); len(lines) > 0 {
			t.Errorf("%d rows are left", len(lines))
		}
		if _, err := Run(t.Context(), db, Options{Customers: 1}); err != nil {
			t.Error(err)
		}
	})
}

func TestEstimate(t *testing.T) {
	for _, customers := range []int{100, 400} {
		rows := float64(generate(3, customers).rows())
		if off := math.Abs(rows/float64(Estimate(customers)) - 1); off > 0.03 {
			t.Errorf("%d customers: %v rows, the estimate is %d", customers, rows, Estimate(customers))
		}
	}
}

// BenchmarkRun writes 1,000 customers a time.
func BenchmarkRun(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		b.Run(name, func(b *testing.B) {
			var rows int64
			for b.Loop() {
				b.StopTimer()
				db := modelstest.Open(b, address(b))
				b.StartTimer()
				n, err := Run(b.Context(), db, Options{Customers: 1000})
				if err != nil {
					b.Fatal(err)
				}
				rows += n
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
