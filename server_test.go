package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/operation"
	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// server is the whole API over a database, with a token.
type server struct{ url, token string }

// newServer serves with the flags of the serve command.
func newServer(t testing.TB, db *gorm.DB, row models.APIToken, flags ...string) server {
	t.Helper()
	token, hash := auth.NewToken()
	row.Hash = hash
	if err := models.CreateToken(t.Context(), db, &row); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler(t, db, slog.New(slog.DiscardHandler), flags...))
	t.Cleanup(s.Close)
	return server{s.URL, token}
}

// flagged are the settings of the serve command's flags.
func flagged(t testing.TB, flags ...string) (s api.Settings) {
	t.Helper()
	if _, err := kong.Must(&s, kong.Vars(api.Variables())).Parse(flags); err != nil {
		t.Fatal(err)
	}
	return s
}

// handler is the whole API with the flags of the serve command.
func handler(t testing.TB, db *gorm.DB, log *slog.Logger, flags ...string) http.Handler {
	t.Helper()
	handler, _ := handlerOf(t, db, log, flags...)
	return handler
}

// handlerOf is handler, and what runs its operations.
func handlerOf(t testing.TB, db *gorm.DB, log *slog.Logger, flags ...string) (http.Handler, *operation.Runner) {
	t.Helper()
	settings := flagged(t, flags...)
	operations := runner(t, db, settings)
	handler, err := api.New(db, log, settings, operations)
	if err != nil {
		t.Fatal(err)
	}
	return handler, operations
}

func runner(t testing.TB, db *gorm.DB, s api.Settings) *operation.Runner {
	t.Helper()
	operations, err := operation.New(s.Operations, db)
	if err != nil {
		t.Fatal(err)
	}
	return operations
}

// ask posts a query and returns the status and the body, without the extensions of
// the answer, which are not of the data.
func (s server) ask(t testing.TB, query string) (int, []byte) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := s.send(t, "POST", "/graphql", string(body))
	return status, bare(answer)
}

// bare is an answer without its extensions, which are the last of it and differ
// from one request to the next.
func bare(answer []byte) []byte {
	if at := bytes.LastIndex(answer, []byte(`"extensions":{`)); bytes.HasSuffix(answer, []byte("}}")) && at > 0 {
		answer = append(bytes.TrimSuffix(answer[:at], []byte(",")), '}')
	}
	return answer
}

// send sends a request as it is, as JSON, and returns the status and the body
// without its extensions, which tell of the request and not of the data.
func (s server) send(t testing.TB, method, target, body string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, bytes.TrimSpace(answer)
}

// samples imports the payloads of testdata/samples: what the reference documents
// of the billing systems show.
func samples(t testing.TB, db *gorm.DB) {
	t.Helper()
	for _, file := range []struct{ kind, name, customer, as string }{
		{kind: "customers", name: "elevate-customers"},
		{kind: "sites", name: "elevate-sites"},
		{kind: "usage-product-inventories", name: "elevate-usage-product-inventories"},
		{kind: "usage-products", name: "elevate-usage-products"},
		{kind: "bill-runs", name: "elevate-bill-runs"},
		{kind: "inclusive-usage-balances", name: "elevate-inclusive-usage-balances"},
		{kind: "inclusive-usage-plans", name: "elevate-inclusive-usage-plans"},
		{kind: "invoices", name: "metronome-invoices"},
		{kind: "balances", name: "metronome-list-balances", customer: "1"},
		{kind: "entitlement-balances", name: "zenskar-customers-balances", customer: "1", as: "zenskar:zk-cust-1"},
	} {
		content, err := os.Open(filepath.Join("testdata", "samples", file.name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		if _, err := ingest.File(t.Context(), db, file.name, content, ingest.Options{Kind: file.kind, Customer: file.customer, As: file.as}); err != nil {
			t.Fatal(err)
		}
	}
}

// golden compares an answer with the file, whitespace aside.
func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	indented.WriteByte('\n')
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, indented.Bytes()) {
		t.Errorf("the answer differs from %s:\n%s", path, indented.Bytes())
	}
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSamples imports the samples and asks for a customer's whole account.
func TestSamples(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		s := newServer(t, db, models.APIToken{AllCustomers: true}, "--max-root-fields=30", "--max-fields=1000")
		status, answer := s.ask(t, read(t, "account.graphql"))
		if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		golden(t, "account.json", answer)
		_, answer = s.ask(t, read(t, "everything.graphql"))
		golden(t, "everything.json", answer)
	})
}

