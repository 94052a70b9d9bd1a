package main

import (
	goast "go/ast"
	"go/token"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/internal/apitest"
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

// TestImports holds who may import whom: imports go down only. The rooms of models see
// neither GraphQL's executor nor HTTP, graph/relay never sees GORM, and only graph/api,
// resolvers and the commands see graph.
func TestImports(t *testing.T) {
	const module = "github.com/usagegraph/usagegraph"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	forbidden := map[string]*regexp.Regexp{
		"/models/fault":        regexp.MustCompile(`gorm|gqlgen|^net/http$|^` + module),
		"/models/scalar":       regexp.MustCompile(`^net/http$|^` + module + `/(graph|models$|models/(database|store|token|billing)|resolvers|internal/)`),
		"/models/database":     regexp.MustCompile(`gqlgen|^net/http$|^` + module),
		"/models/store":        regexp.MustCompile(`gqlparser|^net/http$|^` + module + `/(graph|models$|models/(token|billing)|resolvers|internal/)`),
		"/models":              regexp.MustCompile(`gqlparser|^net/http$|^` + module + `/(graph$|graph/[^r]|models/(token|billing)|resolvers|internal/)`),
		"/models/token":        regexp.MustCompile(`gqlparser|^net/http$|^` + module + `/(graph|models$|models/billing|resolvers|internal/)`),
		"/models/billing":      regexp.MustCompile(`gqlparser|^net/http$|^` + module + `/(graph|models/token|resolvers|internal/)`),
		"/graph/relay":         regexp.MustCompile(`gorm|gqlgen|^` + module + `/(models$|models/(token|billing)|graph|resolvers)`),
		"/graph/apierror":      regexp.MustCompile(`gorm|^` + module + `/(graph|models$|models/(scalar|database|store|token|billing)|resolvers|internal/)`),
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

// TestOnlyTheStoreNamesTables holds that SQL outside models/store never names a table: what
// follows FROM and JOIN is written by Statement.From, which adds the row scope, or is a
// statement in parentheses. Rows are written by models/store alone.
func TestOnlyTheStoreNamesTables(t *testing.T) {
	named := regexp.MustCompile(`\b(FROM|JOIN)\s+[^\s(]|\b(INSERT INTO|DELETE FROM|UPDATE [^O].* SET|TRUNCATE)\b`)
	looked := 0
	apitest.Sources(t, func(path string, file *goast.File, text func(from, to token.Pos) string) {
		switch dir := filepath.Dir(path); {
		case dir == "models/store" || dir == "models/database" || dir == "models/migrations" || strings.HasPrefix(dir, "bench"):
			return // bench/handwritten is the SQL that the benchmark compares with
		case dir == "models/modelstest" || dir == "internal/apitest" || dir == "internal/postgres":
			return // which tests alone import
		}
		goast.Inspect(file, func(n goast.Node) bool {
			literal, ok := n.(*goast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			looked++
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			if found := named.FindString(value); found != "" {
				t.Errorf("%s names a table: %s", path, found)
			}
			return true
		})
	})
	if looked < 1000 {
		t.Errorf("%d literals were looked at", looked)
	}
}
