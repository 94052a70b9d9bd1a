package executor

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { echo: String }
	scalar DateTime
	enum Color { RED GREEN }
	input Filter { text: String number: Int id: ID! ids: [ID!] and: [Filter!] }`})

// unusedToo are the rules of validation, but that variables need not be used.
var unusedToo = func() *rules.Rules {
	all := rules.NewDefaultRules()
	all.RemoveRule(rules.NoUnusedVariablesRule.Name)
	return all
}()

// TestVariables holds the values of random variables, and what is wrong with them, to
// what the validator makes of them.
func TestVariables(t *testing.T) {
	types := []string{"ID", "String", "Int", "Boolean", "ID", "String", "Int", "Boolean", "Float", "DateTime", "Color", "Filter"}
	defaults := map[string]string{
		"ID": `"d"`, "String": `"d"`, "Int": "7", "Float": "7.5", "Boolean": "true", "DateTime": `"2025-01-01"`, "Color": "RED", "Filter": `{id: 1}`,
	}
	values := []string{ // plain ones first
		`"a"`, "1", "true", `""`, `"12"`, `"RED"`, `"red"`, "-1", "0", "1.0", "1.5", "1e3", "2147483648", "9223372036854775807", "9223372036854775808", "1e400",
		"false", "null", "[]", `["a"]`, "[1]", "[null]", `[["a"]]`, "{}", `{"id": "a"}`, `{"id": 1, "number": 2}`, `{"id": null}`,
		`{"id": "a", "number": 1.5}`, `{"id": "a", "other": 1}`, `{"id": "a", "ids": "b"}`, `{"id": "a", "and": {"id": "c"}}`,
	}
	any := func(of []string) string { return of[rand.IntN(len(of))] }
	taken := map[int]int{} // how often all are plain, by their number
	for range 10_000 {
		var declared, given []string
		for i := range rand.IntN(4) {
			kind := any(types)
			variable := fmt.Sprintf("$v%d: "+any([]string{"%s", "%s", "%s!", "%s!", "[%s]", "[%s!]!"}), i, kind)
			if !strings.Contains(variable, "[") && rand.IntN(4) == 0 {
				variable += " = " + defaults[kind]
			}
			declared = append(declared, variable)
			if rand.IntN(6) > 0 {
				given = append(given, fmt.Sprintf(`"v%d": %s`, i, any(values[:1+rand.IntN(len(values))])))
			}
		}
		if rand.IntN(6) == 0 {
			given = append(given, `"more": 1`)
		}
		query, body := "{ echo }", "{"+strings.Join(given, ", ")+"}"
		if len(declared) > 0 {
			query = "query(" + strings.Join(declared, ", ") + ") " + query
		}
		document, errs := gqlparser.LoadQueryWithRules(schema, query, unusedToo)
		if errs != nil {
			t.Fatal(errs)
		}
		operation := document.Operations[0]
		want, wrong := validator.VariableValues(schema, operation, decode(t, body))
		got, err := variables(schema, operation, decode(t, body))
		if !reflect.DeepEqual(err, wrong) || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s with %s: %#v, %v; want %#v, %v", query, body, got, err, want, wrong)
		}
		if fit(operation.VariableDefinitions, decode(t, body)) {
			taken[len(declared)]++
		}
	}
	if taken[1] == 0 || taken[2] == 0 {
		t.Errorf("of one variable, or of two, none are plain: %v", taken)
	}
}

// decode reads values as the transport does.
func decode(t *testing.T, text string) (values map[string]any) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		t.Fatal(err)
	}
	return values
}
