package apitest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/seed"
)

// Import imports a payload of the kind, of the customer where one is given.
func Import(t *testing.T, db *gorm.DB, kind, customer, content string) {
	t.Helper()
	if _, err := ingest.File(t.Context(), db, kind, strings.NewReader(content), ingest.Options{Kind: kind, Customer: customer}); err != nil {
		t.Fatal(err)
	}
}

// Root is the folder of the repository, which holds go.mod: tests run in that of their
// package.
var Root = sync.OnceValue(func() string {
	folder, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			panic("the test runs outside of the repository")
		}
		folder = above
	}
})

// Path is the path of a file that is named from the root of the repository.
func Path(name string) string { return filepath.Join(Root(), name) }

// Samples imports the payloads of testdata/samples: what the reference documents
// of the billing systems show.
func Samples(t testing.TB, db *gorm.DB) {
	t.Helper()
	for _, file := range []struct{ kind, name, customer, as string }{
		{kind: "customers", name: "elevate-customers"},
		{kind: "sites", name: "elevate-sites"},
		{kind: "usage-product-inventories", name: "elevate-usage-product-inventories"},
		{kind: "usage-products", name: "elevate-usage-products"},
		{kind: "bill-runs", name: "elevate-bill-runs"},
		{kind: "inclusive-usage-balances", name: "elevate-inclusive-usage-balances"},
		{kind: "inclusive-usage-plans", name: "elevate-inclusive-usage-plans"},
		{kind: "invoices", name: "metronome-invoices"},
		{kind: "balances", name: "metronome-list-balances", customer: "1"},
		{kind: "entitlement-balances", name: "zenskar-customers-balances", customer: "1", as: "zenskar:zk-cust-1"},
	} {
		content, err := os.Open(Path("testdata/samples/" + file.name + ".json"))
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if _, err := ingest.File(t.Context(), db, file.name, content, ingest.Options{Kind: file.kind, Customer: file.customer, As: file.as}); err != nil {
			t.Fatal(err)
		}
	}
}

// Read is the text of a file of testdata/.
func Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(Path("testdata/" + name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Seeded fills a database with made-up customers.
func Seeded(t testing.TB, db *gorm.DB, customers int) {
	t.Helper()
	if _, err := seed.Run(t.Context(), db, seed.Options{Customers: customers, Seed: 1}); err != nil {
		t.Fatal(err)
	}
}
