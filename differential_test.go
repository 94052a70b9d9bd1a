package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/engine"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

var differentialCases = flag.Int("differential-cases", 200, "how many random operations both the engine and the resolvers answer")

// pair is the API twice over one database, for one token: with the read engine and
// without.
type pair struct {
	engine, resolvers server

	mu  sync.Mutex
	why map[string]int // how many operations the engine left to the resolvers, and why
	n   int            // how many operations there were
}

func newPair(t testing.TB, db *gorm.DB, row models.APIToken) *pair {
	t.Helper()
	token, hash := auth.NewToken()
	row.Hash = hash
	if err := models.CreateToken(t.Context(), db, &row); err != nil {
		t.Fatal(err)
	}
	p := &pair{why: map[string]int{}}
	serve := func(flags ...string) server {
		s := flagged(t, append(flags, "--max-cost=100000000", "--max-fields=2000", "--max-aliases=200", "--max-root-fields=50", "--max-depth=30")...)
		s.Took = func(_ context.Context, path, why string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.n++; path == engine.PathResolvers {
				p.why[why]++
			}
		}
		handler, err := api.New(db, slog.New(slog.DiscardHandler), s, runner(t, db, s))
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(handler)
		t.Cleanup(web.Close)
		return server{web.URL, token}
	}
	p.engine, p.resolvers = serve("--engine=on"), serve("--engine=off")
	return p
}

// declined is how many operations the engine did not answer.
func (p *pair) declined() (n int) {
	for _, times := range p.why {
		n += times
	}
	return n
}

// ask asks both and returns the answer, which must be the same.
func (p *pair) ask(t testing.TB, query string, variables map[string]any) (data json.RawMessage) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	_, got := p.engine.send(t, "POST", "/graphql", string(body))
	_, want := p.resolvers.send(t, "POST", "/graphql", string(body))
	data, problems := essence(t, got)
	wanted, wantedProblems := essence(t, want)
	if string(data) != string(wanted) || !slices.Equal(problems, wantedProblems) {
		at := 0
		for at < min(len(data), len(wanted)) && data[at] == wanted[at] {
			at++
		}
		t.Errorf("%s\nat byte %d the engine answers\n%.300s %q\nand the resolvers\n%.300s %q", body, at,
			data[max(0, at-100):], problems, wanted[max(0, at-100):], wantedProblems)
	}
	return data
}

// What differs from one request to the next: the request's ID, in the message of an
// internal error, and the present instant, as of which a figure is.
var (
	requestID = regexp.MustCompile(`request [^ ]+`)
	present   = regexp.MustCompile(`_(asOf|at)":"[^"]*"`)
)

// essence is the data of an answer, and its errors.
func essence(t testing.TB, answer []byte) (json.RawMessage, []string) {
	t.Helper()
	var body struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		t.Fatalf("%v: %.300s", err, answer)
	}
	var problems []string
	for _, e := range body.Errors {
		problems = append(problems, fmt.Sprint(e.Path, e.Extensions.Code, requestID.ReplaceAllString(e.Message, "")))
	}
	return present.ReplaceAll(body.Data, nil), problems
}

// tokensOf are tokens that read differently.
var tokensOf = []models.APIToken{
	{AllCustomers: true},
	{Customers: []models.CustomerID{1, 2}},
	{AllCustomers: true, Scopes: []string{"inventory", "usage"}},
}

// TestDifferential asks the engine and the resolvers random operations: all that
// the schema has, hostile values among it. Their answers are the same, to the byte.
func TestDifferential(t *testing.T) {
	for name, fill := range map[string]func(testing.TB, *gorm.DB){
		"samples": samples,
		"seeded":  func(t testing.TB, db *gorm.DB) { seeded(t, db, 12) },
	} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				fill(t, db)
				for i, token := range tokensOf {
					p := newPair(t, db, token)
					g := newGenerator(t, uint64(i))
					g.learn(p.ask(t, g.survey(), nil))
					cases := max(1, *differentialCases/len(tokensOf)/2)
					for range cases {
						query, variables := g.operation()
						g.learn(p.ask(t, query, variables))
						if len(variables) > 0 {
							g.learn(p.ask(t, query, g.others()))
						}
					}
					t.Logf("token %d: the engine answered %d of %d: %v", i, p.n-p.declined(), p.n, p.why)
					if i == 0 && p.declined() > p.n/2 {
						t.Errorf("the engine left %d of %d to the resolvers: %v", p.declined(), p.n, p.why)
					}
				}
			})
		})
	}
}

// TestDifferentialCorpus asks both the operations of the documentation and of the
// golden answers.
func TestDifferentialCorpus(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, file := range append(files, "README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(string(text), "```graphql\n")[1:] {
			query, _, _ := strings.Cut(block, "```")
			queries = append(queries, query)
		}
	}
	for _, name := range []string{"a.graphql", "account.graphql", "everything.graphql"} {
		queries = append(queries, read(t, name))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		for _, token := range tokensOf {
			p := newPair(t, db, token)
			for _, query := range queries {
				p.ask(t, query, nil)
			}
		}
	})
}
