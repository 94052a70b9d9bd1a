package limits

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// TestCostOf tells the cost to whoever holds the context of an operation.
func TestCostOf(t *testing.T) {
	d := &Documents{memory: newMemory(), schema: readSchema(t), trusted: trusted{mode: "off"},
		settings: Settings{MaxTokens: 100, MaxDepth: 9, MaxFields: 9, MaxRootFields: 9, MaxCost: 9}}
	if cost := CostOf(t.Context()); cost != 0 {
		t.Errorf("without an operation: %d", cost)
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
		ctx := graphql.WithOperationContext(t.Context(), &graphql.OperationContext{})
		if cost := CostOf(ctx); cost != 0 {
			t.Errorf("%s: before it is read: %d", tt.query, cost)
		}
		err := d.MutateOperationParameters(ctx, &graphql.RawParams{Query: tt.query})
		if cost := CostOf(ctx); cost != tt.want || (err != nil) != tt.refused {
			t.Errorf("%s: %d, %v", tt.query, cost, err)
		}
	}
}
