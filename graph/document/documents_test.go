package document

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/usagegraph/usagegraph/graph/document/documenttest"
)

// TestPrice prices operations, refused ones among them.
func TestPrice(t *testing.T) {
	d := &Documents{memory: newMemory(), schema: documenttest.Schema(t, "../../schema.graphqls"), trusted: trusted{mode: "off"},
		settings: Settings{MaxTokens: 100, MaxDepth: 9, MaxFields: 9, MaxRootFields: 9, MaxCost: 9}}
	if price := (*Operation)(nil).Price(); price != 0 {
		t.Errorf("without an operation: %d", price)
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
