package api_test

import (
	"fmt"
	"net/http"
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

// rootConnections are the lists that connectors read.
func rootConnections(t *testing.T) (fields ast.FieldList) {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range schema.Query.Fields {
		if strings.HasSuffix(field.Type.Name(), "Connection") {
			fields = append(fields, field)
		}
	}
	if len(fields) < 12 {
		t.Fatalf("only %d lists", len(fields))
	}
	return fields
}

// TestListsAskForNothing holds that a list requires no argument.
func TestListsAskForNothing(t *testing.T) {
	for _, field := range rootConnections(t) {
		for _, argument := range field.Arguments {
			if argument.Type.NonNull && argument.DefaultValue == nil {
				t.Errorf("%s requires %s", field.Name, argument.Name)
			}
		}
	}
}

// TestCursorsComeToAnEnd holds what loops of connectors rely on, for each list: an
// empty cursor and null are the start, no cursor comes twice, and after the last one
// there is an empty page whose endCursor is null.
func TestCursorsComeToAnEnd(t *testing.T) {
	lists := rootConnections(t)
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 3)
		apitest.Import(t, db, "customers", "", `[{"id": 1001, "customerName": "imported"}]`) // so that imports has a row
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, field := range lists {
			selection := "{ __typename edges { __typename cursor node { __typename id } } pageInfo { __typename endCursor hasNextPage } totalCount }"
			if field.Name == "lowBalances" { // whose rows are no nodes
				selection = strings.Replace(selection, " id ", " id: key ", 1)
			}
			page := func(arguments string) apitest.Object {
				return post(t, s, apitest.Object{"query": "{ list: " + field.Name + arguments + selection + " }"})["list"].(apitest.Object)
			}
			start := fmt.Sprint(page(""))
			for _, arguments := range []string{`(after: "")`, `(after: null)`, `(first: null, last: null, before: "", after: null)`} {
				if got := fmt.Sprint(page(arguments)); got != start {
					t.Errorf("%s%s is not the start: %.200s", field.Name, arguments, got)
				}
			}
			seen, cursor := map[string]bool{}, ""
			for range endless {
				one := page(fmt.Sprintf("(first: 7, after: %q)", cursor))
				for _, edge := range list(one, "edges") {
					next := edge["cursor"].(string)
					if seen[next] || next == "" {
						t.Fatalf("%s: the cursor %q comes again", field.Name, next)
					}
					seen[next], cursor = true, next
				}
				end, present := one["pageInfo"].(apitest.Object)["endCursor"]
				if len(list(one, "edges")) == 0 {
					if end != nil || !present || one["pageInfo"].(apitest.Object)["hasNextPage"].(bool) {
						t.Errorf("%s ends with %v", field.Name, one)
					}
					break
				}
				if end != cursor {
					t.Errorf("%s: endCursor is %v, the last edge's %s", field.Name, end, cursor)
				}
			}
			if total := page("")["totalCount"]; len(seen) == 0 || total != float64(len(seen)) {
				t.Errorf("%s: %d of %v rows", field.Name, len(seen), total)
			}
		}
	})
}

// TestTypenames holds that __typename is everywhere, and says what the schema says.
func TestTypenames(t *testing.T) {
	lists := rootConnections(t)
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, field := range lists {
			answer := post(t, s, apitest.Object{"query": "{ __typename list: " + field.Name + " { __typename edges { __typename node { __typename } } nodes { __typename } pageInfo { __typename } } }"})
			node := strings.TrimSuffix(field.Type.Name(), "Connection")
			if answer["__typename"] != "Query" || apitest.At(answer, "list", "__typename") != node+"Connection" || apitest.At(answer, "list", "pageInfo", "__typename") != "PageInfo" {
				t.Errorf("%s: %v", field.Name, answer)
			}
			for i, edge := range list(answer, "list", "edges") {
				if edge["__typename"] != node+"Edge" || apitest.At(edge, "node", "__typename") != node || list(answer, "list", "nodes")[i]["__typename"] != node {
					t.Errorf("%s: %v", field.Name, edge)
				}
			}
		}
	})
}

// TestRequestsOfConnectors holds that what the tools send beside a query is passed
// over, and that the answer is to the byte what they expect: no key errors without
// errors, and data in the order of the query.
func TestRequestsOfConnectors(t *testing.T) {
	const query = `"query":"{ b: __typename customers { totalCount nodes { name id } } a: __typename }"`
	const want = `{"data":{"b":"Query","customers":{"totalCount":2,"nodes":[{"name":"Acme Trading Ltd","id":"Customer:1"},{"name":null,"id":"Customer:2"}]},"a":"Query"}}`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerName": "Acme Trading Ltd"}, {"id": 2, "customerType": "BUSINESS"}]`)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, body := range []string{
			`{` + query + `}`,
			`{` + query + `,"variables":null}`,
			`{` + query + `,"variables":{}}`,
			`{` + query + `,"variables":{"from":1735689600000,"to":1.5e12,"refId":"A","nested":{"deep":[null,{}]}}}`,
			`{` + query + `,"operationName":null,"extensions":null}`,
			`{` + query + `,"operationName":"","id":"x","timezone":"UTC","query2":1,"data":[]}`,
			`{"variables":{"x":1},` + query + `}`,
		} {
			if status, answer := s.Send(t, "POST", "/graphql", body); status != http.StatusOK || string(apitest.Bare(answer)) != want {
				t.Errorf("%s: %d %s", body, status, answer)
			}
		}
	})
}
