package apitest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// Sources visits the source of this module, but what is generated and what tests.
func Sources(t *testing.T, visit func(path string, file *ast.File, text func(from, to token.Pos) string)) {
	t.Helper()
	found := 0
	err := fs.WalkDir(os.DirFS(Root()), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "models/modelstest/") || path == "graph/generated.go" || path == "models/models_gen.go" {
			return err
		}
		content, err := os.ReadFile(Path(path))
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, content, 0)
		if err != nil {
			return err
		}
		found++
		visit(path, file, func(from, to token.Pos) string {
			return string(content[set.Position(from).Offset:set.Position(to).Offset])
		})
		return nil
	})
	if err != nil || found < 80 {
		t.Fatalf("%d files: %v", found, err)
	}
}