// TestReadme holds the README's example to its word, on the data of seed.
func TestReadme(t *testing.T) {
	blocks := blocksOf(t, "README.md", "graphql", "json")
	if len(blocks) != 2 || blocks[0].language != "graphql" {
		t.Fatal("README.md lacks a query and its answer, or has more")
	}
	query, want := blocks[0].text, blocks[1].text
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seeded(t, db, seed.DemoCustomers)
		_, answer := newServer(t, db, models.APIToken{AllCustomers: true}).ask(t, query)
		if compact(t, answer) != compact(t, []byte(want)) {
			t.Errorf("the README's query answers\n%s", answer)
		}
	})
}

func compact(t testing.TB, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return b.String()
}

func TestToken(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		past := models.Now() - 1
		for _, tt := range []struct {
			name string
			row  models.APIToken
			want int
		}{
			{"good", models.APIToken{Name: "good", AllCustomers: true}, http.StatusOK},
			{"no customers", models.APIToken{}, http.StatusOK},
			{"expired", models.APIToken{AllCustomers: true, ExpiresAt: &past}, http.StatusUnauthorized},
			{"revoked", models.APIToken{AllCustomers: true, RevokedAt: &past}, http.StatusUnauthorized},
		} {
			if status, answer := newServer(t, db, tt.row).ask(t, "{ customers { totalCount } }"); status != tt.want {
				t.Errorf("%s: status %d, want %d: %s", tt.name, status, tt.want, answer)
			}
		}
		s := newServer(t, db, models.APIToken{Name: "to be revoked", AllCustomers: true})
		if status, answer := s.ask(t, "{ customers { totalCount } }"); status != http.StatusOK {
			t.Fatalf("before it is revoked: %d, %s", status, answer)
		}
		tokens, err := models.Tokens(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := models.RevokeToken(t.Context(), db, tokens[len(tokens)-1].ID, models.Now()); err != nil || !found {
			t.Fatal(found, err)
		}
		for _, token := range []string{"", "wrong", s.token} {
			s.token = token
			for _, document := range []string{"this is not GraphQL", "{ customers { totalCount } }", "{ customers { nodes { netBalance { asOf } } } }"} {
				status, answer := s.ask(t, document)
				if status != http.StatusUnauthorized || !strings.Contains(string(answer), `"code":"UNAUTHENTICATED"`) || strings.Contains(string(answer), "data") {
					t.Errorf("token %q, %s: status %d, %s", token, document, status, answer)
				}
			}
		}
		if found, err := models.RevokeToken(t.Context(), db, 999, models.Now()); err != nil || found {
			t.Error("a token that is not there was revoked")
		}
	})
}

