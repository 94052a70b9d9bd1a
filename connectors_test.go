package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
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

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// object is what a connector makes of a JSON object.
type object = map[string]any

// exchange sends a request with headers given as "Name: value", and reads the
// answer, unpacked.
func (s server) exchange(t testing.TB, method, target, body string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var reader io.Reader = response.Body
	if response.Header.Get("Content-Encoding") == "gzip" {
		if reader, err = gzip.NewReader(response.Body); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return response, answer
}

// post posts a body as JSON and returns the data, as a connector that fails for any
// status but 200 and for any errors.
func (s server) post(t testing.TB, body any) object {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	response, answer := s.exchange(t, "POST", "/graphql", string(text), "Content-Type: application/json")
	return data(t, response, answer)
}

func data(t testing.TB, response *http.Response, answer []byte) object {
	t.Helper()
	var members object
	err := json.Unmarshal(answer, &members)
	if _, failed := members["errors"]; err != nil || failed || response.StatusCode != http.StatusOK {
		t.Fatalf("%v, status %d: %.300s", err, response.StatusCode, answer)
	}
	return members["data"].(object)
}

// at walks into objects.
func at(v any, path ...string) any {
	for _, name := range path {
		v = v.(object)[name]
	}
	return v
}

// list is at for lists of objects.
func list(v any, path ...string) (rows []object) {
	for _, row := range at(v, path...).([]any) {
		rows = append(rows, row.(object))
	}
	return rows
}

// endless bounds the loops of the connectors, which have no bound of their own.
const endless = 100

// connector reads all rows of a list with some fields, as a tool does.
type connector func(t *testing.T, s server, name, fields string) []object

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
		seeded(t, db, 25)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		for name, fields := range lists {
			want := list(s.post(t, object{"query": "{" + name + "(first: 1000) { nodes {" + fields + "} } }"}), name, "nodes")
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
func superset(t *testing.T, s server, name, fields string) (rows []object) {
	arguments := ""
	for range endless {
		page := s.post(t, object{"query": fmt.Sprintf("query {\n    %s%s{\n        edges{\n        node{\n            %s\n        }\n        }\n        pageInfo {endCursor hasNextPage}\n    }\n    }", name, arguments, fields)})
		for _, edge := range list(page, name, "edges") {
			rows = append(rows, edge["node"].(object))
		}
		if more := at(page, name, "pageInfo", "hasNextPage").(bool); !more {
			return rows
		}
		arguments = fmt.Sprintf(`(after: "%s")`, at(page, name, "pageInfo", "endCursor"))
	}
	return nil
}

// airbyte goes on from the last edge's cursor until a page is empty; it sends names
// that the query does not declare.
func airbyte(t *testing.T, s server, name, fields string) (rows []object) {
	cursor := ""
	for range endless {
		page := s.post(t, object{
			"query":     fmt.Sprintf("query($after: String) { %s(first: 20, after: $after) { edges { cursor node { %s } } } }", name, fields),
			"variables": object{"after": cursor, "page_size": 20, "stream": name},
		})
		edges := list(page, name, "edges")
		if len(edges) == 0 {
			return rows
		}
		for _, edge := range edges {
			rows = append(rows, edge["node"].(object))
			cursor = edge["cursor"].(string)
		}
	}
	return nil
}

// dlt puts endCursor into the variables until there is none.
func dlt(t *testing.T, s server, name, fields string) (rows []object) {
	variables := object{"first": 30, "after": nil}
	for range endless {
		page := s.post(t, object{
			"query":     fmt.Sprintf("query Pages($first: Int, $after: String) { %s(first: $first, after: $after) { nodes { %s } pageInfo { endCursor } } }", name, fields),
			"variables": variables, "operationName": "Pages",
		})
		rows = append(rows, list(page, name, "nodes")...)
		variables["after"] = at(page, name, "pageInfo", "endCursor")
		if variables["after"] == nil {
			return rows
		}
	}
	return nil
}

// meltano sends the query in one line and the page's parameters as variables that it
// does not declare; a token that comes again is an error.
func meltano(t *testing.T, s server, name, fields string) (rows []object) {
	seen := map[string]bool{}
	token := ""
	for range endless {
		query := fmt.Sprintf("%s(after: %q) {\n  nodes {\n    %s\n  }\n  pageInfo {\n    endCursor\n  }\n}", name, token, fields)
		var lines []string
		for line := range strings.Lines(query) {
			lines = append(lines, strings.TrimSpace(line))
		}
		page := s.post(t, object{"query": "query { " + strings.Join(lines, " ") + " }", "variables": object{"next_page_token": token}})
		rows = append(rows, list(page, name, "nodes")...)
		next, ok := at(page, name, "pageInfo", "endCursor").(string)
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
func steampipe(t *testing.T, s server, name, fields string) (rows []object) {
	var variables object
	for range endless {
		page := s.post(t, object{
			"query":     fmt.Sprintf("query ($cursor: String, $size: Int = 40) { %s(first: $size, after: $cursor) { __typename nodes { %s } pageInfo { hasNextPage endCursor } } }", name, fields),
			"variables": variables,
		})
		rows = append(rows, list(page, name, "nodes")...)
		if more := at(page, name, "pageInfo", "hasNextPage").(bool); !more {
			return rows
		}
		variables = object{"cursor": at(page, name, "pageInfo", "endCursor")}
	}
	return nil
}

var firstArgument = regexp.MustCompile(`first:\s*(\d+)`)

// spice rewrites first: N in the text of the query, for each page and for a limit.
func spice(t *testing.T, s server, name, fields string) (rows []object) {
	const limit = 5000
	text := fmt.Sprintf("{ %s(first: 70) { nodes { %s } pageInfo { hasNextPage endCursor } } }", name, fields)
	size, err := strconv.Atoi(firstArgument.FindStringSubmatch(text)[1])
	if err != nil {
		t.Fatal(err)
	}
	query := text
	for range endless {
		page := s.post(t, object{"query": query})
		rows = append(rows, list(page, name, "nodes")...)
		if more := at(page, name, "pageInfo", "hasNextPage").(bool); !more || len(rows) >= limit {
			return rows
		}
		query = firstArgument.ReplaceAllString(text, fmt.Sprintf(`first: %d, after: "%s"`, min(size, limit-len(rows)), at(page, name, "pageInfo", "endCursor")))
	}
	return nil
}

// TestSupersetColumns makes columns of customers and sites as graphql-db-api does,
// which gives a table up for one field that it does not understand.
func TestSupersetColumns(t *testing.T) {
	s := newServer(t, modelstest.Open(t, modelstest.SQLite(t)), models.APIToken{AllCustomers: true})
	answer := s.post(t, object{"query": "{ __schema { queryType { fields { name type { name } } } types { name kind fields { name type { name kind ofType { name } } } } } }"})
	types := map[string]object{}
	for _, definition := range list(answer, "__schema", "types") {
		types[definition["name"].(string)] = definition
	}
	field := func(of object, name string) object {
		fields := list(of, "fields")
		return fields[slices.IndexFunc(fields, func(f object) bool { return f["name"] == name })]
	}
	scalars := []string{"String", "ID", "Int", "Float", "Boolean", "DateTime", "Date"}
	for table, want := range map[string]string{
		"customers": "id databaseId name accountNumber email startDate endDate createdAt updatedAt",
		"sites":     "id databaseId customerId name reference startDate endDate createdAt updatedAt",
	} {
		connection := types[at(field(at(answer, "__schema", "queryType").(object), table), "type", "name").(string)]
		edge := types[at(field(connection, "edges"), "type", "ofType", "name").(string)]
		node := types[at(field(edge, "node"), "type", "name").(string)]
		var columns []string
		for _, column := range list(node, "fields") {
			kind := column["type"].(object)
			if kind["kind"] == "NON_NULL" {
				kind = types[at(kind, "ofType", "name").(string)] // panics for a list
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
		seeded(t, db, 25)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		if health := s.post(t, object{"query": "{__schema{queryType{name}}}"}); at(health, "__schema", "queryType", "name") != "Query" {
			t.Errorf("the health check has %v", health)
		}
		const fields = "nodes { name usedRatio updatedAt }"
		all := list(s.post(t, object{"query": "{ entitlementBalances(first: 1000) { " + fields + " } }"}), "entitlementBalances", "nodes")
		updated := func(row object) int64 {
			at, err := time.Parse(time.RFC3339, row["updatedAt"].(string))
			if err != nil {
				t.Fatal(err)
			}
			return at.UnixMicro()
		}
		ends := []int64{updated(all[20]) / 1000, updated(all[90]) / 1000}
		from, to := slices.Min(ends), slices.Max(ends)
		var within []object
		for _, row := range all {
			if at := updated(row); from*1000 <= at && at < to*1000 {
				within = append(within, row)
			}
		}
		if len(within) == 0 || len(within) == len(all) {
			t.Fatalf("%d of %d rows are between %d and %d", len(within), len(all), from, to)
		}
		for query, want := range map[string][]object{
			"{ entitlementBalances(first: 1000) { " + fields + " } }":                                                                                   all,
			"query($from: DateTime, $to: DateTime) { entitlementBalances(first: 1000, updatedSince: $from, updatedBefore: $to) { " + fields + " } }":    within,
			"query($from: DateTime, $to: DateTime) { entitlementBalances(first: 1000, filter: {updatedAt: {gte: $from, lt: $to}}) { " + fields + " } }": within,
		} {
			got := list(s.post(t, object{"query": query, "operationName": "", "variables": object{
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
		response, answer := s.exchange(t, "GET", target, "", "Accept: application/json;q=0.9,text/plain", "Accept-Encoding: gzip")
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
		seeded(t, db, 3)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		target := "/graphql?query=" + url.QueryEscape("{ sites { nodes { id name } } }")
		head, nothing := s.exchange(t, "HEAD", target, "", "Accept: */*")
		if head.StatusCode != http.StatusOK || !strings.Contains(head.Header.Get("Content-Type"), "application/json") || len(nothing) > 0 {
			t.Errorf("HEAD: %d %q %s", head.StatusCode, head.Header, nothing)
		}
		response, answer := s.exchange(t, "GET", target, "", "Accept: */*")
		if got := list(data(t, response, answer), "sites", "nodes"); len(got) != 9 {
			t.Errorf("GET: %d rows", len(got))
		}
	})
}

// TestStrictMode holds that a tool which reads only the status sees an error, and
// no row beside it.
func TestStrictMode(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seeded(t, db, 3)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		const body = `{"query":"{ customers { totalCount } sites(first: -1) { totalCount } }"}`
		response, answer := s.exchange(t, "POST", "/graphql", body, "Content-Type: application/json")
		if response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"data":{"customers":{"totalCount":3},"sites":null}`)) {
			t.Errorf("%d %s", response.StatusCode, answer)
		}
		response, answer = s.exchange(t, "POST", "/graphql", body, "Content-Type: application/json", "X-GraphQL-Strict: 1")
		if response.StatusCode != http.StatusBadRequest || !bytes.Contains(answer, []byte(`"data":null`)) || !bytes.Contains(answer, []byte(`"code":"BAD_USER_INPUT"`)) {
			t.Errorf("strict: %d %s", response.StatusCode, answer)
		}
	})
}
