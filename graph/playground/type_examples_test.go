package playground

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// loadSchema is the schema of the API.
func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	sdl, err := os.ReadFile("../../schema.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(sdl)})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// uses reports whether a document names a type: in what it asks for or in what it
// gives.
func uses(document *ast.QueryDocument, schema *ast.Schema, name string) bool {
	found := false
	var inValue func(*ast.Value)
	inValue = func(value *ast.Value) {
		found = found || value.ExpectedType.Name() == name
		for _, child := range value.Children {
			inValue(child.Value)
		}
	}
	var in func(ast.SelectionSet)
	in = func(set ast.SelectionSet) {
		for _, selection := range set {
			field := selection.(*ast.Field)
			found = found || field.Definition.Type.Name() == name || field.ObjectDefinition.Name == name
			for _, argument := range field.Arguments {
				inValue(argument.Value)
			}
			in(field.SelectionSet)
		}
	}
	in(document.Operations[0].SelectionSet)
	return found
}

// TestTypeExamples holds that each type has an example that the schema allows, and that
// has the type in it. A new type that no query reaches fails here. The tests of package
// main run the examples.
func TestTypeExamples(t *testing.T) {
	schema := loadSchema(t)
	examples := TypeExamples(schema)
	for name := range schema.Types {
		if strings.HasPrefix(name, "__") {
			continue
		}
		example := examples[name]
		document, err := gqlparser.LoadQueryWithRules(schema, example.Query, rules.NewDefaultRules())
		if err != nil {
			t.Errorf("%s: %v in %s", name, err, example.Query)
			continue
		}
		if name == "ErrorCode" { // which stands in extensions, and so is described
			continue
		}
		if !uses(document, schema, name) {
			t.Errorf("the example of %s does not have it: %s", name, example.Query)
		}
	}
}
