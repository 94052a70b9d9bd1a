package engine_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/engine"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var writePlans = flag.Bool("plans", false, "write docs/plans.md anew")

// plannedQuery is a query of the benchmark, and what its statements read, each as
// "table: which rows".
type plannedQuery struct {
	name, title string
	variables   map[string]any
	reads       []string
}

// plannedQueries have the statements in the order in which they are run.
func plannedQueries(after string) []plannedQuery {
	customer := map[string]any{"id": "Customer:7"}
	return []plannedQuery{
		{"A", "six levels", nil, []string{
			"customers: the first page", "sites: a page of each customer", "usage_product_inventories: a page of each site",
			"inclusive_usage_balances: a page of each inventory",
			"inclusive_usage_assignments: all of each usage balance", "inclusive_usage_components: all of each usage balance, which are those of its assignments",
		}},
		{"B", "a customer's account", customer, []string{
			"customers: the one", "sites: a page of the customer's", "balances: a page of the customer's", "entitlement_balances: a page of the customer's",
			"ledger_entries: a page of each balance",
		}},
		{"C", "a page of 1,000 inventories", map[string]any{"after": after}, []string{"usage_product_inventories: the page behind a cursor"}},
		{"D", "a customer's name", customer, []string{"customers: the one"}},
		{"E", "what is left of each balance", customer, []string{
			"customers: the one", "balances: the customer's live ones of a credit type, which the net balance adds up", "balances: a page of the customer's",
			"balance_sums: all of each balance of the page and of each live one", "ledger_entries: the last page of each balance",
		}},
	}
}

