package graph_test

import (
	"os"
	"testing"

	"github.com/usagegraph/usagegraph/graph"
)

// TestSDL holds what is served and printed as the schema to schema.graphqls, to the byte.
func TestSDL(t *testing.T) {
	want, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	if got := graph.SDL(); got != string(want) {
		t.Errorf("the schema in the generated code has %d bytes and schema.graphqls %d: run make generate", len(got), len(want))
	}
}