// TestRequests refuses what is no GraphQL request, and numbers that no argument
// can hold.
func TestRequests(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := newServer(t, db, models.APIToken{AllCustomers: true})
	for body, want := range map[string]string{
		``: "BAD_REQUEST", `{`: "BAD_REQUEST", `[]`: "BAD_REQUEST", `1`: "BAD_REQUEST", `null`: "BAD_REQUEST", `{}`: "BAD_REQUEST",
		`{"query":1}`: "BAD_REQUEST", `{"query":"{__typename}","variables":[]}`: "BAD_REQUEST", `{"query":"{__typename}","variables":NaN}`: "BAD_REQUEST",
		`{"query":"{__typename}"} x`: "BAD_REQUEST", "{\"query\":\"{__typename}\",\"operationName\":\"\xff\xfe\"}": "BAD_REQUEST", `{"query":"` + strings.Repeat(" ", 300_000) + `"}`: "QUERY_TOO_LARGE",
		`{"query":"{customers(updatedSince: 1e400) { totalCount }}"}`:                                              "BAD_USER_INPUT",
		`{"query":"{customers(updatedSince: 99999999999999999999) { totalCount }}"}`:                               "BAD_USER_INPUT",
		`{"query":"{...F} fragment F on Query {balance(id: 1) { balance(asOf: -1e400) }}"}`:                        "BAD_USER_INPUT",
		`{"query":"{entitlementBalances(filter: {quantity: {in: 1}}) { totalCount }}"}`:                            "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query($i: Boolean = true) {customers @include(if: $i) { totalCount }}","variables":{"i":null}}`: "GRAPHQL_VALIDATION_FAILED",
		`{"query":"query($t: DateTime) {customers(updatedSince: $t) { totalCount }}","variables":{"t":1e400}}`:     "BAD_USER_INPUT",
	} {
		_, answer := s.send(t, "POST", "/graphql", body)
		if !strings.Contains(string(answer), `"code":"`+want+`"`) || len(answer) > 500 {
			t.Errorf("%.80s: %s, want %s", body, answer, want)
		}
	}
}

// TestTransport refuses other methods and other bodies, with a code.
func TestTransport(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := newServer(t, db, models.APIToken{AllCustomers: true})
	for _, tt := range []struct {
		method, path, kind string
		want               int
	}{
		{"POST", "/graphql", "application/json; charset=utf-8", http.StatusOK}, {"POST", "/graphql", "application/json; charset=utf8", http.StatusOK},
		{"POST", "/graphql/", "application/json", http.StatusOK}, {"POST", "/graphql/x", "application/json", http.StatusNotFound},
		{"POST", "/graphql", "", http.StatusUnsupportedMediaType}, {"POST", "/graphql/", "", http.StatusUnsupportedMediaType},
		{"POST", "/graphql", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType}, {"PUT", "/graphql", "application/json", http.StatusMethodNotAllowed},
	} {
		request, err := http.NewRequestWithContext(t.Context(), tt.method, s.url+tt.path, strings.NewReader(`{"query":"{__typename}"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+s.token)
		request.Header.Set("Content-Type", tt.kind)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(response.Body)
		response.Body.Close()
		refused := tt.want != http.StatusOK && tt.want != http.StatusNotFound
		if response.StatusCode != tt.want || strings.Contains(string(answer), `"code":"BAD_REQUEST"`) != refused {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.kind, response.StatusCode, answer)
		}
	}
}

// TestOperationNames holds what is answered where operationName names none of a
// document's operations.
func TestOperationNames(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, engine := range []string{"on", "off"} {
			s := newServer(t, db, models.APIToken{AllCustomers: true}, "--engine="+engine)
			for body, want := range map[string]string{
				`{"query":"query A {__typename} query B {__typename}"}`:                      "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":""}`:   "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":null}`: "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":"C"}`:  `operation \"C\" is not in the document`,
				`{"query":"query A {__typename} query B {__typename}","operationName":"a"}`:  `operation \"a\" is not in the document`,
				`{"query":"{__typename}","operationName":"A"}`:                               `operation \"A\" is not in the document`,
			} {
				status, answer := s.send(t, "POST", "/graphql", body)
				if status != 200 || !strings.Contains(string(answer), want+`","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}`) {
					t.Errorf("%s: %d %s, want %s", body, status, answer, want)
				}
			}
			if _, answer := s.send(t, "POST", "/graphql", `{"query":"query A {__typename} query B {b: __typename}","operationName":"B"}`); !strings.Contains(string(answer), `{"b":"Query"}`) {
				t.Errorf("B is answered %s", answer)
			}
		}
	})
}

