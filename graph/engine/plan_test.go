package engine

import (
	"fmt"
	"os"
	"runtime"
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
	"github.com/usagegraph/usagegraph/models/modelstest"
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
	reader := models.NewReader(db, models.Scope{All: true})
	made, err := compile(operation, schema, reader.Postgres())
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRun(made, reader, models.Moment{Now: models.Now()}, nil)
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
