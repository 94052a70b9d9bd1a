package engine

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// TestPlansWeighWhatTheyTake makes and runs many plans of a document, and holds what they
// weigh to the memory that they take.
func TestPlansWeighWhatTheyTake(t *testing.T) {
	six, err := os.ReadFile("../../bench/queries/usagegraph/A.graphql")
	if err != nil {
		t.Fatal(err)
	}
	aliased := func(format string, n int) (out string) {
		for i := range n {
			out += fmt.Sprintf("a%d:"+format+" ", i)
		}
		return out
	}
	documents := map[string]string{
		"nothing":   `{ __typename }`,
		"count":     `{ customers { totalCount } }`,
		"name":      `{ customer(id: 1) { id name } }`,
		"six":       string(six),
		"scalars":   `{ customers(first: 1) { nodes { ` + aliased("id", 30) + `} } }`,
		"lists":     `{ customers(first: 1) { nodes { ` + aliased("sites { totalCount nodes { id } }", 30) + `} } }`,
		"lookups":   `{ usageProductInventories { nodes { site { customer { id } } customer { id } usageProduct { id } productReferences { id } inclusiveUsageBalances { nodes { site { id } customer { id } billRun { id } assignments { components { byValue } } } } } } }`,
		"balances":  `{ customers { nodes { ` + aliased("netBalance { balance settled pending }", 10) + `balances { nodes { balance ledger { nodes { amount } } } } } } }`,
		"fragments": `{ ` + aliased("site(id: 1) { ...S }", 19) + `} fragment S on Site { ...T customer { sites { nodes { ...T } } } } fragment T on Site { usageProductInventories { totalCount } inclusiveUsageBalances { totalCount } customer { id } }`,
	}
	for engine, fresh := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		t.Run(engine, func(t *testing.T) {
			db := modelstest.Open(t, fresh(t))
			if _, err := seed.Run(t.Context(), db, seed.Options{Customers: 3, Seed: 1}); err != nil {
				t.Fatal(err)
			}
			for name, text := range documents {
				const n = 40
				plans := make([]*plan, n)
				before := live()
				for i := range plans {
					plans[i] = ran(t, db, text)
				}
				took, weight := (live()-before)/n, textBytes*len(text)+plans[0].bytes()
				if took > weight || took < weight/8 {
					t.Errorf("%s: a plan of %d places takes %d bytes, and weighs %d", name, len(plans[0].nodes), took, weight)
				}
				runtime.KeepAlive(plans)
			}
		})
	}
}

// TestRoundTrips holds what is read together, each level in one round trip on PostgreSQL.
func TestRoundTrips(t *testing.T) {
	customer := func(selection string) string { return `{ customer(id: 1) { name ` + selection + ` } }` }
	db := map[bool]*gorm.DB{false: modelstest.Open(t, modelstest.SQLite(t)), true: modelstest.Open(t, modelstest.Postgres(t))}
	for _, tt := range []struct {
		name, text       string
		sqlite, postgres int
	}{
		{"a row", customer(``), 1, 1},
		{"its pages", customer(`sites { nodes { id } } balances { nodes { id } }`), 1, 1},
		{"what they lead to", customer(`sites(first: 3) { nodes { id usageProductInventories { nodes { id } } } } balances(last: 3, includeArchived: true) { nodes { id accessSchedule { id } } }`), 2, 1},
		{"three levels", customer(`sites { nodes { usageProductInventories { nodes { inclusiveUsageBalances { nodes { billRunId } } } } } }`), 3, 2},
		{"one of two is counted", customer(`sites { nodes { usageProductInventories { totalCount nodes { id } } inclusiveUsageBalances { nodes { billRunId } } } }`), 2, 2},
		{"a page that is chosen", customer(`sites(filter: {name: {like: "%a%"}}) { nodes { usageProductInventories { nodes { id } } } }`), 2, 2},
		{"a page that is sorted", customer(`sites(orderBy: {field: NAME}) { nodes { usageProductInventories { nodes { id } } } }`), 2, 2},
		{"a page that needs sums", customer(`balances(excludeZeroBalances: true) { nodes { ledger { nodes { amount } } } }`), 2, 2},
		{"sums that a net balance reads, too", customer(`netBalance { balance } balances { nodes { balance ledger { nodes { amount } } } }`), 2, 2},
		{"a lookup by another key", customer(`balances { nodes { contract { id } } }`), 2, 2},
		{"a row by what it holds besides its key", `{ balance(id: "a") { ledger(orderBy: {field: AMOUNT}) { totalCount nodes { amount } } accessSchedule { id } } }`, 1, 1},
		{"pages at the root", `{ customers { nodes { sites { nodes { id } } } } }`, 2, 2},
	} {
		for postgres, want := range map[bool]int{false: tt.sqlite, true: tt.postgres} {
			if made := ran(t, db[postgres], tt.text); len(made.levels) != want {
				t.Errorf("%s, PostgreSQL %v: %d levels, want %d", tt.name, postgres, len(made.levels), want)
			}
		}
	}
}

