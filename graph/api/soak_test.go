package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var soak = flag.Duration("soak", 0, "load the binary for so long")

const (
	soakConnections = 64
	soakCustomers   = 200
	soakMemory      = 400 << 10 // kB, the most that the process may have held
)

// soakQueries are what clients ask; %d is a customer. The first is the benchmark's
// largest, which is asked for seldom.
func soakQueries(t *testing.T) []string {
	return []string{
		apitest.Read(t, "a.graphql"),
		`{ customer(id: %d) { name sites(first: 10) { nodes { name } } balances(first: 10) { nodes { balance ledger(first: 10) { nodes { type amount timestamp } } } } entitlementBalances(first: 10) { nodes { name quantityRemaining } } } }`,
		`{ usageProductInventories(first: 1000) { nodes { id serviceId startDate endDate billable usageCapEnabled siteId usageProductId } pageInfo { endCursor hasNextPage } } }`,
		`{ customer(id: %d) { id name } }`,
		`{ customers(search: "%d", first: 5) { totalCount nodes { id name netBalance { balance settled pending } } } }`,
		`{ nodes(ids: ["Customer:%d", "Site:1", "Site:2", "UsageProductInventory:3"]) { id ... on Site { customer { name } } } }`,
		`{ balances(customerId: "%d", includeContractBalances: true) { nodes { id type balance breakdown { segments { sum } } } } }`,
		`{ inclusiveUsageBalances(customerId: "%d", first: 20, orderBy: {field: PERIOD_START_DATE, direction: DESC}) { nodes { id components { remaining usedRatio } } } }`,
	}
}

// soakHostile are bodies that must be refused.
var soakHostile = append(soakBombs(),
	``, `{`, `[]`, `{"query":1}`, `{"query":"{"}`, `{"query":"{ nothing }"}`, `{"query":"`+strings.Repeat(" ", 300<<10)+`"}`,
	`{"query":"{ customers(first: 2147483647) { nodes { id } } }"}`, `{"query":"{ customers(after: \"garbage\") { nodes { id } } }"}`,
	`{"query":"{ customers(updatedSince: 1e400) { totalCount } }"}`, `{"query":"mutation { drop }"}`,
	`{"query":"{ customers(filter: `+strings.Repeat("{not: ", 50)+`{}`+strings.Repeat("}", 50)+`) { totalCount } }"}`,
)

// soakBombs are documents that are small and amount to much: fragments that spread
// each other 2^40 times, selections that are deep, and many.
func soakBombs() (bodies []string) {
	bomb := "{ ...F0 } fragment F40 on Query { __typename }"
	for n := range 40 {
		bomb += fmt.Sprintf(" fragment F%d on Query { ...F%d ...F%d }", n, n+1, n+1)
	}
	nested := strings.Repeat("sites(first: 1000) { nodes { customer { ", 5)
	for _, query := range []string{
		bomb,
		"{ customers { nodes { " + strings.Repeat("sites { nodes { customer { ", 300) + "id" + strings.Repeat(" } } }", 300) + " } } }",
		"{ customers { nodes { " + nested + "id" + strings.Repeat(" } } }", 5) + " } } }",
		"{ " + strings.Repeat("__typename ", 3000) + "}",
		"{ " + strings.Repeat("a: __typename ", 1000) + "}",
	} {
		body, _ := json.Marshal(map[string]string{"query": query}) // texts always marshal
		bodies = append(bodies, string(body))
	}
	return bodies
}

// TestSoak loads the binary with many clients, some of them hostile: it refuses
// operations at worst, and its memory stays bounded.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("make soak runs it")
	}
	address := modelstest.Postgres(t)
	db := modelstest.Open(t, address)
	apitest.Seeded(t, db, soakCustomers)
	p := apitest.StartServe(t, address)
	p.Token = apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Token
	l := &soakLoad{
		Server: p.Server, queries: soakQueries(t), codes: map[string]int{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: soakConnections}},
	}
	ctx, cancel := context.WithTimeout(t.Context(), *soak)
	defer cancel()
	var clients sync.WaitGroup
	for n := range uint64(soakConnections) {
		clients.Go(func() { l.run(ctx, t, rand.New(rand.NewPCG(n, 1))) })
	}
	clients.Wait()
	peak := peakMemory(t, p.Command.Process.Pid)
	slices.Sort(l.took)
	at := func(part float64) time.Duration {
		return l.took[int(part*float64(len(l.took)-1))].Round(time.Millisecond)
	}
	t.Logf("%.0f requests/s, p50 %s, p99 %s, longest %s, peak memory %d MB, answers: %v",
		float64(len(l.took))/soak.Seconds(), at(.5), at(.99), at(1), peak>>10, l.codes)
	if peak > soakMemory {
		t.Errorf("the process held %d kB, more than %d", peak, soakMemory)
	}
	p.Stop(t)
	p.Wait(t)
}

// soakLoad is a load of many clients, and what became of it.
type soakLoad struct {
	apitest.Server
	client  *http.Client
	queries []string

	mu    sync.Mutex
	took  []time.Duration
	codes map[string]int // statuses and codes
}

// run asks again and again: of 100 requests 5 are hostile, 1 is the largest query, and
// 1 is of a client that soon goes away.
func (l *soakLoad) run(ctx context.Context, t *testing.T, random *rand.Rand) {
	for ctx.Err() == nil {
		body, hostile, patience := "", false, time.Minute
		switch dice := random.IntN(100); {
		case dice < 5:
			body, hostile = soakHostile[random.IntN(len(soakHostile))], true
		case dice < 6:
			body = l.body(l.queries[0], random)
		case dice < 7:
			body, patience = l.body(l.queries[0], random), 50*time.Millisecond
		default:
			body = l.body(l.queries[1+random.IntN(len(l.queries)-1)], random)
		}
		start := time.Now()
		status, code, err := l.try(t, body, patience)
		took := time.Since(start)
		if err != nil && patience < time.Minute {
			status, code = 0, "went away"
		} else if err != nil {
			t.Error(err)
			return
		}
		if status >= 500 && status != http.StatusServiceUnavailable || code == "INTERNAL_SERVER_ERROR" || !hostile && status >= 200 && status != http.StatusServiceUnavailable && code != "" || hostile && code == "" {
			t.Errorf("%d %s: %.200s", status, code, body)
		}
		l.mu.Lock()
		l.took = append(l.took, took)
		l.codes[strings.TrimSpace(fmt.Sprint(status, " ", code))]++
		l.mu.Unlock()
	}
}

// body is a request for a query of some customer.
func (l *soakLoad) body(query string, random *rand.Rand) string {
	query = strings.ReplaceAll(query, "%d", strconv.Itoa(1+random.IntN(soakCustomers)))
	body, _ := json.Marshal(map[string]string{"query": query}) // texts always marshal
	return string(body)
}

// firstError finds the code of an answer's first error, without parsing large answers.
var firstError = regexp.MustCompile(`^\{"errors":\[.*?"code":"([A-Z_]+)"`)

// try posts a body and returns the status and the code of the first error.
func (l *soakLoad) try(t *testing.T, body string, patience time.Duration) (status int, code string, err error) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "POST", l.URL+"/graphql", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+l.Token)
	response, err := l.client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if found := firstError.FindSubmatch(answer); found != nil {
		code = string(found[1])
	}
	return response.StatusCode, code, err
}

// peakMemory is the most that a process has held in memory, in kB.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		t.Fatalf("no VmHWM in %s", status)
	}
	peak, err := strconv.Atoi(string(fields[0]))
	if err != nil {
		t.Fatal(err)
	}
	return peak
}
