package document_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestIntrospection asks for the schema in each mode. What connectors probe a server
// with is answered in all of them.
func TestIntrospection(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	const off = "FORBIDDEN: introspection is off: __schema and __type can't be asked for"
	for _, mode := range []string{"public", "tokens", "off"} {
		s := apitest.NewServer(t, db, token.APIToken{}, "--introspection="+mode, "--max-depth=5", "--max-fields=10")
		for query, refusal := range map[string]string{
			"{ __typename }": "", "{ __schema { queryType { name } } }": "", "{ __schema { __typename q: queryType { ... { name } } } }": "",
			"{ __schema { types { name } } }": off, `{ __type(name: "Site") { name } }`: off, "{ __schema { queryType { fields { name } } } }": off,
			"{ ...F } fragment F on Query { __schema { ...G } } fragment G on __Schema { directives { name } }": off, apitest.Read(t, "introspection.graphql"): off,
		} {
			if mode != "off" {
				refusal = ""
			}
			answer := s.Request(t, map[string]any{"query": query})
			if got, _ := answer.Refusal(); got != refusal || refusal == "" && !strings.Contains(string(answer.Data), `"__`) {
				t.Errorf("%s: %.60s: %q, %.100s", mode, query, got, answer.Data)
			}
		}
	}
}

// TestLimitsAreDocumented holds that docs/limits.md has a row for each flag, with its
// default and its variable.
func TestLimitsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(apitest.Path("docs/limits.md"))
	if err != nil {
		t.Fatal(err)
	}
	kind := reflect.TypeFor[document.Settings]()
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
		f.Add(apitest.Read(f, name), "IntrospectionQuery", "{}")
	}
	f.Add("query A($n: Int = 1e400) { customers(first: $n) @skip(if: $n) { nodes { id } } } query B { ...F }", "A", `{"n": 1e400}`)
	db := modelstest.Open(f, modelstest.SQLite(f))
	s := apitest.NewServer(f, db, token.APIToken{AllCustomers: true})
	f.Fuzz(func(t *testing.T, query, operation, variables string) {
		members := map[string]any{"query": query, "operationName": operation}
		if json.Valid([]byte(variables)) && strings.HasPrefix(variables, "{") {
			members["variables"] = json.RawMessage(variables)
		}
		answer := s.Request(t, members)
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
