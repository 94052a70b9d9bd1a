package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestStatements holds the promise of the loaders: one statement for each field
// that reads rows, whatever the number of parents and of concurrent requests.
func TestStatements(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 25)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		statements := modelstest.Statements(t, db)
		for _, tt := range []struct {
			name, query string
			want        int64
		}{
			{"A", apitest.Read(t, "a.graphql"), 6},
			{"count alone", `{ customers { totalCount } }`, 1},
			{"counts of all parents", `{ customers { nodes { sites(first: 0) { totalCount } } } }`, 2},
			{"rows and counts", `{ customers { totalCount nodes { sites { totalCount nodes { id } } } } }`, 4},
			{"next page", `{ customers(first: 5) { nodes { sites(first: 1) { pageInfo { hasNextPage hasPreviousPage } } } } }`, 2},
			{"edges and nodes", `{ sites { edges { node { customer { id } } } nodes { customer { name } } } }`, 2},
			{"lookups", `{ balances(includeContractBalances: true) { nodes { customer { name } contract { name } product { name } creditType { name } } } }`, 5},
			{"aliases", `{ customers { nodes { a: sites(first: 1) { nodes { id } } b: sites(first: 2) { nodes { id } } } } }`, 3},
			{"nodes of two types", `{ nodes(ids: ["Site:1", "Customer:1", "Site:2", "Customer:2"]) { ... on Site { customer { id } } ... on Customer { id } } }`, 3},
			{"references twice", `{ usageProductInventories { nodes { productReferences { label } primaryProductReference { label } } } }`, 2},
			{"drawdowns", `{ customers { nodes { a: drawdownPreview(amount: 1) { steps { balance { name } } } b: drawdownPreview(amount: 2) { uncovered } } } }`, 4},
			{"histories", `{ customers { nodes { balanceHistory(from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z", granularity: MONTH) { closing } } } }`, 5},
			{"what expires", `{ customers { nodes { expiring(withinDays: 99, asOf: "2025-09-15T00:00:00Z") { inclusiveUsageBalance { id } component { unit } } } } }`, 7},
			{"what is low", `{ lowBalances(usedRatio: 0.1, first: 1000, asOf: "2025-09-15T00:00:00Z") { nodes { customer { name } balance { balance } component { used } entitlementBalance { name } inclusiveUsageBalance { id } } } }`, 7},
			{"summaries", `{ customers { nodes { usageSummary { billRun { name } } entitlementSummary { entitlement { name } } } } sites { nodes { usageSummary(billRunId: 1) { used } } } }`, 7},
			{"balances at instants", `{ balances(includeContractBalances: true) { nodes { balance ` + aliased("balance") + ` } } }`, 2},
			{"breakdowns at instants", `{ balances(includeContractBalances: true) { nodes { ` + aliased("breakdown", "{ balance segments { sum entries { reason entry { invoice { status } } } } }") + ` } } }`, 4},
			{"net balances at instants", `{ customers { nodes { netBalance { balance } ` + aliased("netBalance", "{ balance settled pending }") + ` } } }`, 3},
			{"net balances of nothing", `{ customers { nodes { netBalance(creditTypeId: "none") { balance creditType { id } } } } }`, 5},
			{"net balances twice", `{ customers { nodes { netBalance { balance } netBalances { balance creditType { name } } } } }`, 4},
		} {
			for _, concurrent := range []int{1, 16} {
				statements.Store(0)
				var wg sync.WaitGroup
				for range concurrent {
					wg.Go(func() {
						if _, answer := s.Ask(t, tt.query); strings.Contains(string(answer), `"errors"`) {
							t.Errorf("%s: %.300s", tt.name, answer)
						}
					})
				}
				wg.Wait()
				if got := statements.Load(); got != int64(concurrent)*tt.want {
					t.Errorf("%s, %d at once: %d statements, want %d × %d", tt.name, concurrent, got, concurrent, tt.want)
				}
			}
		}
	})
}

// atInstants are arguments of fields that look at a balance, by alias.
var atInstants = map[string]string{
	"a": `asOf: "2024-02-10T00:00:00Z"`, "b": `asOf: "2025-09-15T00:00:00Z"`, "c": `asOf: "2025-09-15T00:00:00Z", invoiceInclusionMode: FINALIZED`,
}

// aliased is the field under each alias of atInstants, with what is selected of it.
func aliased(field string, selected ...string) (fields string) {
	for _, alias := range slices.Sorted(maps.Keys(atInstants)) {
		fields += fmt.Sprintf("%s: %s(%s) %s ", alias, field, atInstants[alias], strings.Join(selected, ""))
	}
	return fields
}

// TestInstantsDoNotMix asks for one field at several instants and in both modes at
// once: each answers as it does alone.
func TestInstantsDoNotMix(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 25)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, tt := range []struct{ format, field, selected string }{
			{`{ balances(includeContractBalances: true) { nodes { %s } } }`, "balance", ""},
			{`{ balances(includeContractBalances: true) { nodes { %s } } }`, "breakdown", "{ asOf invoiceInclusionMode balance segments { sum entries { reason } } }"},
			{`{ customers { nodes { %s } } }`, "netBalance", "{ asOf balance settled pending }"},
			{`{ customers { nodes { %s } } }`, "netBalances", "{ asOf balance settled pending }"},
		} {
			together := columns(t, s, fmt.Sprintf(tt.format, aliased(tt.field, tt.selected)))
			seen := map[string]bool{}
			for alias, arguments := range atInstants {
				alone := columns(t, s, fmt.Sprintf(tt.format, alias+": "+tt.field+"("+arguments+")"+tt.selected))
				if together[alias] != alone[alias] {
					t.Errorf("%s(%s): beside others\n%.500s\nalone\n%.500s", tt.field, arguments, together[alias], alone[alias])
				}
				seen[alone[alias]] = true
			}
			if len(seen) != len(atInstants) {
				t.Errorf("%s: some instants answer the same", tt.field)
			}
		}
	})
}

// columns asks for a list and returns what its rows have under each alias.
func columns(t *testing.T, s apitest.Server, query string) map[string]string {
	t.Helper()
	_, body := s.Ask(t, query)
	var answer struct {
		Data map[string]struct{ Nodes []map[string]json.RawMessage }
	}
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Data) != 1 {
		t.Fatalf("%s: %v %.300s", query, err, body)
	}
	found := map[string]string{}
	for _, list := range answer.Data {
		for _, row := range list.Nodes {
			for alias, value := range row {
				found[alias] += string(value) + "\n"
			}
		}
	}
	return found
}

// TestWideLevel reads a level of 20,000 parents, which take a while to gather, in
// one statement.
func TestWideLevel(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Seeded(t, db, 400)
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--max-cost=1000000")
	statements := modelstest.Statements(t, db)
	_, answer := s.Ask(t, `{ customers(first: 400) { nodes { usageProductInventories(first: 9) { nodes { inclusiveUsageBalances(first: 4) { nodes {
		assignments { components { componentId } } } } } } } } }`)
	if n := strings.Count(string(answer), "componentId"); n < 35_000 {
		t.Errorf("there are %d components", n)
	}
	if n := statements.Load(); n != 5 {
		t.Errorf("%d statements, want 5", n)
	}
}
