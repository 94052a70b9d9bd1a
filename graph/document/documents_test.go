package document

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/document/documenttest"
)

// TestPrice prices operations, refused ones among them.
func TestPrice(t *testing.T) {
	d := &Documents{
		memory: newMemory(), schema: documenttest.Schema(t, "../../schema.graphqls"), trusted: trusted{mode: "off"},
		settings: Settings{MaxTokens: 100, MaxDepth: 9, MaxFields: 9, MaxRootFields: 9, MaxCost: 9},
	}
	for _, tt := range []struct {
		query   string
		want    int
		refused bool
	}{
		{"{ customers(first: 4) { nodes { id } } }", 5, false},
		{"{ customers(first: 9) { nodes { id } } }", 10, true},
		{"{ customers(first: 4) { gone } }", 5, true},
		{"{", 0, true},
	} {
		found, errs := d.Find(t.Context(), &graphql.RawParams{Query: tt.query})
		if price := found.Price(); price != tt.want || (errs != nil) != tt.refused {
			t.Errorf("%s: %d, %v", tt.query, price, errs)
		}
	}
}

// TestRecall holds that a document is recalled with the name and the price of its operation
// once it has been found to be valid, and that nothing is parsed before.
func TestRecall(t *testing.T) {
	d := &Documents{
		memory: newMemory(), schema: documenttest.Schema(t, "../../schema.graphqls"), trusted: trusted{mode: "off"},
		settings: Settings{MaxTokens: 100, MaxDepth: 9, MaxFields: 9, MaxRootFields: 9, MaxCost: 9, MaxValues: 1},
	}
	const text = "query A($n: Int) { customers(first: $n) { nodes { id } } } query B { __typename }"
	recall := func(text, name string, variables map[string]any) string {
		found := d.Recall(t.Context(), &graphql.RawParams{Query: text, OperationName: name, Variables: variables})
		if found.Selected == nil {
			return fmt.Sprintf("- %d", found.Price())
		}
		return fmt.Sprintf("%s %d", found.Selected.Name, found.Price())
	}
	first := func(n any) map[string]any { return map[string]any{"n": n} } // each is coerced in its place
	three := json.Number("3")
	if got := recall(text, "A", first(three)); got != "- 0" {
		t.Errorf("before it is remembered: %s", got)
	}
	if _, errs := d.Find(t.Context(), &graphql.RawParams{Query: text, OperationName: "A", Variables: first(three)}); len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, tt := range []struct {
		text, name string
		variables  map[string]any
		want       string
	}{
		{text, "A", first(three), "A 4"},
		{text, "A", first(json.Number("90")), "A 91"},                // past the limit
		{text, "A", first("wrong"), "A 1001"},                        // the largest page,
		{text, "A", map[string]any{"n": three, "more": true}, "- 0"}, // of one value
		{text, "B", nil, "B 1"},
		{text, "C", nil, "- 0"},
		{"{", "", nil, "- 0"},
	} {
		if got := recall(tt.text, tt.name, tt.variables); got != tt.want {
			t.Errorf("%s %v: %s, want %s", tt.name, tt.variables, got, tt.want)
		}
	}
}
