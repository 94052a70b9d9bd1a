package auth_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestSchemaHasScopes holds that every type has scopes, and that every field of
// another scope than its object's can be null. A schema with a gap starts no server.
func TestSchemaHasScopes(t *testing.T) {
	for extra, want := range map[string]string{
		``:                                    ``,
		`type New { x: Int }`:                 `the type New has no scopes`,
		`union New = Site`:                    `the type New has no scopes`,
		`interface New { x: Int }`:            `the type New has no scopes`,
		`type NewConnection { nodes: [Int] }`: `the type NewConnection has no scopes`,
		`extend type Customer { new: NetBalance! }`:            `Customer.new is of another scope`,
		`extend type Customer { new: [Balance!]! }`:            `Customer.new is of another scope`,
		`extend type Customer { new: [Balance!] }`:             ``,
		`extend type Balance { new: Product! }`:                ``,
		`extend type Contract { new: BalanceConnection! }`:     `Contract.new is of another scope`,
		`extend type Query { new: CustomerConnection! }`:       `Query.new is of another scope`,
		`extend type Customer { new: InclusiveUsageBalance! }`: `Customer.new is of another scope`,
	} {
		schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL() + extra})
		if err != nil {
			t.Fatal(err)
		}
		if err := auth.CheckSchema(schema); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", extra, err, want)
		}
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: strings.ReplaceAll(graph.SDL(), "RolledOverFrom", "Renamed")})
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.CheckSchema(schema); err == nil || !strings.Contains(err.Error(), "there is no type RolledOverFrom") {
		t.Errorf("a type that is not there: %v", err)
	}
}

// forbidden are the paths of an answer that are FORBIDDEN, with what each lacks.
func forbidden(t *testing.T, answer []byte) (paths []string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	for _, e := range body.Errors {
		_, lacks, ok := strings.Cut(e.Message, "needs the scope ")
		if e.Extensions.Code != "FORBIDDEN" || !ok {
			t.Errorf("%+v", e)
		}
		paths = append(paths, strings.ReplaceAll(strings.Trim(fmt.Sprint(e.Path), "[]"), " ", ".")+": "+strings.TrimSuffix(lacks, ", which the token lacks"))
	}
	return paths
}

