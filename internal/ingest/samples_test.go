package ingest_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestSamplesInAnyOrder imports the samples with the catalogue before and after
// what names it. The result is the same, and importing again changes nothing.
func TestSamplesInAnyOrder(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		first := ingest.Kinds()
		importSamples(t, db, first...)
		want := dump(t, db, false)
		for _, table := range store.Describe() {
			empty := table.Name == "imports" || table.Name == "api_tokens" || table.Name == "balance_custom_fields"
			if (len(want[table.Name]) == 0) != empty {
				t.Errorf("%s has %d rows", table.Name, len(want[table.Name]))
			}
		}
		times := dump(t, db, true)
		for _, kind := range first {
			summary := sample(t, kind).must(t, db)
			if summary.Changed != 0 || summary.Unchanged != summary.Rows || summary.Rows == 0 {
				t.Errorf("%s again: %s", kind, summary)
			}
		}
		same(t, "importing again", times, dump(t, db, true))

		other := modelstest.Open(t, address(t, db))
		late := []string{
			"customers", "sites", "usage-product-inventories", "inclusive-usage-balances", "balances", "entitlement-balances",
			"invoices", "inclusive-usage-plans", "bill-runs", "usage-products",
		}
		importSamples(t, other, late...)
		same(t, "another order", want, dump(t, other, false))
	})
}

// address is that of a new database of the same engine.
func address(t *testing.T, db *gorm.DB) string {
	if db.Name() == "postgres" {
		return modelstest.Postgres(t)
	}
	return modelstest.SQLite(t)
}

// TestSampleSummaries holds what people read after an import.
func TestSampleSummaries(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		for kind, want := range map[string]string{
			"customers": "elevate-customers.json: 2 rows of customers: 0 changed, 2 unchanged\n" +
				"unknown field, not kept: contractOwnerId (2)",
			"balances": "metronome-list-balances.json: 2 rows of balances: 0 changed, 2 unchanged, 2 warnings\n" +
				"warning: a deduction or expiration is above 0: the amount is kept as given (2)",
			"entitlement-balances": "zenskar-customers-balances.json: 4 rows of entitlement-balances: 0 changed, 4 unchanged",
		} {
			same(t, kind, want, sample(t, kind).must(t, db).String())
		}
		same(t, "imports", []string{"13"}, query(t, db, "SELECT count(*) FROM imports"))
		same(t, "warnings of imports", []string{"0", "2"}, query(t, db, "SELECT DISTINCT warnings FROM imports ORDER BY 1"))
	})
}
