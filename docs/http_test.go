package docs_test

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestHTTPExamples sends the examples of docs/http.md.
func TestHTTPExamples(t *testing.T) {
	blocks := apitest.BlocksOf(t, "docs/http.md", "sh", "http")
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		token := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
		handler := apitest.Handler(t, db, slog.New(slog.DiscardHandler), "--cors-origins=https://app.example.com,https://*.example.org")
		web := httptest.NewServer(handler)
		t.Cleanup(web.Close)
		for example := range slices.Chunk(blocks, 2) {
			if len(example) != 2 || example[0].Language != "sh" || example[1].Language != "http" {
				t.Fatalf("%s: want a command and its answer", example[0])
			}
			c := apitest.ParseCurl(t, example[0].Text, token)
			s := apitest.Server{URL: web.URL} // the command line has the token, or none
			response, answer := s.Exchange(t, c.Method, c.Target, c.Body, c.Headers...)
			status, rest, _ := strings.Cut(example[1].Text, "\n")
			if "HTTP/1.1 "+response.Status != status {
				t.Errorf("%s is answered %s: %s", example[0], response.Status, answer)
			}
			headers, body, _ := strings.Cut("\n"+rest, "\n\n")
			for line := range strings.SplitSeq(strings.TrimSpace(headers), "\n") {
				if name, want, ok := strings.Cut(line, ": "); ok && response.Header.Get(name) != want {
					t.Errorf("%s has %s %q, want %q", example[0], name, response.Header.Get(name), want)
				}
			}
			if body != "" {
				sameAnswer(t, apitest.Block{Page: example[1].Page, Language: "json", Text: body, Line: example[1].Line}, answer)
			}
		}
	})
}

// TestStatusesOfCodes holds the statuses of docs/http.md, of each code of the schema.
func TestStatusesOfCodes(t *testing.T) {
	text, err := os.ReadFile(apitest.Path("docs/http.md"))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: graph.SDL()})
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| code | status |\n|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	told := map[string]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		for code := range strings.FieldsSeq(cells[0]) {
			told[strings.Trim(code, "`")] = cells[1]
		}
	}
	for _, value := range schema.Types["ErrorCode"].EnumValues {
		status := apierror.Status(gqlerror.List{{Extensions: map[string]any{"code": value.Name}}})
		if told[value.Name] != strconv.Itoa(status) {
			t.Errorf("%s is %d, not %q", value.Name, status, told[value.Name])
		}
	}
}
