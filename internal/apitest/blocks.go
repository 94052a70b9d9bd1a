package apitest

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// Claims are the tests that run the blocks of code of the documentation, by page and
// language. A block that is set in by four blanks has the language "indented".
var Claims = map[string]map[string]string{
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

// Block is a block of code of a page.
type Block struct {
	Page, Language, Text string
	Line                 int
}

// String is where the block stands, as page:line.
func (b Block) String() string { return fmt.Sprintf("%s:%d", b.Page, b.Line) }

// ReadBlocks are all blocks of a page, in their order.
func ReadBlocks(t *testing.T, page string) (blocks []Block) {
	t.Helper()
	text, err := os.ReadFile(Path(page))
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
				blocks = append(blocks, Block{Page: page, Language: strings.TrimSpace(language), Line: i + 1})
			}
		case fenced:
			blocks[len(blocks)-1].Text += line
		case setIn && blank:
			blocks = append(blocks, Block{Page: page, Language: "indented", Line: i + 1, Text: code})
		case setIn:
			blocks[len(blocks)-1].Text += code
		}
		blank = strings.TrimSpace(line) == ""
	}
	return blocks
}

// BlocksOf are the blocks of a page that the test claims, in their order: those of the
// languages. It must use them all.
func BlocksOf(t *testing.T, page string, languages ...string) (blocks []Block) {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	for _, b := range ReadBlocks(t, page) {
		if slices.Contains(languages, b.Language) && Claims[page][b.Language] != test {
			t.Fatalf("%s is the block of %s, not of %s", b, Claims[page][b.Language], test)
		} else if slices.Contains(languages, b.Language) {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no block of %q", page, languages)
	}
	return blocks
}
