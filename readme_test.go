package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestCommandLines goes through the command lines of pages that are set in: the targets of
// make, the benchmarks and the scripts are there, usagegraph takes its arguments and does
// what can be done here, and the request is answered.
func TestCommandLines(t *testing.T) {
	blocks := slices.Concat(apitest.BlocksOf(t, "README.md", "indented"), apitest.BlocksOf(t, "docs/balances.md", "indented"), apitest.BlocksOf(t, "docs/playground.md", "indented"))
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, b := range blocks {
			for line := range strings.Lines(strings.ReplaceAll(b.Text, "\\\n", "")) {
				commandLine(t, b, strings.TrimSpace(line), string(makefile), address, s)
			}
		}
	})
}

// commandLine runs one command line of a block, or looks whether it could be run.
func commandLine(t *testing.T, b apitest.Block, line, makefile, address string, s apitest.Server) {
	t.Helper()
	program, _, _ := strings.Cut(line, " ")
	switch program {
	case "":
	case "make":
		target := strings.Fields(line)[1]
		if !regexp.MustCompile("(?m)^" + target + ":").MatchString(makefile) {
			t.Errorf("%s: there is no target %s", b, target)
		}
	case "export":
		name, _, _ := strings.Cut(strings.Fields(line)[1], "=")
		if name != "USAGEGRAPH_DATABASE" {
			t.Errorf("%s: nothing reads %s", b, name)
		}
	case "usagegraph":
		words := apitest.Arguments(t, line)
		var cli commands
		if _, err := kong.Must(&cli, variables).Parse(words); err != nil {
			t.Errorf("%s: %s: %v", b, line, err)
		}
		if words[0] == "serve" || words[0] == "sync" || words[0] == "import" {
			return // for ever, or of files that the reader has
		}
		if got := apitest.Run(t, address, "", words...); got.Failed {
			t.Errorf("%s: %s: %s", b, line, got.Stderr)
		}
	case "go":
		_, name, _ := strings.Cut(line, "-bench ")
		name, _, _ = strings.Cut(name, " ")
		if text, err := exec.CommandContext(t.Context(), "grep", "-hE", "^func Benchmark"+name, "-r", ".", "--include=*_test.go").Output(); err != nil || name == "" {
			t.Errorf("%s: %s: there is no benchmark %s: %v, %s", b, line, name, err, text)
		}
	case "cd":
		folder, script := strings.Fields(line)[1], regexp.MustCompile(`node (\S+)`).FindStringSubmatch(line)
		if _, err := os.Stat(filepath.Join(folder, script[1])); err != nil {
			t.Errorf("%s: %s: %v", b, line, err)
		}
	case "curl":
		if !strings.Contains(line, "http://127.0.0.1:8080") {
			return // of a billing system: TestReadmeRequests holds these
		}
		c := apitest.ParseCurl(t, strings.ReplaceAll(line, "http://127.0.0.1:8080", "http://localhost:8080"), s.Token)
		response, answer := apitest.Server{URL: s.URL}.Exchange(t, c.Method, c.Target, c.Body, c.Headers...)
		if response.StatusCode != 200 || strings.Contains(string(answer), `"errors"`) {
			t.Errorf("%s: %s is answered %s %s", b, line, response.Status, answer)
		}
	default:
		t.Errorf("%s: %s: the test does not know this", b, line)
	}
}

// TestReadme holds the README's example to its word, on the data of seed.
func TestReadme(t *testing.T) {
	blocks := apitest.BlocksOf(t, "README.md", "graphql", "json")
	if len(blocks) != 2 || blocks[0].Language != "graphql" {
		t.Fatal("README.md lacks a query and its answer, or has more")
	}
	query, want := blocks[0].Text, blocks[1].Text
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, seed.DemoCustomers)
		_, answer := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Ask(t, query)
		if apitest.Compact(t, answer) != apitest.Compact(t, []byte(want)) {
			t.Errorf("the README's query answers\n%s", answer)
		}
	})
}

// TestReadmeRequests holds the requests of the README to what a whole list needs.
func TestReadmeRequests(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	bodies := regexp.MustCompile(`(?s)customerBalances/list.*?-d '(.*?)'`).FindAllSubmatch(readme, -1)
	if len(bodies) != 2 {
		t.Fatalf("README.md has %d requests for balances", len(bodies))
	}
	want := map[string]any{
		"customer_id": "UUID", "include_contract_balances": true, "include_archived": true, "include_ledgers": true, "include_balance": true, "limit": 25.0,
	}
	for i, body := range bodies {
		var got map[string]any
		if err := json.Unmarshal(body[1], &got); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			want["next_page"] = "NEXT_PAGE"
		}
		if !maps.Equal(want, got) {
			t.Errorf("request %d asks for %v, want %v", i+1, got, want)
		}
	}
	grants := regexp.MustCompile(`(?s)curl[^\n]*'https://api.zenskar.com/entitlements/customers_balances\?populate=customer,contract,product,invoice&sort_key=id&limit=100(?:&cursor=NEXT)?' \\\n +-H "organisation: \$\w+" -H "x-api-key: \$\w+"`)
	if found := grants.FindAll(readme, -1); len(found) != 2 {
		t.Errorf("README.md has %d requests for grants", len(found))
	}
}
