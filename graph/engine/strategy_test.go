package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestStrategies holds how the rows of each place of an operation are read, in the order in
// which the places stand in it, on PostgreSQL and on SQLite.
func TestStrategies(t *testing.T) {
	for _, tt := range []struct{ name, text, postgres, sqlite string }{
		{"nothing", `{ __typename }`, ``, ``},
		{"a list at the root", `{ customers { nodes { id } } }`, `allRows`, `allRows`},
		{"a row by its key", `{ customer(id: 1) { name } }`, `byArgument`, `byArgument`},
		{"a node", `{ node(id: "Site:1") { ... on Site { name } } }`, `byArgument`, `byArgument`},
		{"lists below a list", `{ customers { nodes { sites { nodes { id } } } } }`, `allRows listsOfParents`, `allRows listsOfParents`},
		{"rows above a list", `{ sites { nodes { customer { id } } } }`, `allRows listsOfParents`, `allRows listsOfParents`},
		{"a list of a known row", `{ customer(id: 1) { sites { nodes { id } } } }`, `byArgument knownKey`, `byArgument knownKey`},
		{"a row above a known row", `{ site(id: 1) { customer { id } } }`, `byArgument listsOfParents`, `byArgument listsOfParents`},
		{
			"a list below a page", `{ customer(id: 1) { sites { nodes { usageProductInventories { nodes { id } } } } } }`,
			`byArgument knownKey withPage`, `byArgument knownKey listsOfParents`,
		},
		{
			"a list below a page that is chosen", `{ customer(id: 1) { sites(filter: {name: {eq: "a"}}) { nodes { usageProductInventories { nodes { id } } } } } }`,
			`byArgument knownKey listsOfParents`, `byArgument knownKey listsOfParents`,
		},
		{
			"a list below a page that is counted", `{ customer(id: 1) { sites { nodes { usageProductInventories { totalCount } } } } }`,
			`byArgument knownKey listsOfParents`, `byArgument knownKey listsOfParents`,
		},
		{
			"two lists below a page of which one is counted", `{ customer(id: 1) { sites { nodes { usageProductInventories { totalCount } inclusiveUsageBalances { nodes { id } } } } } }`,
			`byArgument knownKey listsOfParents listsOfParents`, `byArgument knownKey listsOfParents listsOfParents`,
		},
		{
			"ledgers below a page", `{ customer(id: 1) { balances { nodes { ledger { nodes { amount } } } } } }`,
			`byArgument knownKey oneRange/withPage`, `byArgument knownKey oneRange/listsOfParents`,
		},
		{
			"ledgers beside what can't be read with the page", `{ customer(id: 1) { balances { nodes { ledger { nodes { amount } } contract { id } } } } }`,
			`byArgument knownKey oneRange/listsOfParents listsOfParents`, `byArgument knownKey oneRange/listsOfParents listsOfParents`,
		},
		{"ledgers of all balances", `{ balances { nodes { ledger { nodes { amount } } } } }`, `allRows listsOfParents`, `allRows listsOfParents`},
		{
			"lists of lists", `{ inclusiveUsageBalances { nodes { assignments { components { byValue } } } } }`,
			`allRows listsOfParents byGrandparents`, `allRows listsOfParents byGrandparents`,
		},
		{
			"lists of lists that are chosen", `{ inclusiveUsageBalances { nodes { assignments { components(filter: {remaining: {gt: "1"}}) { byValue } } } } }`,
			`allRows listsOfParents listsOfParents`, `allRows listsOfParents listsOfParents`,
		},
		{
			"sums of some balances twice", `{ customers { nodes { netBalance { balance } balances { nodes { balance } } } } }`,
			`allRows listsOfParents listsOfParents/repeated listsOfParents rowsOfAnother`, `allRows listsOfParents listsOfParents/repeated listsOfParents rowsOfAnother`,
		},
		{
			"a list without arguments twice", `{ customers { nodes { a: externalIds { value } b: externalIds { system } } } }`,
			`allRows listsOfParents`, `allRows listsOfParents`,
		},
	} {
		for postgres, want := range map[bool]string{true: tt.postgres, false: tt.sqlite} {
			made, err := compile(parsed(t, tt.text), schemaOf(), postgres)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			var got []string
			for _, n := range made.nodes {
				got = append(got, nameOf(n.strategy))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, PostgreSQL %v: read by %s, want %s", tt.name, postgres, got, want)
			}
		}
	}
}

