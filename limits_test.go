package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/limits"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// limitedAnswer is an answer with its cost.
type limitedAnswer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	Extensions struct {
		Cost struct{ Requested, Limit *int }
	}
}

func readAnswer(t testing.TB, text []byte) (answer limitedAnswer) {
	t.Helper()
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return answer
}

// refusal is the first error, as its code and message, and how many there are.
func (a limitedAnswer) refusal() (string, int) {
	if len(a.Errors) == 0 {
		return "", 0
	}
	return a.Errors[0].Extensions.Code + ": " + a.Errors[0].Message, len(a.Errors)
}

// post sends members of a request as JSON.
func (s server) post(t testing.TB, members map[string]any) limitedAnswer {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	_, answer := s.send(t, "POST", "/graphql", string(body))
	return readAnswer(t, answer)
}

// nest writes a query of nested pages.
func nest(pages ...string) string {
	fields, query := []string{"customers", "sites", "customer { sites", "customer { sites", "customer { sites"}, "id"
	for i := len(pages) - 1; i >= 0; i-- {
		query = fields[i] + "(" + pages[i] + ") { nodes { " + query + " } }" + strings.Repeat(" }", strings.Count(fields[i], "{"))
	}
	return "{ " + query + " }"
}

// attacks are what a client may try, and what it gets. Each is refused before it
// reads a row.
var attacks = []struct {
	name, query, want string
	errors, cost      int
}{
	{"fragment bomb", "{ ...F0 }" + repeat(40, " fragment F%[1]d on Query { ...F%[2]d ...F%[2]d }") + " fragment F40 on Query { customers { nodes { id } } }",
		"QUERY_TOO_COMPLEX: fields: 2147483647, and the limit is 500", 1, 1<<31 - 1},
	{"fragment bomb that is not used", "{ __typename }" + repeat(40, " fragment F%[1]d on Query { ...F%[2]d ...F%[2]d }") + " fragment F40 on Query { customers { nodes { id } } }",
		"QUERY_TOO_COMPLEX: fields: 2147483647, and the limit is 500", 1, 1},
	{"fragments in a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
		"GRAPHQL_VALIDATION_FAILED: Cannot spread fragment \"A\" within itself via \"B\".", 1, 1},
	{"operations that share a fragment", repeat(100, " query Q%[1]d { ...F }") + " fragment F on Query { " + strings.Repeat("__typename ", 400) + "}",
		"QUERY_TOO_COMPLEX: fields: 40000, and the limit is 500", 1, 0},
	{"2,000 × __typename", "{" + strings.Repeat(" __typename", 2000) + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"5,000 fields", "{ customers { nodes {" + strings.Repeat(" id", 5000) + " } } }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"501 fields", "{ customers { nodes {" + strings.Repeat(" id", 499) + " } } }", "QUERY_TOO_COMPLEX: fields: 501, and the limit is 500", 1, 51},
	{"comments", strings.Repeat("#\n", 2000) + "{ __typename }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"depth 900", strings.Repeat("{ customer ", 900) + strings.Repeat("}", 900), "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"depth 600", strings.Repeat("{ customer ", 600) + strings.Repeat("}", 600), "QUERY_TOO_COMPLEX: depth: 600, and the limit is 20", 1, 600 - 1},
	{"depth by fragments", "{ customer(id: 1) { ...F0 } }" + repeat(21, " fragment F%[1]d on Customer { sites { nodes { customer { ...F%[2]d } } } }") + " fragment F21 on Customer { id }",
		"QUERY_TOO_COMPLEX: depth: 65, and the limit is 20", 1, 1<<31 - 1},
	{"20,000 aliases", "{" + repeat(20_000, " a%[1]d:x") + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"31 aliases", "{" + repeat(31, " a%[1]d: __typename") + " }", "QUERY_TOO_COMPLEX: aliases: 31, and the limit is 30", 1, 1},
	{"aliases by fragments", "{" + repeat(16, " ... { ...F }") + " } fragment F on Query { customer(id: 1) { a: id b: id } }", "QUERY_TOO_COMPLEX: aliases: 32, and the limit is 30", 1, 16},
	{"100 root fields", "{" + strings.Repeat(" customers { totalCount }", 100) + " }", "QUERY_TOO_COMPLEX: root fields: 100, and the limit is 20", 1, 5100},
	{"5,000 directives", "{ customers" + strings.Repeat(" @include(if: true)", 5000) + " { totalCount } }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"51 directives", "{ customers" + strings.Repeat(" @a", 51) + " { totalCount } }", "QUERY_TOO_COMPLEX: directives: 51, and the limit is 50", 1, 51},
	{"2,000 unknown fields", "{" + repeat(2000, " x%[1]d") + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"400 unknown fields", "{ customer(id: 1) {" + repeat(400, " x%[1]d") + " } }", `GRAPHQL_VALIDATION_FAILED: Cannot query field "x0" on type "Customer".`, 20, 1},
	{"600 unknown arguments", "{ customer(" + repeat(600, " x%[1]d: 1") + ") { id } }", `GRAPHQL_VALIDATION_FAILED: Unknown argument "x0" on field "Query.customer".`, 20, 1},
	{"a huge page", "{ customers(first: 2147483647) { nodes { id } } }", "BAD_USER_INPUT: first: 2147483647 is not in 0 to 1000", 1, 1001},
	{"a page past 64 bits", "{ customers(first: 99999999999999999999) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED: Int cannot represent non 32-bit signed integer value: 99999999999999999999", 1, 1001},
	{"nested pages", nest("first: 1000", "first: 500"), "QUERY_TOO_COMPLEX: cost: 502001, and the limit is 100000", 1, 502_001},
	{"pages that overflow", nest("first: 1000", "first: 500", "last: 500", "first: 500", "first: 500"), "QUERY_TOO_COMPLEX: cost: 2147483647, and the limit is 100000", 1, 1<<31 - 1},
	{"introspection in a circle", "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "GRAPHQL_VALIDATION_FAILED: Maximum introspection depth exceeded", 1, 13322},
	{"introspection again and again", "{" + repeat(10, " a%[1]d: __schema { types { fields { type { fields { args { name } } } } } }") + " }", "QUERY_TOO_COMPLEX: cost: 123220, and the limit is 100000", 1, 123_220},
	{"introspection fields", "{ __schema { types { " + strings.Repeat(" kind", 500) + " } } }", "QUERY_TOO_COMPLEX: introspection fields: 501, and the limit is 500", 1, 12},
	{"suggestion of a field", "{ customerz { id } }", `GRAPHQL_VALIDATION_FAILED: Cannot query field "customerz" on type "Query".`, 1, 1},
	{"suggestion of a type", "{ ...F } fragment F on Querry { id }", `GRAPHQL_VALIDATION_FAILED: Unknown type "Querry".`, 1, 1},
	{"suggestion of an argument", "{ customer(ids: 1) { id } }", `GRAPHQL_VALIDATION_FAILED: Unknown argument "ids" on field "Query.customer".`, 1, 1},
	{"suggestion of a leaf", "{ customers }", `GRAPHQL_VALIDATION_FAILED: Field "customers" of type "CustomerConnection" must have a selection of subfields.`, 1, 1},
	{"suggestion of an enum value", "{ customers(orderBy: {field: NAM}) { totalCount } }", `GRAPHQL_VALIDATION_FAILED: Value "NAM" does not exist in "CustomerOrderField!" enum.`, 1, 51},
	{"suggestion of an input field", "{ customers(filter: {nam: 1}) { totalCount } }", `GRAPHQL_VALIDATION_FAILED: Field "nam" is not defined by type "CustomerFilter".`, 1, 51},
	{"nothing", "#", "GRAPHQL_VALIDATION_FAILED: no operation provided", 1, 0},
	{"no GraphQL", "{ customers", "GRAPHQL_PARSE_FAILED: Expected Name, found <EOF>", 1, 0},
}

// repeat writes a format for each number below n, and the one after it.
func repeat(n int, format string) string {
	var out strings.Builder
	for i := range n {
		text := fmt.Sprintf(format, i, i+1)
		out.WriteString(strings.Split(text, "%!(EXTRA")[0])
	}
	return out.String()
}

// TestAttacks holds what each attack gets, and that the answer tells the cost.
func TestAttacks(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := newServer(t, db, models.APIToken{AllCustomers: true})
	statements := modelstest.Statements(t, db)
	for _, tt := range attacks {
		statements.Store(0)
		answer := s.post(t, map[string]any{"query": tt.query})
		if got, errors := answer.refusal(); got != tt.want || errors != tt.errors {
			t.Errorf("%s: %d errors, the first is %s\nwant %d, %s", tt.name, errors, got, tt.errors, tt.want)
		}
		cost := answer.Extensions.Cost
		if cost.Requested == nil {
			t.Fatalf("%s: no cost", tt.name)
		}
		if *cost.Requested != tt.cost || *cost.Limit != 100_000 {
			t.Errorf("%s: the cost is %v, want %d", tt.name, fmt.Sprint(*cost.Requested), tt.cost)
		}
		if n := statements.Load(); n != 1 {
			t.Errorf("%s: %d statements, want the token's", tt.name, n)
		}
	}
}

// TestCostOfToken holds an operation to the limit of its token, if that has one.
func TestCostOfToken(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	handler := newGraphQL(db, slog.New(slog.DiscardHandler), models.UsageUnitSecond, limited(t, "--max-cost=20"))
	for _, tt := range []struct {
		limit, page int
		want        string
	}{
		{0, 19, ""}, {0, 20, "QUERY_TOO_COMPLEX: cost: 21, and the limit is 20"},
		{10, 9, ""}, {10, 10, "QUERY_TOO_COMPLEX: cost: 11, and the limit is 10"},
		{30, 29, ""}, {30, 30, "QUERY_TOO_COMPLEX: cost: 31, and the limit is 30"},
	} {
		request := httptest.NewRequest("POST", "/graphql", strings.NewReader(fmt.Sprintf(`{"query": "{ customers(first: %d) { nodes { id } } }"}`, tt.page)))
		request.Header.Set("Content-Type", "application/json")
		principal := auth.Principal{Scope: models.Scope{All: true}, CostLimit: tt.limit}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(auth.With(t.Context(), principal)))
		if got, _ := readAnswer(t, recorder.Body.Bytes()).refusal(); got != tt.want {
			t.Errorf("limit %d, page %d: %q, want %q", tt.limit, tt.page, got, tt.want)
		}
	}
}

// TestCostExamples holds the examples of docs/limits.md to their cost, asked by a dry
// run, which reads no row but that of the token.
func TestCostExamples(t *testing.T) {
	text, err := os.ReadFile("docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
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
			answer := s.dryRun(t, query)
			refusal, _ := answer.refusal()
			if got := fmt.Sprint(*answer.Extensions.Cost.Requested); got != cells[2] || refusal != "" || string(answer.Data) != "null" {
				t.Errorf("%s costs %s, want %s: %s %s", query, got, cells[2], answer.Data, refusal)
			}
			if n := statements.Load(); n != 1 {
				t.Errorf("%s: %d statements, want the token's", query, n)
			}
			full := s.post(t, map[string]any{"query": query})
			if refusal, _ := full.refusal(); refusal != "" || fmt.Sprint(*full.Extensions.Cost.Requested) != cells[2] {
				t.Errorf("%s runs: %s", query, refusal)
			}
		}
		if examples < 8 {
			t.Errorf("docs/limits.md has %d examples", examples)
		}
		for query, want := range map[string]string{"{ customerz }": "GRAPHQL_VALIDATION_FAILED", nest("first: 1000", "first: 500"): "QUERY_TOO_COMPLEX"} {
			if got, _ := s.dryRun(t, query).refusal(); !strings.HasPrefix(got, want) {
				t.Errorf("a dry run of %s: %s, want %s", query, got, want)
			}
		}
		if cost := *s.dryRun(t, read(t, "a.graphql")).Extensions.Cost.Requested; cost != 7721 {
			t.Errorf("query A costs %d", cost)
		}
	})
}

