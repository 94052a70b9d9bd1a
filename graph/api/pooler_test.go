package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

var pooler = flag.Bool("pooler", false, "ask through PgBouncer")

const (
	poolerRequests = 2000
	poolerClients  = 16
	poolerBackends = 3 // fewer than the connections to the pooler, so that they change
)

// poolerQueries are what is asked; %d is a customer.
func poolerQueries(t *testing.T) (queries []string) {
	for _, query := range append(soakQueries(t), apitest.Read(t, "account.graphql"), `{ customers { totalCount nodes { id externalIds { system value } } } }`,
		`{ lowBalances(first: 5) { totalCount nodes { __typename } } }`) {
		for customer := range 3 {
			text := strings.ReplaceAll(query, "%d", fmt.Sprint(customer+1))
			queries = append(queries, text)
			if text == query {
				break
			}
		}
	}
	return queries
}

// TestPooler asks through PgBouncer in transaction mode, which ignores prepared
// statements, what was asked without: no answer differs, whoever else asks meanwhile.
func TestPooler(t *testing.T) {
	if !*pooler {
		t.Skip("make e2e runs it")
	}
	postgres := modelstest.NewServer(t)
	db := modelstest.Open(t, postgres.Address())
	apitest.Seeded(t, db, 25)
	queries := poolerQueries(t)
	var asked []pooledRequest
	through := postgres.Pooler(poolerBackends)
	for _, row := range []token.APIToken{
		{AllCustomers: true}, {Customers: []scalar.CustomerID{1, 2}}, {Customers: []scalar.CustomerID{3}}, {Customers: []scalar.CustomerID{2}, Scopes: []string{"inventory", "balances"}},
	} {
		s := apitest.NewServer(t, db, row)
		for _, engine := range []string{"on", "off"} {
			pooled := apitest.NewServer(t, modelstest.Open(t, through), row, "--engine", engine)
			for _, query := range queries {
				status, want := s.Ask(t, query)
				asked = append(asked, pooledRequest{pooled, query, fmt.Sprint(status, " ", string(want))})
			}
		}
	}
	var next, failed atomic.Int64
	var clients sync.WaitGroup
	for range poolerClients {
		clients.Go(func() {
			for n := next.Add(1) - 1; n < poolerRequests; n = next.Add(1) - 1 {
				// The step has no factor in common with their number, so that neighbours differ.
				if !asked[n*7919%int64(len(asked))].isAnswered(t) {
					failed.Add(1)
				}
			}
		})
	}
	clients.Wait()
	t.Logf("%d requests, %d failed", poolerRequests, failed.Load())
	if failed.Load() > 0 {
		t.Errorf("%d requests failed", failed.Load())
	}
}

// pooledRequest is a request through a pooler, and the answer without.
type pooledRequest struct {
	apitest.Server
	query, want string
}

// isAnswered asks, and returns false for an answer with an error of its own. Any other
// must be that without a pooler.
func (r pooledRequest) isAnswered(t *testing.T) bool {
	status, answer := r.Ask(t, r.query)
	if got := fmt.Sprint(status, " ", string(answer)); got == r.want {
		return true
	} else if code := codeOf(answer); code == "UNAVAILABLE" || code == "INTERNAL_SERVER_ERROR" {
		t.Logf("%.200s: %.300s", r.query, got)
		return false
	} else {
		t.Errorf("%s\nanswers\n%.2000s\nnot\n%.2000s", r.query, got, r.want)
		return true
	}
}

// codeOf is the code of an answer's first error.
func codeOf(answer []byte) string {
	var parsed struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if json.NewDecoder(bytes.NewReader(answer)).Decode(&parsed) != nil || len(parsed.Errors) == 0 {
		return ""
	}
	return parsed.Errors[0].Extensions.Code
}

// TestPoolerCommands holds that what writes works through a pooler, too.
func TestPoolerCommands(t *testing.T) {
	if !*pooler {
		t.Skip("make e2e runs it")
	}
	postgres := modelstest.NewServer(t)
	postgres.Address()
	through := postgres.Pooler(poolerBackends)
	for _, args := range []string{
		"seed --customers 3", "import customers testdata/samples/elevate-customers.json", "import sites testdata/samples/elevate-sites.json --replace",
		"import customers testdata/samples/elevate-customers.json", "import balances testdata/samples/metronome-list-balances.json --customer 1",
		"token create --name x --all-customers", "token list", "token revoke 1", "check",
	} {
		if r := apitest.RunIn(t, apitest.Root(), through, "", strings.Fields(args)...); r.Failed {
			t.Errorf("%s: %s", args, r.Stderr)
		}
	}
}

// TestConflicts holds that an operation whose statements a standby ends for its recovery
// has its data all the same, or the answer says that the database can't serve now.
func TestConflicts(t *testing.T) {
	address := modelstest.Postgres(t)
	apitest.Seeded(t, modelstest.Open(t, address), 5)
	backends := modelstest.NewBackends(t, address, 2)
	for _, engine := range []string{"on", "off"} {
		s := apitest.NewServer(t, modelstest.Open(t, backends.Address), token.APIToken{AllCustomers: true}, "--engine", engine)
		_, want := s.Ask(t, faultQuery)
		for _, severity := range []string{"ERROR", "FATAL"} {
			for n := range 40 {
				backends.Fake(n, severity, "40001")
				_, got := s.Ask(t, faultQuery)
				if code := codeOf(got); code != "UNAVAILABLE" && !bytes.Equal(got, want) {
					t.Errorf("engine %s, %d × %s: %s", engine, n, severity, got)
				} else if n <= 1 && code != "" {
					t.Errorf("engine %s, %d × %s: it is not read again", engine, n, severity)
				}
			}
		}
		backends.Fake(0, "", "")
	}
}
