package document_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestCostExamples holds the examples of docs/limits.md to their cost, asked by a dry
// run, which reads no row but that of the token.
func TestCostExamples(t *testing.T) {
	text, err := os.ReadFile(apitest.Path("docs/limits.md"))
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		statements := modelstest.Statements(t, db)
		examples := 0
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(strings.Trim(line, "| \n"), " | ")
			if !strings.HasPrefix(line, "| `{") || len(cells) != 3 {
				continue
			}
			examples++
			query := strings.Trim(cells[0], "`")
			statements.Store(0)
			answer := dryRun(t, s, query)
			refusal, _ := answer.Refusal()
			if got := fmt.Sprint(*answer.Extensions.Cost.Requested); got != cells[2] || refusal != "" || string(answer.Data) != "null" {
				t.Errorf("%s costs %s, want %s: %s %s", query, got, cells[2], answer.Data, refusal)
			}
			if n := statements.Load(); n != 0 {
				t.Errorf("%s: %d statements, want none", query, n)
			}
			full := s.Request(t, map[string]any{"query": query})
			if refusal, _ := full.Refusal(); refusal != "" || fmt.Sprint(*full.Extensions.Cost.Requested) != cells[2] {
				t.Errorf("%s runs: %s", query, refusal)
			}
		}
		if examples < 8 {
			t.Errorf("docs/limits.md has %d examples", examples)
		}
		for query, want := range map[string]string{"{ customerz }": "GRAPHQL_VALIDATION_FAILED", nest("first: 1000", "first: 500"): "QUERY_TOO_COMPLEX"} {
			if got, _ := dryRun(t, s, query).Refusal(); !strings.HasPrefix(got, want) {
				t.Errorf("a dry run of %s: %s, want %s", query, got, want)
			}
		}
		if cost := *dryRun(t, s, apitest.Read(t, "a.graphql")).Extensions.Cost.Requested; cost != 7721 {
			t.Errorf("query A costs %d", cost)
		}
	})
}

// dryRun asks what a query costs.
func dryRun(t testing.TB, s apitest.Server, query string) apitest.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.Token)
	request.Header.Set(document.DryRun, "only")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return apitest.ReadAnswer(t, answer)
}

// TestCostOfVariables prices the values that variables have, and what is skipped.
func TestCostOfVariables(t *testing.T) {
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	for _, tt := range []struct {
		query, variables string
		want             int
	}{
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": 7}`, 8},
		{"query($n: Int) { customers(last: $n) { nodes { id } } }", `{"n": 7.0}`, 8},
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": null}`, 51},
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{}`, 51},
		{"query($n: Int = 3) { customers(first: $n) { nodes { id } } }", `{}`, 4},
		{"query($n: Int = 3) { customers(first: $n) { nodes { id } } }", `{"n": 5}`, 6},
		{"query($n: Int = 3) { customers(first: $n) { nodes { id } } }", `{"n": null}`, 51},
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": -1}`, 1001},
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": 1e300}`, 1001},
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": {"a": 1}}`, 1001},
		{"query($ids: [ID!]!) { nodes(ids: $ids) { id } }", `{"ids": ["Site:1", "Site:2", "Site:3"]}`, 4},
		{"query($ids: [ID!]!) { nodes(ids: $ids) { id } }", `{"ids": "Site:1"}`, 2},
		{"query($ids: [ID!]! = [\"Site:1\", \"Site:2\"]) { nodes(ids: $ids) { id } }", `{}`, 3},
		{"query($f: SiteFilter) { sites(first: 1, filter: $f) { nodes { id } } }", `{}`, 2},
		{"query($f: SiteFilter) { sites(first: 1, filter: $f) { nodes { id } } }", `{"f": null}`, 2},
		{"query($f: SiteFilter) { sites(first: 1, filter: $f) { nodes { id } } }", `{"f": {}}`, 12},
		{"query($f: SiteFilter) { sites(first: 1, filter: $f) { nodes { id } } }", `{"f": {"id": {"in": [1, 2, 3]}, "or": [{"name": {"like": "a", "startsWith": "b"}}, {}]}}`, 42},
		{"query($f: SiteFilter = {name: {like: \"a\"}}) { sites(first: 1, filter: $f) { nodes { id } } }", `{}`, 12},
		{"query($in: [ID!]) { sites(first: 1, filter: {id: {in: $in}}) { nodes { id } } }", `{"in": [1, 2, 3]}`, 12},
		{"query($s: String) { customers(first: 1, search: $s) { nodes { id } } }", `{"s": "a  B\tc"}`, 2 + 100 + 3*20},
		{"query($s: String) { customers(first: 1, search: $s) { totalCount nodes { id } } }", `{"s": " "}`, 2 + 10},
		{"query($s: String) { customers(first: 1, search: $s) { nodes { id } } }", `{"s": null}`, 2},
		{"query($s: String = \"a\") { a: customers(first: 1, search: $s) { nodes { id } } sites(first: 1, search: \"\"\"b c\"\"\") { nodes { id } } }", `{}`, 2 + 120 + 2 + 140},
		{"query($x: [NetBalanceFilter!]) { customers(first: 2) { nodes { netBalance(filters: $x) { balance } } } }", `{"x": [{}, {}, {}]}`, 1 + 2*(1+1+30)},
		{"{ sites(first: 3) { ...F ...F @skip(if: true) totalCount @include(if: false) } } fragment F on SiteConnection { totalCount nodes { id } }", `{}`, 1 + 10 + 3},
		{"query($yes: Boolean!) { customers @include(if: $yes) { nodes { id } } }", `{"yes": true}`, 51},
		{"query($yes: Boolean!) { customers @include(if: $yes) { nodes { id } } }", `{"yes": false}`, 1},
		{"query($no: Boolean = true) { ... @skip(if: $no) { customers { nodes { id } } } }", `{}`, 1},
		{"query($no: Boolean = true) { ...F @skip(if: $no) } fragment F on Query { customers { nodes { id } } }", `{"no": false}`, 51},
	} {
		answer := s.Request(t, map[string]any{"query": tt.query, "variables": json.RawMessage(tt.variables)})
		if got := *answer.Extensions.Cost.Requested; got != tt.want {
			t.Errorf("%s of %s costs %d, want %d", tt.query, tt.variables, got, tt.want)
		}
	}
	// Only the operation that runs costs.
	two := map[string]any{"query": "query A { customers { nodes { id } } } query B { __typename }", "operationName": "B"}
	if answer := s.Request(t, two); *answer.Extensions.Cost.Requested != 1 || string(answer.Data) != `{"__typename":"Query"}` {
		t.Errorf("one of two operations: %+v", answer)
	}
}
