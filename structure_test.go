package main

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
)

// TestSchemaIsDescribed holds that whoever reads the schema finds a description
// on everything in it.
func TestSchemaIsDescribed(t *testing.T) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	described := func(what, text string) {
		if len(text) < 5 || !strings.ContainsAny(text[len(text)-1:], ".") {
			t.Errorf("%s: the description %q is not a sentence", what, text)
		}
	}
	for name, definition := range parsed.Types {
		if definition.BuiltIn {
			continue
		}
		described(name, definition.Description)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			described(name+"."+field.Name, field.Description)
			for _, argument := range field.Arguments {
				described(name+"."+field.Name+"("+argument.Name+")", argument.Description)
			}
		}
		for _, value := range definition.EnumValues {
			described(name+"."+value.Name, value.Description)
		}
	}
}

// TestConnectionsAreAlike holds the shape of section 2 of the contract: every
// connection has the same fields and arguments, and is nullable at the root.
func TestConnectionsAreAlike(t *testing.T) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	for name, definition := range parsed.Types {
		if node, ok := strings.CutSuffix(name, "Connection"); ok {
			var fields []string
			for _, field := range definition.Fields {
				fields = append(fields, field.Name+": "+field.Type.String())
			}
			want := []string{"edges: [" + node + "Edge]", "nodes: [" + node + "!]!", "pageInfo: PageInfo!", "totalCount: Int!"}
			if !slices.Equal(fields, want) {
				t.Errorf("%s has %q, want %q", name, fields, want)
			}
		}
		for _, field := range definition.Fields {
			if !strings.HasSuffix(field.Type.Name(), "Connection") {
				continue
			}
			for i, argument := range []string{"first: Int", "last: Int", "after: String", "before: String"} {
				if got := field.Arguments[i]; got.Name+": "+got.Type.String() != argument || got.DefaultValue != nil {
					t.Errorf("%s.%s: argument %d is %s, want %s", name, field.Name, i, got.Name, argument)
				}
			}
			if name == "Query" && field.Type.NonNull {
				t.Errorf("Query.%s is not nullable", field.Name)
			}
		}
	}
}

// TestConnectorsReadTheSchema holds what BI tools that make tables of a schema need
// of customers and sites: no list that can't be null, and no scalar of ours but
// Date and DateTime.
func TestConnectorsReadTheSchema(t *testing.T) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Customer", "Site"} {
		for _, field := range parsed.Types[name].Fields {
			scalar := parsed.Types[field.Type.Name()]
			if field.Type.Elem != nil && field.Type.NonNull ||
				scalar.Kind == ast.Scalar && !scalar.BuiltIn && scalar.Name != "Date" && scalar.Name != "DateTime" {
				t.Errorf("%s.%s is of type %s", name, field.Name, field.Type)
			}
		}
	}
}

// TestImports holds who may import whom: models never sees GraphQL's executor or
// HTTP, graph/relay never sees GORM, and only graph/api, resolvers and the commands see
// graph.
func TestImports(t *testing.T) {
	const module = "github.com/usagegraph/usagegraph"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	forbidden := map[string]*regexp.Regexp{
		"/models":              regexp.MustCompile(`^` + module + `/(graph|graph/loaders|graph/auth|resolvers|internal/.*)$|^net/http$`),
		"/graph/relay":         regexp.MustCompile(`gorm|^` + module + `/(models|graph|graph/loaders|graph/auth|resolvers)$`),
		"/graph/apierror":      regexp.MustCompile(`gorm|^` + module),
		"/graph/loaders":       regexp.MustCompile(`^` + module + `/(graph|resolvers|internal/.*)$`),
		"/graph/auth":          regexp.MustCompile(`^` + module + `/(graph|graph/loaders|resolvers|internal/.*)$`),
		"/graph/admission":     regexp.MustCompile(`^` + module + `/(graph|graph/loaders|resolvers|internal/.*)$`),
		"/graph/transport":     regexp.MustCompile(`gorm|^` + module + `/(graph|graph/loaders|graph/auth|models|resolvers|internal/.*)$`),
		"/graph/playground":    regexp.MustCompile(`gorm|^` + module + `/(graph|graph/loaders|graph/auth|models|resolvers|internal/.*)$`),
		"/resolvers":           regexp.MustCompile(`gorm|^database/sql`),
		"/internal/ingest":     regexp.MustCompile(`^` + module + `/(graph|graph/loaders|resolvers)$`),
		"/internal/check":      regexp.MustCompile(`gorm/|^` + module + `/(graph|graph/loaders|resolvers)$`),
		"/internal/seed":       regexp.MustCompile(`^` + module + `/(graph|graph/loaders|resolvers)$`),
		"/graph/execute":       regexp.MustCompile(`^database/sql|^` + module + `/(graph|resolvers|internal/.*)$`),
		"/graph/engine":        regexp.MustCompile(`gorm|^database/sql|^` + module + `/(graph|resolvers|internal/.*)$`),
		"/graph/api":           regexp.MustCompile(`^database/sql|^` + module + `/internal/.*$`),
		"/internal/apitest":    regexp.MustCompile(`^` + module + `/(internal/command|bench)$`),
		"/internal/postgres":   regexp.MustCompile(`gorm|^` + module),
		"/graph/document":      regexp.MustCompile(`gorm|^` + module + `/(graph|graph/loaders|graph/admission|graph/transport|resolvers|internal/.*)$`),
		"/graph/document/cost": regexp.MustCompile(`gorm|^net/http$|^` + module + `/(graph|graph/document|graph/loaders|graph/auth|resolvers|internal/.*)$`),
	}
	// Only tests import what is for tests.
	forTests := regexp.MustCompile(`^` + module + `/(internal/apitest|models/modelstest|graph/transport/transporttest)$`)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	seen := 0
	for _, line := range lines {
		words := strings.Fields(line)
		if at := slices.IndexFunc(words[1:], forTests.MatchString); at >= 0 && words[0] != module+"/internal/apitest" {
			t.Errorf("%s imports %s", words[0], words[1+at])
		}
		rule, ok := forbidden[strings.TrimPrefix(words[0], module)]
		if !ok {
			continue
		}
		seen++
		for _, imported := range words[1:] {
			if rule.MatchString(imported) {
				t.Errorf("%s imports %s", words[0], imported)
			}
		}
	}
	if seen != len(forbidden) {
		t.Errorf("%d of %d packages were looked at", seen, len(forbidden))
	}
}