// dryRun asks what a query costs.
func (s server) dryRun(t testing.TB, query string) limitedAnswer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set(limits.DryRun, "only")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, answer)
}

// TestCostOfVariables prices the values that variables have, and what is skipped.
func TestCostOfVariables(t *testing.T) {
	s := newServer(t, modelstest.Open(t, modelstest.SQLite(t)), models.APIToken{AllCustomers: true})
	for _, tt := range []struct {
		query, variables string
		want             int
	}{
		{"query($n: Int) { customers(first: $n) { nodes { id } } }", `{"n": 7}`, 8},
		{"query($n: Int) { customers(last: $n) { nodes { id } } }", `{"n": 7.0}`, 1001},
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
		{"query($yes: Boolean!) { customers @include(if: $yes) { nodes { id } } }", `{"yes": true}`, 51},
		{"query($yes: Boolean!) { customers @include(if: $yes) { nodes { id } } }", `{"yes": false}`, 1},
		{"query($no: Boolean = true) { ... @skip(if: $no) { customers { nodes { id } } } }", `{}`, 1},
		{"query($no: Boolean = true) { ...F @skip(if: $no) } fragment F on Query { customers { nodes { id } } }", `{"no": false}`, 51},
	} {
		answer := s.post(t, map[string]any{"query": tt.query, "variables": json.RawMessage(tt.variables)})
		if got := *answer.Extensions.Cost.Requested; got != tt.want {
			t.Errorf("%s of %s costs %d, want %d", tt.query, tt.variables, got, tt.want)
		}
	}
	// Only the operation that runs costs.
	two := map[string]any{"query": "query A { customers { nodes { id } } } query B { __typename }", "operationName": "B"}
	if answer := s.post(t, two); *answer.Extensions.Cost.Requested != 1 || string(answer.Data) != `{"__typename":"Query"}` {
		t.Errorf("one of two operations: %+v", answer)
	}
}