// TestSurrogates refuses halves of surrogate pairs in documents and variables, and takes
// pairs in all ways to write them.
func TestSurrogates(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		for _, engine := range []string{"on", "off"} {
			s := newServer(t, db, models.APIToken{AllCustomers: true}, "--engine="+engine)
			for literal, code := range map[string]string{
				`"\\uD83D x"`: "GRAPHQL_PARSE_FAILED", `"\\uDE00"`: "GRAPHQL_PARSE_FAILED", `"\\u{D83D}"`: "GRAPHQL_PARSE_FAILED", `"\uD83D x"`: "GRAPHQL_PARSE_FAILED", `"""\uD83D"""`: "GRAPHQL_PARSE_FAILED", `"""a""""`: "GRAPHQL_PARSE_FAILED",
				`"\\uD83D\\uDE00"`: "", `"\\u{1F600}"`: "", `"\uD83D\uDE00"`: "", `"""\uD83D\uDE00"""`: "", `"😀"`: "", `"""\\uD83D"""`: "",
			} {
				body := `{"query":"{ customers(search: ` + strings.ReplaceAll(literal, `"`, `\"`) + `) { totalCount } }"}`
				_, answer := s.send(t, "POST", "/graphql", body)
				if !strings.Contains(string(answer), `"code":"`+code+`"`) && (code != "" || !strings.Contains(string(answer), `{"totalCount":0}`)) {
					t.Errorf("%s: %s, want %s", body, answer, code)
				}
			}
			for value, wrong := range map[string]bool{
				`"\uD83D x"`: true, `"\uDE00"`: true, `"\ude00\ud83d"`: true, `["\uD83D"]`: true, `{"\uD83D":1}`: true, `"\uD83D\uDE00"`: false, `"\\uD83D"`: false, `"\ufffd"`: false,
			} {
				body := `{"query":"query($text: String) { customers(search: $text) { totalCount } }","variables":{"text":` + value + `}}`
				if strings.HasPrefix(value, "{") {
					body = `{"query":"query($filter: CustomerFilter) { customers(filter: $filter) { totalCount } }","variables":{"filter":` + value + `}}`
				}
				_, answer := s.send(t, "POST", "/graphql", body)
				if strings.Contains(string(answer), `"code":"GRAPHQL_VALIDATION_FAILED"`) != wrong || !utf8.Valid(answer) {
					t.Errorf("%s: %s, wrong: %t", body, answer, wrong)
				}
			}
		}
	})
}

