package main

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"gorm.io/gorm"

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

var httpExample = regexp.MustCompile("(?s)```sh\n(curl .*?)\n```\n```http\nHTTP/1.1 (.*?)\n(.*?)```")

// TestHTTPExamples sends the examples of docs/http.md.
func TestHTTPExamples(t *testing.T) {
	text, err := os.ReadFile("docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := httpExample.FindAllStringSubmatch(string(text), -1)
	if len(examples) != strings.Count(string(text), "```sh\n") || len(examples) < 7 {
		t.Fatalf("%d examples have an answer", len(examples))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		token := newServer(t, db, models.APIToken{AllCustomers: true}).token
		handler := handler(t, db, slog.New(slog.DiscardHandler), "--cors-origins=https://app.example.com,https://*.example.org")
		web := httptest.NewServer(handler)
		t.Cleanup(web.Close)
		for _, example := range examples {
			c := parseCurl(t, example[1], token)
			s := server{url: web.URL} // the command line has the token, or none
			response, answer := s.exchange(t, c.method, c.target, c.body, c.headers...)
			if response.Status != example[2] {
				t.Errorf("%s\nis answered %s: %s", example[1], response.Status, answer)
			}
			headers, body, _ := strings.Cut("\n"+example[3], "\n\n")
			for line := range strings.SplitSeq(strings.TrimSpace(headers), "\n") {
				if name, want, ok := strings.Cut(line, ": "); ok && response.Header.Get(name) != want {
					t.Errorf("%s\nhas %s %q, want %q", example[1], name, response.Header.Get(name), want)
				}
			}
			if body != "" && !cmp.Equal(told(t, answer), told(t, []byte(body))) {
				t.Errorf("%s\nis answered %s", example[1], answer)
			}
		}
	})
}

// told is an answer whose extensions are the request's id alone: what else stands
// there is not of the data.
func told(t *testing.T, answer []byte) (members object) {
	t.Helper()
	if err := json.Unmarshal(answer, &members); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	members["extensions"] = at(members, "extensions", "requestId")
	return members
}

// TestStatusesOfCodes holds the statuses of docs/http.md, of each code of the schema.
func TestStatusesOfCodes(t *testing.T) {
	text, err := os.ReadFile("docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: sdl})
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