// TestIntrospection asks for the schema in each mode. What connectors probe a server
// with is answered in all of them.
func TestIntrospection(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	const off = "FORBIDDEN: introspection is off: __schema and __type can't be asked for"
	for _, mode := range []string{"public", "tokens", "off"} {
		s := newServer(t, db, models.APIToken{}, "--introspection="+mode, "--max-depth=5", "--max-fields=10")
		for query, refusal := range map[string]string{
			"{ __typename }": "", "{ __schema { queryType { name } } }": "", "{ __schema { __typename q: queryType { ... { name } } } }": "",
			"{ __schema { types { name } } }": off, `{ __type(name: "Site") { name } }`: off, "{ __schema { queryType { fields { name } } } }": off,
			"{ ...F } fragment F on Query { __schema { ...G } } fragment G on __Schema { directives { name } }": off, read(t, "introspection.graphql"): off,
		} {
			if mode != "off" {
				refusal = ""
			}
			answer := s.post(t, map[string]any{"query": query})
			if got, _ := answer.refusal(); got != refusal || refusal == "" && !strings.Contains(string(answer.Data), `"__`) {
				t.Errorf("%s: %.60s: %q, %.100s", mode, query, got, answer.Data)
			}
		}
	}
}

// TestLimitsAreDocumented holds that docs/limits.md has a row for each flag, with its
// default and its variable.
func TestLimitsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("docs/limits.md")
	if err != nil {
		t.Fatal(err)
	}
	kind := reflect.TypeFor[limits.Settings]()
	for i := range kind.NumField() {
		tag := kind.Field(i).Tag
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(tag.Get("env"), "USAGEGRAPH_"), "_", "-"))
		if row := "| `--" + flag + "` | " + tag.Get("default") + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/limits.md lacks %s", row)
		}
	}
}

