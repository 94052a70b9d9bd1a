package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// golden compares an answer with the file, whitespace aside.
func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := apitest.Path("testdata/" + name)
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

// TestSamples imports the samples and asks for a customer's whole account.
func TestSamples(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--max-root-fields=30", "--max-fields=1000")
		status, answer := s.Ask(t, apitest.Read(t, "account.graphql"))
		if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		golden(t, "account.json", answer)
		_, answer = s.Ask(t, apitest.Read(t, "everything.graphql"))
		golden(t, "everything.json", answer)
	})
}

// TestRequests refuses what is no GraphQL request, and numbers that no argument
// can hold.
func TestRequests(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
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
		_, answer := s.Send(t, "POST", "/graphql", body)
		if !strings.Contains(string(answer), `"code":"`+want+`"`) || len(answer) > 500 {
			t.Errorf("%.80s: %s, want %s", body, answer, want)
		}
	}
}

// TestTransport refuses other methods and other bodies, with a code.
func TestTransport(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	for _, tt := range []struct {
		method, path, kind string
		want               int
	}{
		{"POST", "/graphql", "application/json; charset=utf-8", http.StatusOK},
		{"POST", "/graphql", "application/json; charset=utf8", http.StatusOK},
		{"POST", "/graphql/", "application/json", http.StatusOK},
		{"POST", "/graphql/x", "application/json", http.StatusNotFound},
		{"POST", "/graphql", "", http.StatusUnsupportedMediaType},
		{"POST", "/graphql/", "", http.StatusUnsupportedMediaType},
		{"POST", "/graphql", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		{"PUT", "/graphql", "application/json", http.StatusMethodNotAllowed},
	} {
		request, err := http.NewRequestWithContext(t.Context(), tt.method, s.URL+tt.path, strings.NewReader(`{"query":"{__typename}"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+s.Token)
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
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--engine="+engine)
			for body, want := range map[string]string{
				`{"query":"query A {__typename} query B {__typename}"}`:                      "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":""}`:   "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":null}`: "the document has 2 operations: name one in operationName",
				`{"query":"query A {__typename} query B {__typename}","operationName":"C"}`:  `operation \"C\" is not in the document`,
				`{"query":"query A {__typename} query B {__typename}","operationName":"a"}`:  `operation \"a\" is not in the document`,
				`{"query":"{__typename}","operationName":"A"}`:                               `operation \"A\" is not in the document`,
			} {
				status, answer := s.Send(t, "POST", "/graphql", body)
				if status != 200 || !strings.Contains(string(answer), want+`","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}`) {
					t.Errorf("%s: %d %s, want %s", body, status, answer, want)
				}
			}
			if _, answer := s.Send(t, "POST", "/graphql", `{"query":"query A {__typename} query B {b: __typename}","operationName":"B"}`); !strings.Contains(string(answer), `{"b":"Query"}`) {
				t.Errorf("B is answered %s", answer)
			}
		}
	})
}

// TestSurrogates refuses halves of surrogate pairs in documents and variables, and takes
// pairs in all ways to write them.
func TestSurrogates(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		for _, engine := range []string{"on", "off"} {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--engine="+engine)
			for literal, code := range map[string]string{
				`"\\uD83D x"`: "GRAPHQL_PARSE_FAILED", `"\\uDE00"`: "GRAPHQL_PARSE_FAILED", `"\\u{D83D}"`: "GRAPHQL_PARSE_FAILED", `"\uD83D x"`: "GRAPHQL_PARSE_FAILED", `"""\uD83D"""`: "GRAPHQL_PARSE_FAILED", `"""a""""`: "GRAPHQL_PARSE_FAILED",
				`"\\uD83D\\uDE00"`: "", `"\\u{1F600}"`: "", `"\uD83D\uDE00"`: "", `"""\uD83D\uDE00"""`: "", `"😀"`: "", `"""\\uD83D"""`: "",
			} {
				body := `{"query":"{ customers(search: ` + strings.ReplaceAll(literal, `"`, `\"`) + `) { totalCount } }"}`
				_, answer := s.Send(t, "POST", "/graphql", body)
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
				_, answer := s.Send(t, "POST", "/graphql", body)
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
		apitest.Seeded(t, db, 3)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		_, want := s.Ask(t, `{customers(orderBy: {field: NAME}) {nodes {name}}}`)
		if _, got := s.Ask(t, `{customers(orderBy: {field: NAME, direction: null, nulls: null}) {nodes {name}}}`); !bytes.Equal(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestContractOfTwoCustomers holds that a contract which rows of two customers name
// shows to its own only, and nothing of what the other calls it.
func TestContractOfTwoCustomers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`)
		apitest.Import(t, db, "entitlement-balances", "1", `[{"id": "a", "quantity": 1, "contract": {"id": "K"}}]`)
		apitest.Import(t, db, "entitlement-balances", "2", `[{"id": "b", "quantity": 1, "contract": {"id": "K", "name": "secret of 2"}}]`)
		apitest.Import(t, db, "entitlement-balances", "", `[{"id": "c", "quantity": 1, "customer": 1, "contract": {"id": "L"}}, {"id": "d", "quantity": 1, "customer": 2, "contract": {"id": "L", "name": "secret of 2"}}]`)
		one := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{1}})
		two := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{2}})
		const query = `{ contracts { nodes { id name } } entitlementBalances(first: 1) { nodes { contractId contract { id } } } }`
		for _, tt := range []struct {
			s    apitest.Server
			want string
		}{
			{one, `{"data":{"contracts":{"nodes":[{"id":"Contract:K","name":null},{"id":"Contract:L","name":null}]},"entitlementBalances":{"nodes":[{"contractId":"Contract:K","contract":{"id":"Contract:K"}}]}}}`},
			{two, `{"data":{"contracts":{"nodes":[]},"entitlementBalances":{"nodes":[{"contractId":"Contract:K","contract":null}]}}}`},
		} {
			if _, answer := tt.s.Ask(t, query); strings.TrimSpace(string(answer)) != tt.want {
				t.Errorf("got  %s\nwant %s", answer, tt.want)
			}
		}
	})
}

// TestErrorsAreTold once in the log, in the order of the answer and at most 20,
// whatever the number of parents; an unexpected one is masked.
func TestErrorsAreTold(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 25)
		var log bytes.Buffer
		bearer, hash := auth.NewToken()
		if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash, AllCustomers: true}); err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil))))
		t.Cleanup(web.Close)
		s := apitest.Server{URL: web.URL, Token: bearer}
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
		_, body := s.Ask(t, `{ customers { nodes { sites { nodes { id } } } } }`)
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
		s := apitest.NewServer(t, db, token.APIToken{})
		get := func(path string) int {
			response, err := http.Get(s.URL + path)
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
		if err := database.Close(db); err != nil {
			t.Fatal(err)
		}
		if ready, alive := get("/readyz"), get("/healthz"); ready != http.StatusServiceUnavailable || alive != http.StatusOK {
			t.Errorf("without a database: /readyz %d, /healthz %d", ready, alive)
		}
	})
}
