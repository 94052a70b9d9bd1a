package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// claims are the tests that run the blocks of code of the documentation, by page and
// language. A block that is set in by four blanks has the language "indented".
var claims = map[string]map[string]string{
	"README.md":          {"graphql": "TestReadme", "json": "TestReadme", "indented": "TestCommandLines"},
	"docs/balances.md":   {"graphql": "TestBalancesPage", "json": "TestBalancesPage", "indented": "TestCommandLines"},
	"docs/check.md":      {"": "TestCheckCommand", "json": "TestCheckCommand"},
	"docs/filters.md":    {"graphql": "TestFilterExample"},
	"docs/http.md":       {"sh": "TestHTTPExamples", "http": "TestHTTPExamples"},
	"docs/limits.md":     {"sh": "TestLimitsExamples", "json": "TestLimitsExamples"},
	"docs/operations.md": {"": "TestOperationsDocumentation"},
	"docs/playground.md": {"indented": "TestCommandLines"},
	"docs/plans.md":      {"sql": "TestPlansOfTheBenchmark", "": "TestPlansOfTheBenchmark"},
	"docs/rest.md":       {"sh": "TestRestExamples"},
	"docs/tokens.md":     {"": "TestTokensExamples", "json": "TestTokensExamples"},
}

// block is a block of code of a page.
type block struct {
	page, language, text string
	line                 int
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

// readBlocks are all blocks of a page, in their order.
func readBlocks(t *testing.T, page string) (blocks []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	fenced, setIn, blank := false, false, true
	for i, line := range strings.SplitAfter(string(text), "\n") {
		language, isFence := strings.CutPrefix(line, "```")
		code, isSetIn := strings.CutPrefix(line, "    ")
		setIn = !fenced && isSetIn && (setIn || blank)
		switch {
		case isFence:
			if fenced = !fenced; fenced {
				blocks = append(blocks, block{page: page, language: strings.TrimSpace(language), line: i + 1})
			}
		case fenced:
			blocks[len(blocks)-1].text += line
		case setIn && blank:
			blocks = append(blocks, block{page: page, language: "indented", line: i + 1, text: code})
		case setIn:
			blocks[len(blocks)-1].text += code
		}
		blank = strings.TrimSpace(line) == ""
	}
	return blocks
}

// blocksOf are the blocks of a page that the test claims, in their order: those of the
// languages. It must use them all.
func blocksOf(t *testing.T, page string, languages ...string) (blocks []block) {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	for _, b := range readBlocks(t, page) {
		if slices.Contains(languages, b.language) && claims[page][b.language] != test {
			t.Fatalf("%s is the block of %s, not of %s", b, claims[page][b.language], test)
		} else if slices.Contains(languages, b.language) {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no block of %q", page, languages)
	}
	return blocks
}

// TestEveryBlockIsRun holds that each block of code of the documentation is one that a
// test claims, and that the test asks for the page's blocks.
func TestEveryBlockIsRun(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	tests := testsThatClaim(t)
	for _, page := range pages {
		for _, b := range readBlocks(t, page) {
			if test := claims[page][b.language]; test == "" {
				t.Errorf("%s: no test runs this block of %q: claim it", b, b.language)
			} else if !slices.Contains(tests[test], page) {
				t.Errorf("%s: %s does not ask for the blocks of the page", b, test)
			}
		}
	}
}

var (
	testFunction = regexp.MustCompile(`(?ms)^func (Test\w+)\(t \*testing\.T\) \{\n(.*?)^\}`)
	claiming     = regexp.MustCompile(`blocksOf\(t, "?([^",]+)"?,`)
)

// testsThatClaim are the pages whose blocks a test asks for, by its name.
func testsThatClaim(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range testFunction.FindAllStringSubmatch(string(text), -1) {
			for _, page := range claiming.FindAllStringSubmatch(test[2], -1) {
				found[test[1]] = append(found[test[1]], strings.ReplaceAll(page[1], "plansFile", plansFile))
			}
		}
	}
	return found
}