// FuzzLimits answers any text, and never by an internal error.
func FuzzLimits(f *testing.F) {
	for _, attack := range attacks {
		if len(attack.query) < 5000 {
			f.Add(attack.query, "", `{"n": 1}`)
		}
	}
	for _, name := range []string{"a.graphql", "account.graphql", "everything.graphql", "introspection.graphql"} {
		f.Add(read(f, name), "IntrospectionQuery", "{}")
	}
	f.Add("query A($n: Int = 1e400) { customers(first: $n) @skip(if: $n) { nodes { id } } } query B { ...F }", "A", `{"n": 1e400}`)
	db := modelstest.Open(f, modelstest.SQLite(f))
	s := newServer(f, db, models.APIToken{AllCustomers: true})
	f.Fuzz(func(t *testing.T, query, operation, variables string) {
		members := map[string]any{"query": query, "operationName": operation}
		if json.Valid([]byte(variables)) && strings.HasPrefix(variables, "{") {
			members["variables"] = json.RawMessage(variables)
		}
		answer := s.post(t, members)
		for _, e := range answer.Errors {
			if e.Extensions.Code == "" || e.Extensions.Code == "INTERNAL_SERVER_ERROR" {
				t.Errorf("%q: %+v", query, e)
			}
		}
		if len(answer.Errors) > 20 || answer.Data == nil && len(answer.Errors) == 0 {
			t.Errorf("%q: %d errors", query, len(answer.Errors))
		}
	})
}
