// Package documenttest has documents, and the schema of the API, for tests.
package documenttest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Schema reads the schema of the API from a file.
func Schema(t testing.TB, path string) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
}

// Parse parses a document that need not be valid. It is for tests of *testing.T and for
// those of *rapid.T.
func Parse(t interface{ Fatal(...any) }, text string) *ast.QueryDocument {
	document, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// Bomb is a document with a fragment that is written out 2^40 times.
func Bomb() string {
	var out strings.Builder
	out.WriteString("{ ...F0 }")
	for i := range 40 {
		fmt.Fprintf(&out, " fragment F%d on Query { ...F%d ...F%d }", i, i+1, i+1)
	}
	return out.String() + " fragment F40 on Query { customers { nodes { id } } }"
}
