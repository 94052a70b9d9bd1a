package admission_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// count is the value of a series of /metrics, 0 if there is none.
func count(t *testing.T, s apitest.Server, series string) string {
	t.Helper()
	_, text := s.Send(t, "GET", "/metrics", "")
	if found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(series) + ` (\S+)$`).FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return "0"
}

// isQuiet holds that nothing of what was done was an error of ours.
func isQuiet(t *testing.T, s apitest.Server, what string, log *apitest.Log) {
	t.Helper()
	if strings.Contains(log.String(), "level=ERROR") || strings.Contains(log.String(), "INTERNAL") {
		t.Errorf("%s: the log is %s", what, log)
	}
	for _, code := range []string{"INTERNAL_SERVER_ERROR", "UNAVAILABLE", "TIMEOUT"} {
		if n := count(t, s, `usagegraph_operation_errors_total{code="`+code+`"}`); n != "0" {
			t.Errorf("%s: %s operations had %s", what, n, code)
		}
	}
}

// TestRevokedTokenIsQuiet holds that the next request of a token that is revoked, or over,
// is refused for that, and is no error of ours.
func TestRevokedTokenIsQuiet(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		for _, engine := range []string{"on", "off"} {
			s, log := apitest.ServeWithLog(t, db, "--engine="+engine)
			for _, query := range []string{"{ customers { nodes { id sites { nodes { id } } } } }", "{ __typename }", "{ netBalance(customerId: 1) { balance } }", "{ nothing }"} {
				s.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
				for range 2 {
					if status, answer := s.Ask(t, "{ customers { totalCount } }"); status != http.StatusOK {
						t.Fatalf("%d %s", status, answer)
					}
				}
				if err := db.Exec("UPDATE api_tokens SET revoked_at = created_at").Error; err != nil {
					t.Fatal(err)
				}
				for range 2 {
					if status, answer := s.Ask(t, query); status != http.StatusUnauthorized || strings.Contains(string(answer), "data") {
						t.Errorf("%s, revoked: %d %s", query, status, answer)
					}
				}
			}
			isQuiet(t, s, "engine "+engine, log)
			if n := count(t, s, `usagegraph_refusals_total{reason="revoked_token"}`); n != "8" {
				t.Errorf("engine %s: %s refusals of revoked tokens", engine, n)
			}
		}
	})
}

// TestHangingUpIsQuiet holds that a client that hangs up, before its statements or amid
// them, is no error of ours.
func TestHangingUpIsQuiet(t *testing.T) {
	const query = `{ customers(first: 60) { nodes { sites(first: 3) { nodes { usageProductInventories(first: 3) { totalCount nodes { inclusiveUsageBalances(first: 4) { nodes { components { remaining } } } } } } } balances(first: 4) { nodes { balance } } } } lowBalances(usedRatio: 0.1) { totalCount } }`
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 60)
		for _, engine := range []string{"on", "off"} {
			s, log := apitest.ServeWithLog(t, db, "--engine="+engine)
			s.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
			if status, answer := s.Ask(t, query); status != http.StatusOK || strings.Contains(string(answer), "errors") {
				t.Fatalf("%d %.500s", status, answer)
			}
			hungUp := 0
			for after := time.Duration(0); after < 60*time.Millisecond; after += 2 * time.Millisecond {
				ctx, cancel := context.WithTimeout(t.Context(), after)
				request, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/graphql", bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				request.Header = apitest.Bearer(s.Token)
				request.Header.Set("Content-Type", "application/json")
				response, err := http.DefaultClient.Do(request)
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
				if cancel(); err != nil {
					hungUp++
				}
			}
			apitest.Eventually(t, "all have ended", func() bool { return count(t, s, "usagegraph_operations_running") == "0" })
			if n := count(t, s, `usagegraph_operation_errors_total{code="CANCELED"}`); hungUp < 5 || n == "0" {
				t.Errorf("engine %s: %d hung up, %s were seen to", engine, hungUp, n)
			}
			isQuiet(t, s, "engine "+engine, log)
		}
	})
}

// TestRefusalsAreCounted holds that /metrics has each reason, from 0 on.
func TestRefusalsAreCounted(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s, _ := apitest.ServeWithLog(t, db, "--rate-limit=1e-5", "--rate-burst=1")
	s.Ask(t, "{ __typename }")
	s.Token = "ug_unknown"
	s.Ask(t, "{ __typename }")
	s.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	s.Ask(t, "{ __typename }")
	s.Ask(t, "{ __typename }")
	for reason, want := range map[string]string{
		"no_token": "1", "unknown_token": "1", "rate_limit": "1", "revoked_token": "0", "expired_token": "0", "wrong_jwt": "0", "expired_jwt": "0",
		"many_wrong_tokens": "0", "changed_token": "0", "no_lookup": "0", "busy": "0", "stopping": "0",
	} {
		if _, text := s.Send(t, "GET", "/metrics", ""); !strings.Contains(string(text), `usagegraph_refusals_total{reason="`+reason+`"} `+want+"\n") {
			t.Errorf("%s is not %s", reason, want)
		}
	}
}
