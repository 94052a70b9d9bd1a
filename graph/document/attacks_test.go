package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

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
	{
		"fragment bomb", "{ ...F0 }" + repeat(40, " fragment F%[1]d on Query { ...F%[2]d ...F%[2]d }") + " fragment F40 on Query { customers { nodes { id } } }",
		"QUERY_TOO_COMPLEX: fields: 2147483647, and the limit is 500", 1, 1<<31 - 1,
	},
	{
		"fragment bomb that is not used", "{ __typename }" + repeat(40, " fragment F%[1]d on Query { ...F%[2]d ...F%[2]d }") + " fragment F40 on Query { customers { nodes { id } } }",
		"QUERY_TOO_COMPLEX: fields: 2147483647, and the limit is 500", 1, 1,
	},
	{
		"fragments in a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
		"GRAPHQL_VALIDATION_FAILED: Cannot spread fragment \"A\" within itself via \"B\".", 1, 1,
	},
	{
		"fragments of one name", "{ ...F } fragment F on Query { __typename }" + " fragment F on Query {" + strings.Repeat(" __typename", 1900) + " }",
		`GRAPHQL_VALIDATION_FAILED: there can be only one fragment named "F"`, 1, 0,
	},
	{
		"operations of one name", "query A { __typename } query A {" + strings.Repeat(" __typename", 1900) + " }",
		"QUERY_TOO_COMPLEX: fields: 1901, and the limit is 500", 1, 0,
	},
	{
		"operations that share a fragment", repeat(100, " query Q%[1]d { ...F }") + " fragment F on Query { " + strings.Repeat("__typename ", 400) + "}",
		"QUERY_TOO_COMPLEX: fields: 40000, and the limit is 500", 1, 0,
	},
	{"2,000 × __typename", "{" + strings.Repeat(" __typename", 2000) + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"5,000 fields", "{ customers { nodes {" + strings.Repeat(" id", 5000) + " } } }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"501 fields", "{ customers { nodes {" + strings.Repeat(" id", 499) + " } } }", "QUERY_TOO_COMPLEX: fields: 501, and the limit is 500", 1, 51},
	{"comments", strings.Repeat("#\n", 2000) + "{ __typename }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"depth 900", strings.Repeat("{ customer ", 900) + strings.Repeat("}", 900), "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"depth 600", strings.Repeat("{ customer ", 600) + strings.Repeat("}", 600), "QUERY_TOO_COMPLEX: depth: 600, and the limit is 20", 1, 600 - 1},
	{
		"depth by fragments", "{ customer(id: 1) { ...F0 } }" + repeat(21, " fragment F%[1]d on Customer { sites { nodes { customer { ...F%[2]d } } } }") + " fragment F21 on Customer { id }",
		"QUERY_TOO_COMPLEX: depth: 65, and the limit is 20", 1, 1<<31 - 1,
	},
	{"20,000 aliases", "{" + repeat(20_000, " a%[1]d:x") + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"31 aliases", "{" + repeat(31, " a%[1]d: __typename") + " }", "QUERY_TOO_COMPLEX: aliases: 31, and the limit is 30", 1, 1},
	{"aliases by fragments", "{" + repeat(16, " ... { ...F }") + " } fragment F on Query { customer(id: 1) { a: id b: id } }", "QUERY_TOO_COMPLEX: aliases: 32, and the limit is 30", 1, 16},
	{"100 root fields", "{" + strings.Repeat(" customers { totalCount }", 100) + " }", "QUERY_TOO_COMPLEX: root fields: 100, and the limit is 20", 1, 6100},
	{"5,000 directives", "{ customers" + strings.Repeat(" @include(if: true)", 5000) + " { totalCount } }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"51 directives", "{ customers" + strings.Repeat(" @a", 51) + " { totalCount } }", "QUERY_TOO_COMPLEX: directives: 51, and the limit is 50", 1, 61},
	{"2,000 unknown fields", "{" + repeat(2000, " x%[1]d") + " }", "QUERY_TOO_LARGE: tokens: 2001 or more, and the limit is 2000", 1, 0},
	{"400 unknown fields", "{ customer(id: 1) {" + repeat(400, " x%[1]d") + " } }", `GRAPHQL_VALIDATION_FAILED: Cannot query field "x0" on type "Customer".`, 20, 1},
	{"600 unknown arguments", "{ customer(" + repeat(600, " x%[1]d: 1") + ") { id } }", `GRAPHQL_VALIDATION_FAILED: Unknown argument "x0" on field "Query.customer".`, 20, 1},
	{"a huge page", "{ customers(first: 2147483647) { nodes { id } } }", "BAD_USER_INPUT: first: 2147483647 is not in 0 to 1000", 1, 1001},
	{"a page past 64 bits", "{ customers(first: 99999999999999999999) { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED: first: 99999999999999999999 is not of type Int", 1, 1001},
	{"nested pages", nest("first: 1000", "first: 500"), "QUERY_TOO_COMPLEX: cost: 502001, and the limit is 100000", 1, 502_001},
	{"pages that overflow", nest("first: 1000", "first: 500", "last: 500", "first: 500", "first: 500"), "QUERY_TOO_COMPLEX: cost: 2147483647, and the limit is 100000", 1, 1<<31 - 1},
	{"introspection in a circle", "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "GRAPHQL_VALIDATION_FAILED: Maximum introspection depth exceeded", 1, 13322},
	{"introspection again and again", "{" + repeat(10, " a%[1]d: __schema { types { fields { type { fields { args { name } } } } } }") + " }", "QUERY_TOO_COMPLEX: cost: 123220, and the limit is 100000", 1, 123_220},
	{"introspection fields", "{ __schema { types { " + strings.Repeat(" kind", 500) + " } } }", "QUERY_TOO_COMPLEX: introspection fields: 501, and the limit is 500", 1, 12},
	{"suggestion of a field", "{ customerz { id } }", `GRAPHQL_VALIDATION_FAILED: Cannot query field "customerz" on type "Query".`, 1, 1},
	{"suggestion of a type", "{ ...F } fragment F on Querry { id }", `GRAPHQL_VALIDATION_FAILED: Unknown type "Querry".`, 1, 1},
	{"suggestion of an argument", "{ customer(ids: 1) { id } }", `GRAPHQL_VALIDATION_FAILED: Unknown argument "ids" on field "Query.customer".`, 1, 1},
	{"suggestion of a leaf", "{ customers }", `GRAPHQL_VALIDATION_FAILED: Field "customers" of type "CustomerConnection" must have a selection of subfields.`, 1, 1},
	{"suggestion of an enum value", "{ customers(orderBy: {field: NAM}) { totalCount } }", `GRAPHQL_VALIDATION_FAILED: orderBy.field: NAM is not of type CustomerOrderField!`, 1, 61},
	{"suggestion of an input field", "{ customers(filter: {nam: 1}) { totalCount } }", `GRAPHQL_VALIDATION_FAILED: filter.nam: CustomerFilter has no such field`, 1, 71},
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

// TestAttacks holds what each attack gets, and that the answer has the cost.
func TestAttacks(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	statements := modelstest.Statements(t, db)
	for _, tt := range attacks {
		statements.Store(0)
		answer := s.Request(t, map[string]any{"query": tt.query})
		if got, errors := answer.Refusal(); got != tt.want || errors != tt.errors {
			t.Errorf("%s: %d errors, the first is %s\nwant %d, %s", tt.name, errors, got, tt.errors, tt.want)
		}
		cost := answer.Extensions.Cost
		if cost.Requested == nil {
			t.Fatalf("%s: no cost", tt.name)
		}
		if *cost.Requested != tt.cost || *cost.Limit != 100_000 {
			t.Errorf("%s: the cost is %v, want %d", tt.name, fmt.Sprint(*cost.Requested), tt.cost)
		}
		if n := statements.Load(); n != 0 {
			t.Errorf("%s: %d statements, want none", tt.name, n)
		}
	}
}
