package docs_test

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestOperationsDocumentation holds that docs/operations.md has all metrics of ours,
// all fields of the log's line, in their order in the example, and flags that there are.
func TestOperationsDocumentation(t *testing.T) {
	content, err := os.ReadFile(apitest.Path("docs/operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	var log bytes.Buffer
	web := httptest.NewServer(apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil))))
	s.URL = web.URL
	s.Ask(t, "{ customers { nodes { nothing } } }")
	_, metrics := s.Send(t, "GET", "/metrics", "")
	web.Close() // all is logged
	fields := func(line string) (names []string) {
		for _, match := range regexp.MustCompile(`(\w+)=`).FindAllStringSubmatch(line, -1) {
			names = append(names, match[1])
		}
		return names
	}
	lines := apitest.BlocksOf(t, "docs/operations.md", "")
	if shown, logged := fields(lines[0].Text), fields(log.String()); len(lines) != 1 || !slices.Equal(shown, logged) {
		t.Errorf("the documentation's line of the log has %q, and the log %q", shown, logged)
	}
	names := func(in, pattern string) []string {
		found := map[string]bool{}
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(in, -1) {
			found[match[1]] = true
		}
		return slices.Sorted(maps.Keys(found))
	}
	have, told := names(string(metrics), `(?m)^# TYPE (usagegraph_\w+)`), names(text, "(?m)^\\| `(usagegraph_\\w+)")
	if len(have) < 9 || !slices.Equal(have, told) {
		t.Errorf("there are\n%q and the documentation has\n%q", have, told)
	}
	_, table, _ := strings.Cut(text, "| field | is |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, field := range names(log.String(), ` (\w+)=`) {
		if field != "msg" && !strings.Contains(table, "`"+field+"`") {
			t.Errorf("the table lacks the field %s", field)
		}
	}
	help := apitest.RunIn(t, apitest.Root(), "sqlite:x", "", "serve", "--help").Stdout
	for _, flag := range names(text, "`(--[a-z-]+)`") {
		if !strings.Contains(help, flag+"=") {
			t.Errorf("serve has no %s", flag)
		}
	}
}