// TestPlansOfTheBenchmark holds, on PostgreSQL, how many statements the engine runs for
// each query of the benchmark, beside that of the token, and that none of their plans
// reads a whole table or sorts rows: what is read has the order of an index.
func TestPlansOfTheBenchmark(t *testing.T) {
	customers := 300
	if *writePlans {
		customers = 2000
	}
	db := modelstest.Open(t, modelstest.Postgres(t))
	apitest.Seeded(t, db, customers)
	if err := db.Exec("ANALYZE").Error; err != nil {
		t.Fatal(err)
	}
	s := engineServer(t, db)
	_, answer := s.Ask(t, `{ usageProductInventories(first: 500) { pageInfo { endCursor } } }`)
	_, after, _ := strings.Cut(string(answer), `"endCursor":"`)
	after, _, _ = strings.Cut(after, `"`)
	var doc strings.Builder
	var texts []string
	doc.WriteString(plansHead)
	recorded := modelstest.Record(t, db)
	for _, query := range plannedQueries(after) {
		fmt.Fprintf(&doc, "\n## %s: %s\n", query.name, query.title)
		statements := statementsOf(t, recorded, s, query)
		if len(statements) != len(query.reads) {
			t.Errorf("%s: %d statements, want %d", query.name, len(statements), len(query.reads))
			continue
		}
		for i, statement := range statements {
			table, _, _ := strings.Cut(query.reads[i], ":")
			if !strings.Contains(statement.SQL, `"`+table+`" AS `) {
				t.Errorf("%s: statement %d does not read %s:\n%s", query.name, i+1, table, statement.SQL)
			}
			plan := planOf(t, db, statement)
			if found := badPlan.FindString(plan); found != "" {
				t.Errorf("%s: %s: the plan has %q:\n%s", query.name, query.reads[i], found, plan)
			}
			sql := readable(statement.SQL)
			texts = append(texts, sql)
			fmt.Fprintf(&doc, "\n%d. %s\n\n```sql\n%s\n```\n\n```\n%s```\n", i+1, strings.ReplaceAll(query.reads[i], "_", " "), sql, plan)
		}
	}
	if *writePlans {
		if err := os.WriteFile(apitest.Path("docs/plans.md"), []byte(doc.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	statements, plans := apitest.BlocksOf(t, "docs/plans.md", "sql"), apitest.BlocksOf(t, "docs/plans.md", "")
	if len(statements) != len(texts) || len(plans) != len(texts) {
		t.Fatalf("%s has %d statements and %d plans, and -plans writes it anew with %d", "docs/plans.md", len(statements), len(plans), len(texts))
	}
	for i, text := range texts {
		if statements[i].Text != text+"\n" {
			t.Errorf("%s is another statement, and -plans writes it anew:\n%s", statements[i], text)
		}
	}
}

const plansHead = `# The plans of PostgreSQL

What the [read engine](engine.md) asks PostgreSQL for the queries of the [benchmark](benchmarks.md)
(` + "`bench/queries/usagegraph`" + `), and how PostgreSQL finds it: the plans are those of 2,000 customers
with ` + "`random_page_cost = 1.1`" + `, as the benchmark has it, in the mode of the server's connections,
` + "`plan_cache_mode = force_generic_plan`" + `. Before the first statement of each, in the same round trip,
goes the one that reads the row of the token, where that must be read again.

The test of the plans writes this file: ` + "`go test ./graph/engine -run TestPlansOfTheBenchmark -plans`" + `.
`

// engineServer serves the database, and holds that the engine answers.
func engineServer(t *testing.T, db *gorm.DB) apitest.Server {
	t.Helper()
	bearer, hash := auth.NewToken()
	if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash, AllCustomers: true}); err != nil {
		t.Fatal(err)
	}
	settings := apitest.Settings(t)
	settings.Took = func(_ context.Context, path, why string) {
		if path != engine.PathEngine {
			t.Errorf("the engine left an operation to the resolvers: %s", why)
		}
	}
	handler, err := api.New(db, slog.New(slog.DiscardHandler), settings, apitest.Runner(t, db, settings))
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	return apitest.Server{URL: web.URL, Token: bearer}
}

// statementsOf are the statements that a query runs, but for the token's.
func statementsOf(t *testing.T, recorded func() []modelstest.Statement, s apitest.Server, query plannedQuery) (statements []modelstest.Statement) {
	t.Helper()
	text, err := os.ReadFile(apitest.Path("bench/queries/usagegraph/" + query.name + ".graphql"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"query": string(text), "variables": query.variables})
	if err != nil {
		t.Fatal(err)
	}
	before := len(recorded())
	if _, answer := s.Send(t, "POST", "/graphql", string(body)); strings.Contains(string(answer), `"errors"`) {
		t.Fatalf("%s: %.300s", query.name, answer)
	}
	for _, statement := range recorded()[before:] {
		if !strings.Contains(statement.SQL, `"api_tokens"`) {
			statements = append(statements, statement)
		}
	}
	return statements
}

// badPlan finds what reads a whole table, or sorts rows.
var badPlan = regexp.MustCompile(`Seq Scan|(?m:^ *(?:-> +)?(?:Incremental )?Sort$)`)

// planOf is the plan of a statement in the mode of the server's connections, where pages
// of a table cost what they do on a disk without an arm.
func planOf(t *testing.T, db *gorm.DB, statement modelstest.Statement) string {
	t.Helper()
	args := make([]string, len(statement.Args))
	for i, arg := range statement.Args {
		args[i] = "'" + strings.ReplaceAll(fmt.Sprint(arg), "'", "''") + "'"
	}
	execute := "EXPLAIN (COSTS OFF) EXECUTE planned"
	if len(args) > 0 {
		execute += "(" + strings.Join(args, ", ") + ")"
	}
	var lines []string
	if err := db.Transaction(func(tx *gorm.DB) error {
		for _, sql := range []string{"SET LOCAL random_page_cost = 1.1", "PREPARE planned AS " + statement.SQL} {
			if err := tx.Exec(sql).Error; err != nil {
				return err
			}
		}
		if err := tx.Raw(execute).Scan(&lines).Error; err != nil {
			return err
		}
		return tx.Exec("DEALLOCATE planned").Error
	}); err != nil {
		t.Fatalf("%v: %s", err, statement.SQL)
	}
	return strings.Join(lines, "\n") + "\n"
}

var clauses = regexp.MustCompile(` (FROM|(?:CROSS|LEFT) JOIN|WHERE|ORDER BY|GROUP BY|LIMIT) `)

// readable is SQL with a line for each clause.
func readable(sql string) string { return clauses.ReplaceAllString(sql, "\n$1 ") }