// TestScopes asks what a token of some scopes may read: the answer has the rest of
// what was asked, and an error where each other thing would stand.
func TestScopes(t *testing.T) {
	const roots = `{
		customers { totalCount } sites { totalCount } usageProductInventories { totalCount } usageProducts { totalCount }
		inclusiveUsageBalances { totalCount } billRuns { totalCount } inclusiveUsagePlans { totalCount }
		balances { totalCount } netBalance(customerId: 1) { balance }
		entitlementBalances { totalCount } entitlements { totalCount } contracts { totalCount } imports { totalCount } }`
	tests := []struct {
		scopes, query string
		want          []string
	}{
		{"inventory usage balances entitlements", roots, nil},
		{"", roots, []string{
			"balances: balances", "billRuns: usage", "contracts: balances or entitlements", "customers: inventory",
			"entitlementBalances: entitlements", "entitlements: entitlements", "inclusiveUsageBalances: usage", "inclusiveUsagePlans: usage",
			"netBalance: balances", "sites: inventory", "usageProductInventories: inventory", "usageProducts: inventory",
		}},
		{"balances", roots, []string{
			"billRuns: usage", "customers: inventory", "entitlementBalances: entitlements", "entitlements: entitlements",
			"inclusiveUsageBalances: usage", "inclusiveUsagePlans: usage", "sites: inventory", "usageProductInventories: inventory", "usageProducts: inventory",
		}},
		{
			"entitlements", `{ contracts { nodes { id customer { id } } } entitlementBalances { nodes { contract { id } product { id } invoice { id } entitlement { id } } } }`,
			[]string{"contracts.nodes.0.customer: inventory", "contracts.nodes.1.customer: inventory"},
		},
		{
			"inventory", `{ customer(id: 1) { name netBalance { balance } netBalances { balance } balances { totalCount } contracts { totalCount }
			inclusiveUsageBalances { totalCount } entitlementBalances { totalCount } sites(first: 1) { nodes { id inclusiveUsageBalances { totalCount } } } } }`,
			[]string{
				"customer.balances: balances", "customer.contracts: balances or entitlements", "customer.entitlementBalances: entitlements",
				"customer.inclusiveUsageBalances: usage", "customer.netBalance: balances", "customer.netBalances: balances", "customer.sites.nodes.0.inclusiveUsageBalances: usage",
			},
		},
		{
			"usage", `{ inclusiveUsageBalances(first: 1) { nodes { id usageProductInventoryId site { id } customer { id } usageProductInventory { id }
			billRun { id } components { componentId } assignments { inclusiveUsagePlan { usageProductId usageProduct { id } } } } } }`,
			[]string{
				"inclusiveUsageBalances.nodes.0.assignments.0.inclusiveUsagePlan.usageProduct: inventory", "inclusiveUsageBalances.nodes.0.assignments.1.inclusiveUsagePlan.usageProduct: inventory",
				"inclusiveUsageBalances.nodes.0.assignments.2.inclusiveUsagePlan.usageProduct: inventory",
				"inclusiveUsageBalances.nodes.0.customer: inventory", "inclusiveUsageBalances.nodes.0.site: inventory", "inclusiveUsageBalances.nodes.0.usageProductInventory: inventory",
			},
		},
		// Words are looked for in the texts of inventories.
		{
			"usage", `{ a: inclusiveUsageBalances(search: "x") { totalCount } b: inclusiveUsageBalances(search: " ") { totalCount } c: inclusiveUsageBalances(search: null) { totalCount } }`,
			[]string{"a: inventory"},
		},
		{"inventory usage", `{ inclusiveUsageBalances(search: "x") { totalCount } }`, nil},
		// What is there, hidden and missing is forbidden alike.
		{
			"usage", `{ a: node(id: "Site:10") { id } b: node(id: "Site:999") { id } c: node(id: "BillRun:7") { id } d: node(id: "BillRun:999") { id } e: node(id: "Import:1") { id } }`,
			[]string{"a: inventory", "b: inventory"},
		},
		{
			"usage", `{ nodes(ids: ["Site:10", "BillRun:7", "Site:999", "Contract:x"]) { id __typename } }`,
			[]string{"nodes.0: inventory", "nodes.2: inventory", "nodes.3: balances or entitlements"},
		},
		// What looks over all that a customer has needs the scopes of the kinds that are asked for.
		{
			"inventory balances", `{ customer(id: 1) { drawdownPreview(amount: 1) { uncovered } usageSummary { used } entitlementSummary { units } all: expiring(withinDays: 1) { kind }
			some: expiring(withinDays: 1, kinds: [CREDIT]) { kind } none: expiring(withinDays: 1, kinds: []) { kind } } sites(first: 1) { nodes { usageSummary { used } } }
			a: lowBalances { totalCount } b: lowBalances(kinds: [POSTPAID_COMMIT, CREDIT]) { totalCount } c: lowBalances(kinds: [CREDIT, ENTITLEMENT]) { totalCount } }`,
			[]string{
				"a: usage", "c: entitlements", "customer.all: usage",
				"customer.entitlementSummary: entitlements", "customer.usageSummary: usage", "sites.nodes.0.usageSummary: usage",
			},
		},
		{
			"usage", `{ lowBalances(usedRatio: 0, kinds: [INCLUSIVE_USAGE], first: 1, asOf: "2025-09-15T00:00:00Z") { nodes { kind component { used } customer { id } balance { id } } } }`,
			[]string{"lowBalances.nodes.0.balance: balances", "lowBalances.nodes.0.customer: inventory"},
		},
		{"usage", `{ __typename __schema { queryType { name } } imports { nodes { id } } }`, nil},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		for _, tt := range tests {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true, Scopes: append([]string{}, strings.Fields(tt.scopes)...)})
			_, answer := s.Ask(t, tt.query)
			if got := forbidden(t, answer); !slices.Equal(got, tt.want) {
				t.Errorf("%s: %s\nis forbidden %q,\nwant         %q\n%s", tt.scopes, tt.query, got, tt.want, answer)
			}
		}
	})
}

// TestForbiddenIsPartial holds that what a token may read stays in the answer.
func TestForbiddenIsPartial(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true, Scopes: []string{"usage"}})
		_, answer := s.Ask(t, `{ nodes(ids: ["Site:10", "BillRun:7", "BillRun:999"]) { id } sites { totalCount } billRuns(first: 1) { nodes { id } } }`)
		var body struct{ Data json.RawMessage }
		if err := json.Unmarshal(answer, &body); err != nil {
			t.Fatal(err)
		}
		if want := `{"nodes":[null,{"id":"BillRun:7"},null],"sites":null,"billRuns":{"nodes":[{"id":"BillRun:7"}]}}`; string(body.Data) != want {
			t.Errorf("got %s, want %s", body.Data, want)
		}
	})
}
