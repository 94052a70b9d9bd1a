package docs_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
)

// TestEveryBlockIsRun holds that each block of code of the documentation is one that a
// test claims, and that the test asks for the page's blocks.
func TestEveryBlockIsRun(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := fs.Glob(os.DirFS(apitest.Root()), pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	tests := testsThatClaim(t)
	for _, page := range pages {
		for _, b := range apitest.ReadBlocks(t, page) {
			if test := apitest.Claims[page][b.Language]; test == "" {
				t.Errorf("%s: no test runs this block of %q: claim it", b, b.Language)
			} else if !slices.Contains(tests[test], page) {
				t.Errorf("%s: %s does not ask for the blocks of the page", b, test)
			}
		}
	}
}

var (
	testFunction = regexp.MustCompile(`(?ms)^func (Test\w+)\(t \*testing\.T\) \{\n(.*?)^\}`)
	claiming     = regexp.MustCompile(`BlocksOf\(t, "([^"]+)",`)
)

// testsThatClaim are the pages whose blocks a test asks for, by its name.
func testsThatClaim(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	tree := os.DirFS(apitest.Root())
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		for _, test := range testFunction.FindAllStringSubmatch(string(text), -1) {
			for _, page := range claiming.FindAllStringSubmatch(test[2], -1) {
				found[test[1]] = append(found[test[1]], page[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
