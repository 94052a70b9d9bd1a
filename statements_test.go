package main

import (
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestStatements holds the promise of the loaders: one statement for each field
// that reads rows, and the one that looks the token up, whatever the number of
// parents and of concurrent requests.
func TestStatements(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seeded(t, db, 25)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		statements := modelstest.Statements(t, db)
		const token = 1
		for _, tt := range []struct {
			name, query string
			want        int64
		}{
			{"A", read(t, "a.graphql"), 6},
			{"count alone", `{ customers { totalCount } }`, 1},
			{"counts of all parents", `{ customers { nodes { sites(first: 0) { totalCount } } } }`, 2},
			{"rows and counts", `{ customers { totalCount nodes { sites { totalCount nodes { id } } } } }`, 4},
			{"next page", `{ customers(first: 5) { nodes { sites(first: 1) { pageInfo { hasNextPage hasPreviousPage } } } } }`, 2},
			{"edges and nodes", `{ sites { edges { node { customer { id } } } nodes { customer { name } } } }`, 2},
			{"lookups", `{ balances(includeContractBalances: true) { nodes { customer { name } contract { name } product { name } creditType { name } } } }`, 5},
			{"aliases", `{ customers { nodes { a: sites(first: 1) { nodes { id } } b: sites(first: 2) { nodes { id } } } } }`, 3},
			{"nodes of two types", `{ nodes(ids: ["Site:1", "Customer:1", "Site:2", "Customer:2"]) { ... on Site { customer { id } } ... on Customer { id } } }`, 3},
			{"references twice", `{ usageProductInventories { nodes { productReferences { label } primaryProductReference { label } } } }`, 2},
			{"net balances twice", `{ customers { nodes { netBalance { balance } netBalances { balance creditType { name } } } } }`, 5},
		} {
			for _, concurrent := range []int{1, 16} {
				statements.Store(0)
				var wg sync.WaitGroup
				for range concurrent {
					wg.Go(func() {
						if _, answer := s.ask(t, tt.query); strings.Contains(string(answer), `"errors"`) {
							t.Errorf("%s: %.300s", tt.name, answer)
						}
					})
				}
				wg.Wait()
				if got := statements.Load(); got != int64(concurrent)*(tt.want+token) {
					t.Errorf("%s, %d at once: %d statements, want %d × (%d + the token's)", tt.name, concurrent, got, concurrent, tt.want)
				}
			}
		}
	})
}

// TestWideLevel reads a level of 20,000 parents, which take a while to gather, in
// one statement.
func TestWideLevel(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	seeded(t, db, 400)
	s := newServer(t, db, models.APIToken{AllCustomers: true}, "--max-cost=1000000")
	statements := modelstest.Statements(t, db)
	_, answer := s.ask(t, `{ customers(first: 400) { nodes { usageProductInventories(first: 9) { nodes { inclusiveUsageBalances(first: 4) { nodes {
		assignments { components { componentId } } } } } } } } }`)
	if n := strings.Count(string(answer), "componentId"); n < 35_000 {
		t.Errorf("there are %d components", n)
	}
	if n := statements.Load(); n != 5+1 {
		t.Errorf("%d statements, want 5 and the token's", n)
	}
}