// nameOf is the name of a strategy and, behind a slash, what is special of it.
func nameOf(way strategy) string {
	_, name, _ := strings.Cut(fmt.Sprintf("%T", way), ".")
	switch way := way.(type) {
	case *oneRange:
		name += "/" + nameOf(way.otherwise)
	case listsOfParents:
		if way.repeated {
			name += "/repeated"
		}
	}
	return name
}

func parsed(t *testing.T, text string) *graphql.OperationContext {
	t.Helper()
	document, errs := gqlparser.LoadQueryWithRules(schemaOf(), text, rules.NewDefaultRules())
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	return &graphql.OperationContext{RawQuery: text, Doc: document, Operation: document.Operations[0]}
}

// TestFallbacks holds which operations are left to the resolvers, when that is found, and
// why: in a plan, or in the variables of a run.
func TestFallbacks(t *testing.T) {
	reader := store.NewReader(modelstest.Open(t, modelstest.SQLite(t)), store.Scope{All: true})
	for _, tt := range []struct {
		text      string
		variables map[string]any
		inPlan    bool
		want      string
	}{
		{text: `{ nodes(ids: ["Site:1"]) { id } }`, inPlan: true, want: "Query.nodes is for resolvers"},
		{text: `{ lowBalances { nodes { key: kind } } }`, inPlan: true, want: "Query.lowBalances is for resolvers"},
		{text: `{ balances { nodes { specifiers { productId } } } }`, inPlan: true, want: "Balance.specifiers is no column"},
		{text: `{ usageProductInventories { nodes { status(on: "2025-01-01") } } }`, inPlan: true, want: "UsageProductInventory.status is for resolvers"},
		{text: `{ customers { nodes { netBalance(filters: []) { balance } } } }`, inPlan: true, want: "chosen by filters"},
		{text: `{ ... on Query { node(id: "Site:1") { id } } }`, inPlan: true, want: "the type of Query.node is not known"},
		{text: `{ node(id: "Nothing:1") { id } }`, inPlan: true, want: "the type of Query.node is not known"},
		{text: `{ customers(first: 1001) { nodes { id } } }`, inPlan: true, want: "first: 1001 is not in 0 to 1000"},
		{text: `{ customers(after: "x") { nodes { id } } }`, inPlan: true, want: "the cursor"},
		{text: `query($n: Int) { customers(first: $n) { nodes { id } } }`, variables: map[string]any{"n": 1001}, want: "first: 1001 is not in 0 to 1000"},
		{text: `query($n: Int) { customers { nodes { sites(first: $n) { nodes { id } } } } }`, variables: map[string]any{"n": 501}, want: "first: 501 is not in 0 to 500"},
		{text: `query($c: ID) { customers { nodes { netBalance(creditTypeId: $c) { balance } } } }`, variables: map[string]any{"c": "a\x00"}, want: "NUL"},
		{text: `{ customer(externalId: "a") { name } }`, want: "it is not asked for by its key"},
		{text: `{ customer(id: "Site:1") { name } }`, want: "Site:1"},
	} {
		made, err := compile(parsed(t, tt.text), schemaOf(), false)
		if (err != nil) != tt.inPlan {
			t.Errorf("%s: making its plan: %v", tt.text, err)
			continue
		}
		if err == nil {
			var r *run
			r, err = newRun(made, reader, models.Moment{Now: scalar.Now()}, tt.variables)
			r.end()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.text, err, tt.want)
		}
	}
}

// TestConstantQueries holds which places keep what they ask for, and so their statements,
// from one run to the next: those whose arguments depend neither on variables nor on the
// present instant.
func TestConstantQueries(t *testing.T) {
	for text, want := range map[string][]bool{
		`{ customers(first: 3) { nodes { sites { nodes { id } } } } }`:                          {true, true},
		`query($n: Int) { customers(first: $n) { nodes { sites { nodes { id } } } } }`:          {false, true},
		`{ balances(excludeZeroBalances: true) { nodes { id } } }`:                              {false},
		`{ balances(excludeZeroBalances: false, includeArchived: true) { nodes { id } } }`:      {true},
		`query($f: CustomerFilter) { customers(filter: $f) { nodes { id } } }`:                  {false},
		`query($id: ID) { customer(id: $id) { id netBalance(creditTypeId: "a") { balance } } }`: {true, true, true},
		`query($c: ID) { customers { nodes { netBalance(creditTypeId: $c) { balance } } } }`:    {true, false, true},
	} {
		made, err := compile(parsed(t, text), schemaOf(), true)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []bool
		for _, n := range made.nodes {
			got = append(got, n.arguments.query != nil)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: kept are %v, want %v", text, got, want)
		}
	}
}
