package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// post posts a body as JSON and returns the data, as a connector that fails for any
// status but 200 and for any errors.
func post(t testing.TB, s apitest.Server, body any) apitest.Object {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	response, answer := s.Exchange(t, "POST", "/graphql", string(text), "Content-Type: application/json")
	return data(t, response, answer)
}

func data(t testing.TB, response *http.Response, answer []byte) apitest.Object {
	t.Helper()
	var members apitest.Object
	err := json.Unmarshal(answer, &members)
	if _, failed := members["errors"]; err != nil || failed || response.StatusCode != http.StatusOK {
		t.Fatalf("%v, status %d: %.300s", err, response.StatusCode, answer)
	}
	return members["data"].(apitest.Object)
}

// list is at for lists of objects.
func list(v any, path ...string) (rows []apitest.Object) {
	for _, row := range apitest.At(v, path...).([]any) {
		rows = append(rows, row.(apitest.Object))
	}
	return rows
}

// endless bounds the loops of the connectors, which have no bound of their own.
const endless = 100

// connector reads all rows of a list with some fields, as a tool does.
type connector func(t *testing.T, s apitest.Server, name, fields string) []apitest.Object

// TestConnectors pages through lists just as the tools do, and compares what they
// get with all rows, which are one page.
func TestConnectors(t *testing.T) {
	connectors := map[string]connector{
		"Superset": superset, "Airbyte": airbyte, "dlt": dlt, "Meltano": meltano, "Steampipe": steampipe, "Spice.ai": spice,
	}
	lists := map[string]string{
		"customers":               "id name type startDate updatedAt",
		"sites":                   "id name reference customerId",
		"usageProductInventories": "id serviceId startDate endDate billable",
		"inclusiveUsageBalances":  "id periodStartDate components { componentId remaining }",
		"balances":                "id type balance",
		"entitlementBalances":     "id name quantityRemaining usedRatio",
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 25)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for name, fields := range lists {
			want := list(post(t, s, apitest.Object{"query": "{" + name + "(first: 1000) { nodes {" + fields + "} } }"}), name, "nodes")
			if len(want) < 25 {
				t.Fatalf("%s has %d rows", name, len(want))
			}
			for tool, read := range connectors {
				if got := read(t, s, name, fields); !cmp.Equal(got, want) {
					t.Errorf("%s reads %d of %d %s, or others", tool, len(got), len(want), name)
				}
			}
		}
	})
}

// superset is Apache Superset's graphql-db-api: it never sends first or variables,
// and goes on while hasNextPage.
func superset(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	arguments := ""
	for range endless {
		page := post(t, s, apitest.Object{"query": fmt.Sprintf("query {\n    %s%s{\n        edges{\n        node{\n            %s\n        }\n        }\n        pageInfo {endCursor hasNextPage}\n    }\n    }", name, arguments, fields)})
		for _, edge := range list(page, name, "edges") {
			rows = append(rows, edge["node"].(apitest.Object))
		}
		if more := apitest.At(page, name, "pageInfo", "hasNextPage").(bool); !more {
			return rows
		}
		arguments = fmt.Sprintf(`(after: "%s")`, apitest.At(page, name, "pageInfo", "endCursor"))
	}
	return nil
}

// airbyte goes on from the last edge's cursor until a page is empty; it sends names
// that the query does not declare.
func airbyte(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	cursor := ""
	for range endless {
		page := post(t, s, apitest.Object{
			"query":     fmt.Sprintf("query($after: String) { %s(first: 20, after: $after) { edges { cursor node { %s } } } }", name, fields),
			"variables": apitest.Object{"after": cursor, "page_size": 20, "stream": name},
		})
		edges := list(page, name, "edges")
		if len(edges) == 0 {
			return rows
		}
		for _, edge := range edges {
			rows = append(rows, edge["node"].(apitest.Object))
			cursor = edge["cursor"].(string)
		}
	}
	return nil
}

// dlt puts endCursor into the variables until there is none.
func dlt(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	variables := apitest.Object{"first": 30, "after": nil}
	for range endless {
		page := post(t, s, apitest.Object{
			"query":     fmt.Sprintf("query Pages($first: Int, $after: String) { %s(first: $first, after: $after) { nodes { %s } pageInfo { endCursor } } }", name, fields),
			"variables": variables, "operationName": "Pages",
		})
		rows = append(rows, list(page, name, "nodes")...)
		variables["after"] = apitest.At(page, name, "pageInfo", "endCursor")
		if variables["after"] == nil {
			return rows
		}
	}
	return nil
}

