package main

import (
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
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
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// word is a word of a shell's command line: plain or quoted.
var word = regexp.MustCompile(`'([^']*)'|"([^"]*)"|([^\s'"\\]+)`)

// curl is the request that a command line of curl sends.
type curl struct {
	method, target, body string
	headers              []string
}

// parseCurl understands the options that docs/http.md uses, and no others.
func parseCurl(t *testing.T, line, token string) (c curl) {
	t.Helper()
	var words []string
	for _, match := range word.FindAllStringSubmatch(line, -1) {
		words = append(words, match[1]+strings.ReplaceAll(match[2], "$TOKEN", token)+match[3])
	}
	c.method = "GET"
	inURL, values := false, url.Values{}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "-s":
		case "-G":
			inURL = true
		case "--compressed":
			c.headers = append(c.headers, "Accept-Encoding: gzip")
		case "-H":
			i++
			c.headers = append(c.headers, words[i])
		case "-X":
			i++
			c.method = words[i]
		case "-d":
			i++
			c.method, c.body = "POST", words[i]
		case "--data-urlencode":
			i++
			name, value, _ := strings.Cut(words[i], "=")
			values.Set(name, value)
		default:
			target, ok := strings.CutPrefix(words[i], "http://localhost:8080")
			if !ok {
				t.Fatalf("curl %s: the test does not know this", words[i])
			}
			c.target = target
		}
	}
	if inURL {
		c.target += "?" + values.Encode()
	}
	return c
}

// TestHTTPExamples sends the examples of docs/http.md.
func TestHTTPExamples(t *testing.T) {
	blocks := blocksOf(t, "docs/http.md", "sh", "http")
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		token := newServer(t, db, models.APIToken{AllCustomers: true}).token
		handler := handler(t, db, slog.New(slog.DiscardHandler), "--cors-origins=https://app.example.com,https://*.example.org")
		web := httptest.NewServer(handler)
		t.Cleanup(web.Close)
		for example := range slices.Chunk(blocks, 2) {
			if len(example) != 2 || example[0].language != "sh" || example[1].language != "http" {
				t.Fatalf("%s: want a command and its answer", example[0])
			}
			c := parseCurl(t, example[0].text, token)
			s := server{url: web.URL} // the command line has the token, or none
			response, answer := s.exchange(t, c.method, c.target, c.body, c.headers...)
			status, rest, _ := strings.Cut(example[1].text, "\n")
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
				sameAnswer(t, block{example[1].page, "json", body, example[1].line}, answer)
			}
		}
	})
}

// TestStatusesOfCodes holds the statuses of docs/http.md, of each code of the schema.
func TestStatusesOfCodes(t *testing.T) {
	text, err := os.ReadFile("docs/http.md")
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
