package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/document"
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

// request sends members of a request as JSON.
func (s server) request(t testing.TB, members map[string]any) limitedAnswer {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	_, answer := s.send(t, "POST", "/graphql", string(body))
	return readAnswer(t, answer)
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
			answer := s.request(t, map[string]any{"query": query})
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
		answer := s.request(t, members)
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