// meltano sends the query in one line and the page's parameters as variables that it
// does not declare; a token that comes again is an error.
func meltano(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	seen := map[string]bool{}
	token := ""
	for range endless {
		query := fmt.Sprintf("%s(after: %q) {\n  nodes {\n    %s\n  }\n  pageInfo {\n    endCursor\n  }\n}", name, token, fields)
		var lines []string
		for line := range strings.Lines(query) {
			lines = append(lines, strings.TrimSpace(line))
		}
		page := post(t, s, apitest.Object{"query": "query { " + strings.Join(lines, " ") + " }", "variables": apitest.Object{"next_page_token": token}})
		rows = append(rows, list(page, name, "nodes")...)
		next, ok := apitest.At(page, name, "pageInfo", "endCursor").(string)
		if !ok {
			return rows
		}
		if seen[next] {
			t.Fatalf("the token %s comes again", next)
		}
		seen[next], token = true, next
	}
	return nil
}

// steampipe sends variables null for the first page.
func steampipe(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	var variables apitest.Object
	for range endless {
		page := post(t, s, apitest.Object{
			"query":     fmt.Sprintf("query ($cursor: String, $size: Int = 40) { %s(first: $size, after: $cursor) { __typename nodes { %s } pageInfo { hasNextPage endCursor } } }", name, fields),
			"variables": variables,
		})
		rows = append(rows, list(page, name, "nodes")...)
		if more := apitest.At(page, name, "pageInfo", "hasNextPage").(bool); !more {
			return rows
		}
		variables = apitest.Object{"cursor": apitest.At(page, name, "pageInfo", "endCursor")}
	}
	return nil
}

var firstArgument = regexp.MustCompile(`first:\s*(\d+)`)

// spice rewrites first: N in the text of the query, for each page and for a limit.
func spice(t *testing.T, s apitest.Server, name, fields string) (rows []apitest.Object) {
	const limit = 5000
	text := fmt.Sprintf("{ %s(first: 70) { nodes { %s } pageInfo { hasNextPage endCursor } } }", name, fields)
	size, err := strconv.Atoi(firstArgument.FindStringSubmatch(text)[1])
	if err != nil {
		t.Fatal(err)
	}
	query := text
	for range endless {
		page := post(t, s, apitest.Object{"query": query})
		rows = append(rows, list(page, name, "nodes")...)
		if more := apitest.At(page, name, "pageInfo", "hasNextPage").(bool); !more || len(rows) >= limit {
			return rows
		}
		query = firstArgument.ReplaceAllString(text, fmt.Sprintf(`first: %d, after: "%s"`, min(size, limit-len(rows)), apitest.At(page, name, "pageInfo", "endCursor")))
	}
	return nil
}

// TestSupersetColumns makes columns of customers and sites as graphql-db-api does,
// which gives a table up for one field that it does not understand.
func TestSupersetColumns(t *testing.T) {
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	answer := post(t, s, apitest.Object{"query": "{ __schema { queryType { fields { name type { name } } } types { name kind fields { name type { name kind ofType { name } } } } } }"})
	types := map[string]apitest.Object{}
	for _, definition := range list(answer, "__schema", "types") {
		types[definition["name"].(string)] = definition
	}
	field := func(of apitest.Object, name string) apitest.Object {
		fields := list(of, "fields")
		return fields[slices.IndexFunc(fields, func(f apitest.Object) bool { return f["name"] == name })]
	}
	scalars := []string{"String", "ID", "Int", "Float", "Boolean", "DateTime", "Date"}
	for table, want := range map[string]string{
		"customers": "id databaseId name accountNumber email startDate endDate createdAt updatedAt",
		"sites":     "id databaseId customerId name reference startDate endDate createdAt updatedAt",
	} {
		connection := types[apitest.At(field(apitest.At(answer, "__schema", "queryType").(apitest.Object), table), "type", "name").(string)]
		edge := types[apitest.At(field(connection, "edges"), "type", "ofType", "name").(string)]
		node := types[apitest.At(field(edge, "node"), "type", "name").(string)]
		var columns []string
		for _, column := range list(node, "fields") {
			kind := column["type"].(apitest.Object)
			if kind["kind"] == "NON_NULL" {
				kind = types[apitest.At(kind, "ofType", "name").(string)] // panics for a list
			}
			if kind["kind"] != "SCALAR" {
				continue
			}
			if !slices.Contains(scalars, kind["name"].(string)) {
				t.Errorf("%s.%s is of the unknown type %s", table, column["name"], kind["name"])
			}
			columns = append(columns, column["name"].(string))
		}
		if strings.Join(columns, " ") != want {
			t.Errorf("%s has the columns %q, want %q", table, columns, want)
		}
	}
}

