package document_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestRefusalByRateHasCost holds that an operation which its token can't pay has its cost
// in the answer, and its name and cost in the log, like any other: also where the token
// can't even pay for the request, if the document is a known one. A dry run has them, too.
func TestRefusalByRateHasCost(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		var log bytes.Buffer
		web := httptest.NewServer(apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil)), "--rate-limit=1e-5", "--rate-burst=8")) // nothing comes back while the test runs
		s.URL = web.URL
		const six = `query Six { customers(first: 5) { nodes { id } } }`
		tests := []struct {
			query, only string
			status      int
			cost        string
			line        string
		}{
			{six, "only", 200, "6", `name=Six status=200 codes="" cost=1 statements=0 rows=0 path="" `},
			{six, "", 200, "6", `name=Six status=200 codes="" cost=6 statements=\d+ rows=\d+ path=engine `},
			{six, "", 429, "6", `name=Six status=429 codes=RATE_LIMITED cost=6 statements=0 rows=0 path="" `}, // of 1
			{`query One { __typename }`, "", 429, "0", `name="" status=429 codes=RATE_LIMITED cost=0 statements=0 rows=0 path="" `},
			{six, "", 429, "6", `name=Six status=429 codes=RATE_LIMITED cost=6 statements=0 rows=0 path="" `}, // of nothing
			{six, "only", 429, "6", `name=Six status=429 codes=RATE_LIMITED cost=1 statements=0 rows=0 path="" `},
		}
		for i, tt := range tests {
			status, answer := price(t, s, tt.query, tt.only)
			if status != tt.status || !strings.Contains(answer, `"extensions":{"cost":{"requested":`+tt.cost+`,"limit":100000},"requestId":`) || strings.Contains(answer, "retryAfter") != (tt.status == 429) {
				t.Errorf("request %d: %d %s", i, status, answer)
			}
		}
		web.Close() // the line is written after the answer
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != len(tests) {
			t.Fatalf("the log is %s", log.String())
		}
		for i, tt := range tests {
			if !regexp.MustCompile(tt.line).MatchString(lines[i]) {
				t.Errorf("line %d is %s, want %s", i, lines[i], tt.line)
			}
		}
	})
}

// price posts a query with a value of X-GraphQL-Cost, and returns the status and the whole
// answer.
func price(t testing.TB, s apitest.Server, query, only string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = apitest.Bearer(s.Token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(document.DryRun, only)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}