// TestShortLists holds that lists are taken to be short until they are not, or until most of
// what that reads is not shown, and then not for a while.
func TestShortLists(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if _, err := seed.Run(t.Context(), db, seed.Options{Customers: 3, Seed: 1}); err != nil {
			t.Fatal(err)
		}
		for customer, n := range map[int]int{1: 100, 3: 500} { // more entries of the last balance
			var last models.LedgerEntry
			if err := db.Where("customer_id = ?", customer).Order("balance_id DESC, number DESC").First(&last).Error; err != nil {
				t.Fatal(err)
			}
			more := make([]models.LedgerEntry, n)
			for i := range more {
				more[i] = last
				more[i].Number += int64(i + 1)
			}
			if err := database.Write(t.Context(), db, func(tx *database.Tx) error { return store.Insert(tx, models.LedgerEntries, more) }); err != nil {
				t.Fatal(err)
			}
		}
		for text, want := range map[string]int32{
			`{ customer(id: 3) { balances(includeContractBalances: true) { nodes { ledger(first: 500) { nodes { amount } } } } } }`:          backoffRuns,
			`{ customer(id: 1) { balances(first: 1, includeContractBalances: true) { nodes { ledger(first: 3) { nodes { amount } } } } } }`:  0,
			`{ customer(id: 1) { balances(first: 3, includeContractBalances: true) { nodes { ledger(first: 49) { nodes { amount } } } } } }`: backoffRuns,
			`{ customer(id: 2) { balances(first: 10) { nodes { ledger(first: 20) { nodes { amount } } } } } }`:                               0,
			`{ customer(id: 1) { balances(first: 3) { nodes { ledger(first: 2) { nodes { amount } } } } } }`:                                 backoffRuns,
			`{ customer(id: 2) { balances(first: 10) { nodes { balance ledger(last: 20) { nodes { amount } } } } } }`:                        0,
			`{ customer(id: 1) { balances(first: 3) { nodes { balance ledger(last: 2) { nodes { amount } } } } } }`:                          backoffRuns,
		} {
			made := ran(t, db, text)
			ledger := made.nodes[slices.IndexFunc(made.nodes, func(n *node) bool { return n.edge == &models.LedgerOfBalance.Edge })]
			ranged, isRange := ledger.strategy.(*oneRange)
			if !isRange || ranged.backoff.Load() != want {
				t.Fatalf("%s: the ledgers are read by %#v, want one range in all but %d runs", text, ledger.strategy, want)
			}
			for range want {
				if ranged.tries() {
					t.Errorf("%s: the ledgers are taken to be short too soon", text)
				}
			}
			if !ranged.tries() {
				t.Errorf("%s: the ledgers are never taken to be short again", text)
			}
		}
	})
}

// live is the size of the heap that is in use, in bytes.
func live() int {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// ran is the plan of a text that nobody else has, after a run of each of its statements.
func ran(t *testing.T, db *gorm.DB, text string) *plan {
	t.Helper()
	schema := schemaOf()
	document, errs := gqlparser.LoadQueryWithRules(schema, strings.Clone(text), rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	operation := &graphql.OperationContext{RawQuery: text, Doc: document, Operation: document.Operations[0]}
	reader := store.NewReader(db, store.Scope{All: true})
	made, err := compile(operation, schema, reader.Postgres())
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRun(made, reader, models.Moment{Now: scalar.Now()}, nil)
	defer r.end()
	if err == nil {
		err = r.read(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return made
}

var schemaOf = sync.OnceValue(func() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() })