// TestGrafana asks as Grafana's data sources do: Wild GraphQL with variables that
// the query does not declare, and times in milliseconds; Infinity by GET, packed.
func TestGrafana(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 25)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		if health := post(t, s, apitest.Object{"query": "{__schema{queryType{name}}}"}); apitest.At(health, "__schema", "queryType", "name") != "Query" {
			t.Errorf("the health check has %v", health)
		}
		const fields = "nodes { name usedRatio updatedAt }"
		all := list(post(t, s, apitest.Object{"query": "{ entitlementBalances(first: 1000) { " + fields + " } }"}), "entitlementBalances", "nodes")
		updated := func(row apitest.Object) int64 {
			at, err := time.Parse(time.RFC3339, row["updatedAt"].(string))
			if err != nil {
				t.Fatal(err)
			}
			return at.UnixMicro()
		}
		ends := []int64{updated(all[20]) / 1000, updated(all[90]) / 1000}
		from, to := slices.Min(ends), slices.Max(ends)
		var within []apitest.Object
		for _, row := range all {
			if at := updated(row); from*1000 <= at && at < to*1000 {
				within = append(within, row)
			}
		}
		if len(within) == 0 || len(within) == len(all) {
			t.Fatalf("%d of %d rows are between %d and %d", len(within), len(all), from, to)
		}
		for query, want := range map[string][]apitest.Object{
			"{ entitlementBalances(first: 1000) { " + fields + " } }":                                                                                   all,
			"query($from: DateTime, $to: DateTime) { entitlementBalances(first: 1000, updatedSince: $from, updatedBefore: $to) { " + fields + " } }":    within,
			"query($from: DateTime, $to: DateTime) { entitlementBalances(first: 1000, filter: {updatedAt: {gte: $from, lt: $to}}) { " + fields + " } }": within,
		} {
			got := list(post(t, s, apitest.Object{"query": query, "operationName": "", "variables": apitest.Object{
				"from": from, "to": to, "interval_ms": 15_000, "maxDataPoints": 1000, "refId": "A",
			}}), "entitlementBalances", "nodes")
			if !cmp.Equal(got, want) {
				t.Errorf("%s: %d rows, want %d", query, len(got), len(want))
			}
		}
		if _, ok := all[0]["usedRatio"].(float64); !ok {
			t.Errorf("usedRatio %v can't be drawn", all[0]["usedRatio"])
		}

		target := "/graphql?query=" + url.QueryEscape("{ entitlementBalances(first: 1000) { "+fields+" } }")
		response, answer := s.Exchange(t, "GET", target, "", "Accept: application/json;q=0.9,text/plain", "Accept-Encoding: gzip")
		if kind := response.Header.Get("Content-Type"); response.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(kind, "application/json") {
			t.Errorf("Infinity gets %q", response.Header)
		}
		if got := list(data(t, response, answer), "entitlementBalances", "nodes"); !cmp.Equal(got, all) {
			t.Errorf("Infinity gets %d rows", len(got))
		}
	})
}

// TestShillelagh asks HEAD whether a URL is JSON before it asks for it.
func TestShillelagh(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 3)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		target := "/graphql?query=" + url.QueryEscape("{ sites { nodes { id name } } }")
		head, nothing := s.Exchange(t, "HEAD", target, "", "Accept: */*")
		if head.StatusCode != http.StatusOK || !strings.Contains(head.Header.Get("Content-Type"), "application/json") || len(nothing) > 0 {
			t.Errorf("HEAD: %d %q %s", head.StatusCode, head.Header, nothing)
		}
		response, answer := s.Exchange(t, "GET", target, "", "Accept: */*")
		if got := list(data(t, response, answer), "sites", "nodes"); len(got) != 9 {
			t.Errorf("GET: %d rows", len(got))
		}
	})
}

// TestStrictMode holds that a tool which reads only the status sees an error, and
// no row beside it.
func TestStrictMode(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 3)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		const body = `{"query":"{ customers { totalCount } sites(first: -1) { totalCount } }"}`
		response, answer := s.Exchange(t, "POST", "/graphql", body, "Content-Type: application/json")
		if response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"data":{"customers":{"totalCount":3},"sites":null}`)) {
			t.Errorf("%d %s", response.StatusCode, answer)
		}
		response, answer = s.Exchange(t, "POST", "/graphql", body, "Content-Type: application/json", "X-GraphQL-Strict: 1")
		if response.StatusCode != http.StatusBadRequest || !bytes.Contains(answer, []byte(`"data":null`)) || !bytes.Contains(answer, []byte(`"code":"BAD_USER_INPUT"`)) {
			t.Errorf("strict: %d %s", response.StatusCode, answer)
		}
	})
}
