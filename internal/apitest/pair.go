package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/engine"
	"github.com/usagegraph/usagegraph/models/token"
)

// Pair is the API twice over one database, for one token: with the read engine and
// without.
type Pair struct {
	Engine, Resolvers Server

	mu  sync.Mutex
	Why map[string]int // how many operations the engine left to the resolvers, and why
	N   int            // how many operations there were
}

// NewPair serves twice with a token that it makes of the row.
func NewPair(t testing.TB, db *gorm.DB, row token.APIToken) *Pair {
	t.Helper()
	bearer, hash := auth.NewToken()
	row.Hash = hash
	if err := token.Create(t.Context(), db, &row); err != nil {
		t.Fatal(err)
	}
	p := &Pair{Why: map[string]int{}}
	serve := func(flags ...string) Server {
		s := Settings(t, append(flags, "--max-cost=100000000", "--max-fields=2000", "--max-aliases=200", "--max-root-fields=50", "--max-depth=30")...)
		s.Took = func(_ context.Context, path, why string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.N++; path == engine.PathResolvers {
				p.Why[why]++
			}
		}
		handler, err := api.New(db, slog.New(slog.DiscardHandler), s, Runner(t, db, s))
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(handler)
		t.Cleanup(web.Close)
		return Server{web.URL, bearer}
	}
	p.Engine, p.Resolvers = serve("--engine=on"), serve("--engine=off")
	return p
}

// Declined is how many operations the engine did not answer.
func (p *Pair) Declined() (n int) {
	for _, times := range p.Why {
		n += times
	}
	return n
}

// Ask asks both and returns the answer, which must be the same.
func (p *Pair) Ask(t testing.TB, query string, variables map[string]any) (data json.RawMessage) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	_, got := p.Engine.Send(t, "POST", "/graphql", string(body))
	_, want := p.Resolvers.Send(t, "POST", "/graphql", string(body))
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