// TestNullDirection takes null for a direction as if it were not there.
func TestNullDirection(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seeded(t, db, 3)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		_, want := s.ask(t, `{customers(orderBy: {field: NAME}) {nodes {name}}}`)
		if _, got := s.ask(t, `{customers(orderBy: {field: NAME, direction: null, nulls: null}) {nodes {name}}}`); !bytes.Equal(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestContractOfTwoCustomers holds that a contract which rows of two customers name
// shows to its own only, and nothing of what the other calls it.
func TestContractOfTwoCustomers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		load(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`)
		load(t, db, "entitlement-balances", "1", `[{"id": "a", "quantity": 1, "contract": {"id": "K"}}]`)
		load(t, db, "entitlement-balances", "2", `[{"id": "b", "quantity": 1, "contract": {"id": "K", "name": "secret of 2"}}]`)
		load(t, db, "entitlement-balances", "", `[{"id": "c", "quantity": 1, "customer": 1, "contract": {"id": "L"}}, {"id": "d", "quantity": 1, "customer": 2, "contract": {"id": "L", "name": "secret of 2"}}]`)
		one := newServer(t, db, models.APIToken{Customers: []models.CustomerID{1}})
		two := newServer(t, db, models.APIToken{Customers: []models.CustomerID{2}})
		const query = `{ contracts { nodes { id name } } entitlementBalances(first: 1) { nodes { contractId contract { id } } } }`
		for _, tt := range []struct {
			s    server
			want string
		}{
			{one, `{"data":{"contracts":{"nodes":[{"id":"Contract:K","name":null},{"id":"Contract:L","name":null}]},"entitlementBalances":{"nodes":[{"contractId":"Contract:K","contract":{"id":"Contract:K"}}]}}}`},
			{two, `{"data":{"contracts":{"nodes":[]},"entitlementBalances":{"nodes":[{"contractId":"Contract:K","contract":null}]}}}`},
		} {
			if _, answer := tt.s.ask(t, query); strings.TrimSpace(string(answer)) != tt.want {
				t.Errorf("got  %s\nwant %s", answer, tt.want)
			}
		}
	})
}

// TestErrorsAreTold once in the log, in the order of the answer and at most 20,
// whatever the number of parents; an unexpected one is masked.
func TestErrorsAreTold(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seeded(t, db, 25)
		var log bytes.Buffer
		token, hash := auth.NewToken()
		if err := models.CreateToken(t.Context(), db, &models.APIToken{Hash: hash, AllCustomers: true}); err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(handler(t, db, slog.New(slog.NewTextHandler(&log, nil))))
		t.Cleanup(web.Close)
		s := server{web.URL, token}
		if err := db.Exec("ALTER TABLE sites RENAME TO gone").Error; err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Errors []struct {
				Message    string
				Path       []any
				Extensions struct{ Code string }
			}
		}
		_, body := s.ask(t, `{ customers { nodes { sites { nodes { id } } } } }`)
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.Errors) != 20 || strings.Count(log.String(), "level=ERROR") != 1 {
			t.Errorf("%d errors, and the log is %s", len(answer.Errors), log.String())
		}
		for i, e := range answer.Errors {
			if !strings.HasPrefix(e.Message, "internal error: request ") || e.Extensions.Code != "INTERNAL_SERVER_ERROR" || e.Path[2] != float64(i) {
				t.Errorf("error %d: %+v", i, e)
			}
		}
	})
}

func TestHealth(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := newServer(t, db, models.APIToken{})
		get := func(path string) int {
			response, err := http.Get(s.url + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			return response.StatusCode
		}
		for _, path := range []string{"/healthz", "/readyz", "/schema.graphql", "/"} {
			if status := get(path); status != http.StatusOK {
				t.Errorf("%s: status %d", path, status)
			}
		}
		if err := db.Exec("DELETE FROM goose_db_version WHERE version_id > 0").Error; err != nil {
			t.Fatal(err)
		}
		if status := get("/readyz"); status != http.StatusServiceUnavailable {
			t.Errorf("a migration is due, and /readyz says %d", status)
		}
		if err := models.Close(db); err != nil {
			t.Fatal(err)
		}
		if ready, alive := get("/readyz"), get("/healthz"); ready != http.StatusServiceUnavailable || alive != http.StatusOK {
			t.Errorf("without a database: /readyz %d, /healthz %d", ready, alive)
		}
	})
}

func TestDemoListensOnThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "[::]:80", "demo.example:80"} {
		if err := (serve{Demo: true, Listen: address}).Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "this machine only") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestListen holds that an address that is none is told to be none, with and without
// --demo.
func TestListen(t *testing.T) {
	for address, want := range map[string]string{
		"18102": "missing port", "localhost": "missing port", "": "missing port", "127.0.0.1:": "", "127.0.0.1:99999": "invalid port", "127.0.0.1:nonsense": "unknown port",
		"::1:80": "too many colons", "http://127.0.0.1:80": "too many colons", "127.0.0.1:-1": "invalid port",
	} {
		for _, demo := range []bool{false, true} {
			err := serve{Demo: demo, Listen: address}.checkListen()
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "HOST:PORT") || !strings.Contains(err.Error(), want)) {
				t.Errorf("%q, demo %t: %v, want %q", address, demo, err, want)
			}
		}
	}
}

// seeded fills a database with made-up customers.
func seeded(t testing.TB, db *gorm.DB, customers int) {
	t.Helper()
	if _, err := seed.Run(t.Context(), db, seed.Options{Customers: customers, Seed: 1}); err != nil {
		t.Fatal(err)
	}
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
