package document_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var priceCustomers = flag.Int("prices", 0, "measure time against cost on so many customers, and write docs/prices.md")

const (
	priceRuns    = 3                      // of each question, of which the shortest counts
	priceParents = 100                    // rows that a computed field is asked of
	priceNoise   = 250 * time.Millisecond // what takes less is never too cheap
	priceWorst   = 10                     // times the median that something may take for its cost
	priceRows    = 25                     // of the table in docs/prices.md
)

// dearer are questions whose price is the contract's, and how many times the median they may
// take for it: they read all there is, which another structure of the data must end.
var dearer = map[string]float64{"lowBalances": 120, "LowBalance": 120, "usedRatio": 400, "componentId": 400, "search": 250}

// most is how many times the median a question may take for its cost.
func (p priced) most() float64 {
	for part, most := range dearer {
		if strings.Contains(p.what, part) {
			return most
		}
	}
	return priceWorst
}

// priced is a question and what it takes.
type priced struct {
	what, query string
	cost        int
	took        time.Duration
}

// ratio is microseconds for each 1 of cost.
func (p priced) ratio() float64 { return float64(p.took.Microseconds()) / float64(p.cost) }

// TestPrices asks each list of the schema for a page, its count, each order, each filter and
// searches, and each object and each field with arguments of a hundred rows: nothing takes
// much more than ten times the median for what it costs.
func TestPrices(t *testing.T) {
	if *priceCustomers == 0 {
		t.Skip("make prices runs it")
	}
	report := fmt.Sprintf(pricesHead, *priceCustomers, priceRuns)
	for _, address := range []string{modelstest.SQLite(t), modelstest.Postgres(t)} {
		db := modelstest.Open(t, address)
		apitest.Seeded(t, db, *priceCustomers)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--timeout", "60s", "--max-cost", "10000000", "--max-root-fields", "100")
		all := pricer{apitest.NewAtlas(t)}.measured(t, s)
		slices.SortFunc(all, func(a, b priced) int { return cmp.Compare(b.ratio(), a.ratio()) })
		median := all[len(all)/2].ratio()
		report += fmt.Sprintf("\n## %s\n\n%d questions; the median is %.1f µs for each 1 of cost.\n\n| asked | cost | ms | µs for 1 | times the median |\n|---|---|---|---|---|\n", db.Name(), len(all), median)
		for i, p := range all {
			if i < priceRows {
				report += fmt.Sprintf("| `%s` | %d | %.1f | %.1f | %.1f |\n", p.what, p.cost, float64(p.took.Microseconds())/1000, p.ratio(), p.ratio()/median)
			}
			if p.took > priceNoise && p.ratio() > p.most()*median {
				t.Errorf("%s: %s costs %d and takes %s, %.0f times the median: %s", db.Name(), p.what, p.cost, p.took, p.ratio()/median, p.query)
			}
		}
	}
	if err := os.WriteFile(apitest.Path("docs/prices.md"), []byte(report), 0o644); err != nil {
		t.Fatal(err)
	}
}

const pricesHead = `# Time against cost

What each list and each computed field takes for its cost (see [limits.md](limits.md#cost)), on %d customers of ` + "`usagegraph seed`" + `: the dearest
of each engine, the shortest of %d runs. ` + "`make prices`" + ` measures it, writes this page, and fails where something takes 250 ms or more and more than ten
times the median for what it costs; ` + "`" + `lowBalances` + "`" + `, and filters that ask of the components of all usage, and searches for words that
most rows have, may take more: they read all there is.

| before prices were measured, 5,000 customers | cost | ms on SQLite | ms on PostgreSQL | cost since |
|---|---|---|---|---|
| ` + "`inclusiveUsageBalances(search: …)`" + ` of 90 words, each in many rows | 52 | 8500 | | 1951 |
| ` + "`inclusiveUsageBalances(filter: {usedRatio: {gt: 1}})`" + ` | 61 | 1985 | 1151 | 1061 |
| ` + "`inclusiveUsageBalances(filter: {componentId: {in: [1]}})`" + ` | 61 | | 790 | 1061 |
| ` + "`customers(first: 100) { nodes { usageSummary } }`" + ` | 401 | 141 | 98 | 5301 |
| ` + "`customers(first: 100) { nodes { expiring { component } } }`" + ` | 601 | 74 | 50 | 2501 |
| ` + "`customers(first: 200) { nodes { netBalance } }`" + `, without statistics | 401 | over 15000 | | 401, 94 ms |
`

