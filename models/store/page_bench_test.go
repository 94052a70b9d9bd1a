package store_test

import (
	"flag"
	"testing"

	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

var benchCustomers = flag.Int("bench-customers", 100, "how many customers the benchmark of deep pages seeds")

// BenchmarkDeepPage reads the first page of 18 inventories, and the last one: page
// 10,000 of the 180,000 inventories of 20,000 customers. The two should cost the
// same.
func BenchmarkDeepPage(b *testing.B) {
	const size = 18
	root := []struct{}{{}}
	all := models.AllUsageProductInventories
	for engine, fresh := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			db := modelstest.Open(b, fresh(b))
			if _, err := seed.Run(b.Context(), db, seed.Options{Customers: *benchCustomers, Seed: 1}); err != nil {
				b.Fatal(err)
			}
			if err := db.Exec("ANALYZE").Error; err != nil {
				b.Fatal(err)
			}
			reader := store.NewReader(db, store.Scope{All: true})
			read := func(b *testing.B, q store.Query) []*models.UsageProductInventory {
				b.Helper()
				pages, err := store.Pages(b.Context(), reader, all, root, q)
				if err != nil {
					b.Fatal(err)
				}
				return pages[struct{}{}].Rows
			}
			for _, order := range []string{"ID", "END_DATE", "START_DATE"} {
				prepare := func(page store.Page) store.Query {
					q, err := all.Prepare(store.Request{Page: store.ArgsOf(page), OrderBy: []store.OrderKey{{"field": order}}})
					if err != nil {
						b.Fatal(err)
					}
					return q
				}
				first := prepare(store.Page{Limit: size})
				before := read(b, prepare(store.Page{Limit: size + 1, Backward: true}))[0]
				deep := prepare(store.Page{Limit: size, From: first.Cursor(before)})
				for _, page := range []struct {
					name  string
					query store.Query
				}{{"page=1", first}, {"page=deep", deep}} {
					b.Run("order="+order+"/"+page.name, func(b *testing.B) {
						for b.Loop() {
							if n := len(read(b, page.query)); n != size {
								b.Fatalf("%d rows, want %d", n, size)
							}
						}
					})
				}
			}
		})
	}
}
