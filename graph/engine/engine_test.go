package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// left are the fields that the engine leaves to the resolvers, and why. A field that
// is added to the schema is a row's that the engine shows, or is named here.
var left = map[string]string{
	"Query.nodes":       "the types are known only when it runs",
	"Query.lowBalances": "its rows are no table's",
	"Query.netBalance":  "it is reckoned from several tables",

	"NetBalance.creditType": "it is that of the balances", "Customer.netBalances": "it is reckoned from several tables",
	"Customer.usageSummary": "it is a sum", "Customer.entitlementSummary": "it is a sum", "Site.usageSummary": "it is a sum",
	"Customer.drawdownPreview": "it is reckoned from several tables", "Customer.balanceHistory": "it is reckoned from several tables",
	"Customer.expiring": "it is reckoned from several tables", "Balance.breakdown": "it is reckoned from several tables",

	"Balance.applicableProductIds": "a document", "Balance.applicableProductTags": "a document", "Balance.applicableContractIds": "a document",
	"Balance.specifiers": "a document", "Balance.invoiceSchedule": "a document", "Balance.subscriptionConfig": "a document",
	"Balance.hierarchyConfiguration": "a document",
}

// TestEngineCovers asks for each field of the schema that is reached without one that
// is left, and holds that the engine answers it unless it is left itself.
func TestEngineCovers(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Samples(t, db)
	p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
	seen, declined := map[string]bool{"Query": true}, map[string]bool{}
	type place struct {
		kind        *ast.Definition
		open, close string
	}
	for queue := []place{{schema.Query, "{ ", " }"}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, field := range at.kind.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			result, before := schema.Types[field.Type.Name()], p.Declined()
			given := required(field)
			if field.Name == "netBalance" && given == "" {
				given = `(asOf: "2025-09-15T00:00:00Z")` // each of the two answers has its own present
			}
			open, close := at.open+field.Name+given, at.close
			if result.IsCompositeType() {
				open, close = open+" { ", " }"+close
				p.Ask(t, open+"__typename"+close, nil)
			} else {
				p.Ask(t, open+close, nil)
			}
			switch name := at.kind.Name + "." + field.Name; {
			case p.Declined() > before:
				declined[name] = true
			case result.IsCompositeType() && !seen[result.Name]:
				seen[result.Name] = true
				queue = append(queue, place{result, open, close})
			}
		}
	}
	want := slices.Sorted(maps.Keys(left))
	if got := slices.Sorted(maps.Keys(declined)); !slices.Equal(got, want) {
		t.Errorf("the engine left\n%q\nto the resolvers, and should leave\n%q", got, want)
	}
}

// required are values for the arguments that a field requires.
func required(field *ast.FieldDefinition) string {
	var out []string
	for _, argument := range field.Arguments {
		switch {
		case argument.Name == "id" && field.Name == "node":
			out = append(out, `id: "Customer:1"`)
		case argument.Name == "id" && field.Name == "inclusiveUsageBalance":
			out = append(out, `id: "7/100"`)
		case argument.Name == "id", argument.Type.NonNull && argument.DefaultValue == nil && argument.Name != "ids":
			out = append(out, argument.Name+": "+apitest.Fitting[argument.Type.Name()])
		case argument.Name == "ids":
			out = append(out, `ids: ["Site:10"]`)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "(" + strings.Join(out, ", ") + ")"
}

// benchmarked are the operations that the engine is measured by.
var benchmarked = map[string]string{
	"B": `query($id: ID) { customer(id: $id) { id name sites(first: 10) { edges { node { id name reference } } }
		balances(first: 10) { edges { node { id name type ledger(first: 10) { edges { node { id type amount timestamp } } } } } }
		entitlementBalances(first: 10) { edges { node { id name quantity quantityUsed expiryAt } } } } }`,
	"C": `query($after: String) { usageProductInventories(first: 1000, after: $after) { edges { node { id siteId customerId usageProductId startDate endDate serviceId
		billable usageCapEnabled defaultUsageCap overrideUsageCap updatedAt } } pageInfo { hasNextPage endCursor } } }`,
	"D": `query($id: ID) { customer(id: $id) { id name } }`,
}

// sums adds up balances that are on one page and not on another, at one level and at two,
// of one customer and of others.
const sums = `query($id: ID, $at: DateTime) {
	customer(id: $id) {
		netBalance(asOf: $at) { balance settled pending }
		euro: netBalance(creditTypeId: "eur", asOf: $at) { balance }
		balances(last: 1) { nodes { id balance(asOf: $at) } }
		all: balances(includeContractBalances: true, includeArchived: true) { nodes { id balance(asOf: $at) } }
	}
	customers(first: 5) { nodes {
		netBalance(asOf: $at) { pending settled }
		balances(first: 2, includeContractBalances: true) { nodes { id balance(asOf: $at) } }
		none: balances(first: 0) { nodes { id balance(asOf: $at) } }
	} }
	balances(last: 3) { nodes { balance(asOf: $at) } }
}`

// TestEngineTakes holds that the engine answers what it was made for.
func TestEngineTakes(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 12)
		p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
		p.Ask(t, apitest.Read(t, "a.graphql"), nil)
		for _, query := range benchmarked {
			p.Ask(t, query, map[string]any{"id": "Customer:3"})
		}
		p.Ask(t, sums, map[string]any{"id": "Customer:3", "at": "2025-09-15T00:00:00Z"})
		if p.N != 5 || p.Declined() > 0 {
			t.Errorf("of %d the engine left to the resolvers %v", p.N, p.Why)
		}
	})
}