// pricer makes the questions that are measured.
type pricer struct{ apitest.Atlas }

// measured measures all questions.
func (a pricer) measured(t *testing.T, s apitest.Server) (all []priced) {
	t.Helper()
	for _, p := range a.questions() {
		p.took = time.Hour
		for range priceRuns {
			began := time.Now()
			answer := s.Request(t, map[string]any{"query": p.query})
			p.took = min(p.took, time.Since(began))
			if refusal, _ := answer.Refusal(); refusal != "" {
				t.Errorf("%s: %s", p.query, refusal)
			}
			p.cost = *answer.Extensions.Cost.Requested
		}
		all = append(all, p)
	}
	return all
}

// questions are those that are measured.
func (a pricer) questions() (all []priced) {
	add := func(f apitest.Field, what string, arguments map[string]string, selection string) {
		route := strings.Join(append(slices.Clone(f.Route), f.Name+a.List(arguments)+selection), " ")
		route = strings.Replace(route, `to: "2025-09-01`, `to: "2025-09-02`, 1) // a day, and not none
		route = strings.Replace(route, "(first: 2) {", fmt.Sprintf("(first: %d) {", priceParents), 1)
		all = append(all, priced{what: what, query: "{ " + route + strings.Repeat(" }", strings.Count(route, "{")-strings.Count(route, "}")) + " }"})
	}
	for _, f := range a.Fields() {
		what := f.Object + "." + f.Name
		required := apitest.Probe{Field: f, Values: nil}.All(a.Atlas)
		if !f.IsList() {
			selection, _ := a.Selection(f.Type.Name())
			if f.Object != "Query" && (selection != "" || len(f.Arguments) > 0) && !strings.HasSuffix(f.Type.Name(), "Edge") && f.Name != "pageInfo" && len(required) == 0 {
				add(f, what, required, selection)
			}
			continue
		}
		with := func(name, value string) map[string]string { return map[string]string{"first": "50", name: value} }
		add(f, what, with("first", "50"), " { nodes { __typename } }")
		add(f, what+" totalCount", with("first", "0"), " { totalCount }")
		if f.Object == "Query" {
			a.variants(f, func(variant string, name, value string) {
				add(f, what+" "+variant, with(name, value), " { nodes { __typename } }")
			})
		}
	}
	return all
}

// variants are the orders, the filters and the searches of a list.
func (a pricer) variants(f apitest.Field, visit func(variant, name, value string)) {
	for _, argument := range f.Arguments {
		switch kind := argument.Type; {
		case argument.Name == "orderBy":
			order := a.Types[kind.Name()].Fields.ForName("field")
			for _, value := range a.Types[order.Type.Name()].EnumValues {
				visit("by "+value.Name, argument.Name, "[{field: "+value.Name+", direction: DESC}]")
			}
		case argument.Name == "filter":
			a.Leaves(kind, nil, nil, func(inside []string, scalar string) {
				if !slices.Contains(inside, "and") && !slices.Contains(inside, "or") {
					visit("with "+strings.Join(inside, "."), argument.Name, a.Nest(kind, inside, a.Sample(ast.NamedType(scalar, nil))))
				}
			})
		case argument.Name == "search":
			for _, words := range []string{"e", "gloucester", "0 1 2 3 4 5 6 7 8 9 01 02 svc", strings.Repeat("a e i 0 00 01 1 2 s v ", 9)} {
				visit(fmt.Sprintf("search of %d words", len(strings.Fields(words))), argument.Name, `"`+words+`"`)
			}
		}
	}
}
