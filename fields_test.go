package main

import (
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// TestFieldSets holds what graph's own sets of fields take for granted: no unions, and
// one interface, which all nodes have.
func TestFieldSets(t *testing.T) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	for name, definition := range schema.Types {
		if definition.Kind == ast.Union || definition.Kind == ast.Interface && name != "Node" {
			t.Errorf("%s is a %s", name, definition.Kind)
		}
	}
}