// TestEngineLedgers asks for pages of the ledgers on a page of balances, of all lengths and
// from both ends: short ledgers are read as one range, and longer ones each for itself.
func TestEngineLedgers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 5)
		p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
		beside := []string{"id", `balance(asOf: "2025-09-15T00:00:00Z")`, "contract { id }"} // the last makes a level of its own
		for _, ends := range [][2]string{{"first", "first"}, {"first", "last"}, {"last", "first"}, {"last", "last"}} {
			for _, balances := range []int{0, 1, 2, 3, 10, 500} {
				for _, entries := range []int{0, 1, 5, 9, 50} {
					query := fmt.Sprintf(`query($id: ID!) { customer(id: $id) { balances(%s: %d, includeContractBalances: true) {
						nodes { %s ledger(%s: %d) { pageInfo { hasNextPage hasPreviousPage startCursor } nodes { id amount invoice { id } } } } } } }`,
						ends[0], balances, beside[entries%len(beside)], ends[1], entries)
					for _, id := range []int{1, 2, 1, 99, 3} {
						p.Ask(t, query, map[string]any{"id": id})
					}
				}
			}
		}
		if p.Declined() > 0 {
			t.Errorf("the engine left to the resolvers %v", p.Why)
		}
	})
}

// TestEngineCursors asks for the rows behind a cursor that is written out in the
// document, of one parent after another: of each the engine shows its own.
func TestEngineCursors(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 6)
		p, g := apitest.NewPair(t, db, token.APIToken{AllCustomers: true}), apitest.NewGenerator(t, 1)
		g.Learn(p.Ask(t, g.Survey(), nil))
		shown, declined := 0, p.Declined()
		for _, root := range g.Schema.Query.Fields {
			kind, ids := g.Schema.Types[root.Type.Name()], g.Known[root.Type.Name()+".id"]
			if root.Arguments.ForName("id") == nil || len(ids) == 0 {
				continue
			}
			for _, list := range kind.Fields {
				given := list.Arguments.ForName("orderBy")
				if given == nil || g.Schema.Types[g.Schema.Types[given.Type.Name()].Fields.ForName("field").Type.Name()].EnumValues.ForName("UPDATED_AT") == nil {
					continue
				}
				// The rows were changed in one instant, so that all are behind the cursor by their IDs.
				ask := func(id any, after string) []any {
					query := fmt.Sprintf(`query($id: ID!) { one: %s(id: $id) { list: %s(first: 5, orderBy: [{field: UPDATED_AT, direction: DESC}, {field: ID}]%s) {
						totalCount pageInfo { hasPreviousPage hasNextPage } edges { cursor node { id } } } } }`, root.Name, list.Name, after)
					var answer struct {
						One struct{ List struct{ Edges []any } }
					}
					if err := json.Unmarshal(p.Ask(t, query, map[string]any{"id": id}), &answer); err != nil {
						t.Fatal(err)
					}
					return answer.One.List.Edges
				}
				for _, id := range ids {
					if first := ask(id, ""); len(first) > 0 {
						for _, other := range ids[:min(10, len(ids))] {
							shown += len(ask(other, fmt.Sprintf(`, after: %q`, apitest.At(first[0], "cursor"))))
						}
						break
					}
				}
			}
		}
		if p.Declined() > declined || shown < 100 {
			t.Errorf("there were %d rows behind cursors, and the engine left to the resolvers %v", shown, p.Why)
		}
	})
}
