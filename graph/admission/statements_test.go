package admission_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// slowSites makes the table of sites one whose rows take minutes to be read.
func slowSites(t *testing.T, db *gorm.DB) {
	t.Helper()
	for _, statement := range []string{
		"ALTER TABLE sites RENAME TO quick_sites",
		"CREATE VIEW sites AS SELECT * FROM quick_sites WHERE (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT count(*) FROM n) > 0",
	} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
}

// TestDeadlineEndsStatements answers TIMEOUT when an operation's time is over, and
// ends its statement, too. What the resolvers had read before stays; the engine answers
// wholly or not at all.
func TestDeadlineEndsStatements(t *testing.T) {
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		apitest.Import(t, db, "sites", "", `[{"id": 1, "customerId": 1}]`)
		slowSites(t, db)
		for engine, data := range map[string]string{"on": `"sites":null}`, "off": `{"customers":{"nodes":[{"id":"Customer:1"}]},"sites":null}`} {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--timeout=2s", "--engine="+engine)
			_, answer := s.Ask(t, `{ customers { nodes { id } } sites { nodes { id } } }`)
			for _, want := range []string{`"message":"the operation took longer than 2s"`, `"code":"TIMEOUT"`, data} {
				if !strings.Contains(string(answer), want) {
					t.Errorf("--engine=%s: %s lacks %s", engine, answer, want)
				}
			}
		}
		if db.Name() == "postgres" {
			noStatement(t, modelstest.Open(t, address))
			return
		}
		// The driver interrupts the statement, and the connection serves again.
		pool, err := db.DB()
		if err != nil {
			t.Fatal(err)
		}
		apitest.Eventually(t, "the connection is back", func() bool { return pool.Stats().InUse == 0 })
	})
}

// TestEnded answers TIMEOUT when an operation's time is over before it has begun.
func TestEnded(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--timeout=1ns")
	_, answer := s.Ask(t, `{ __typename }`)
	if want := `{"errors":[{"message":"the operation took longer than 1ns","extensions":{"code":"TIMEOUT"}}]}`; string(answer) != want {
		t.Errorf("%s, want %s", answer, want)
	}
}

// noStatement waits until no other connection to the database runs a statement.
func noStatement(t *testing.T, db *gorm.DB) {
	t.Helper()
	apitest.Eventually(t, "no statement runs", func() bool {
		var running int
		if err := db.Raw("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()").Scan(&running).Error; err != nil {
			t.Fatal(err)
		}
		return running == 0
	})
}

// TestOperationIsLogged holds that the log has what an operation read, and each
// failed statement in one line.
func TestOperationIsLogged(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 3)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		var log bytes.Buffer
		web := httptest.NewServer(apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil))))
		s.URL = web.URL
		s.Ask(t, "query Three { customers { totalCount nodes { name sites(first: 2) { nodes { name } } } } }")
		if err := db.Exec("ALTER TABLE sites RENAME TO gone").Error; err != nil {
			t.Fatal(err)
		}
		s.Ask(t, "{ customers { nodes { sites { nodes { name } } } } }")
		web.Close() // the line is written after the answer
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 3 {
			t.Fatalf("the log is %s", log.String())
		}
		for i, want := range []string{
			`level=INFO msg=operation ms=[0-9.]+ name=Three status=200 codes="" cost=\d+ statements=3 rows=\d+ path=engine token=1 request_id=\w+$`,
			`level=ERROR msg=resolve path=.*request_id=\w+$`,
			`level=INFO msg=operation .* codes=INTERNAL_SERVER_ERROR .* statements=3 .* path=resolvers `, // the first is the engine's,
		} {
			if !regexp.MustCompile(want).MatchString(lines[i]) {
				t.Errorf("line %d is %s, want %s", i, lines[i], want)
			}
		}
	})
}

// TestDatabaseIsAway answers UNAVAILABLE for the look-up of a token and by resolvers,
// and is not ready, while the database can't be reached.
func TestDatabaseIsAway(t *testing.T) {
	address := modelstest.Postgres(t)
	db := modelstest.Open(t, address)
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	// A statement that ends its own connection, as an administrator would.
	for _, statement := range []string{
		"ALTER TABLE customers RENAME TO gone",
		"CREATE VIEW customers AS SELECT * FROM gone WHERE pg_terminate_backend(pg_backend_pid())",
	} {
		if err := db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	status, answer := s.Ask(t, `{ customers { totalCount } }`)
	if want := `"message":"the database can't serve now"`; status != http.StatusOK || !strings.Contains(string(answer), want) || !strings.Contains(string(answer), `"code":"UNAVAILABLE"`) {
		t.Errorf("%d %s", status, answer)
	}

	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(at.Path, "/")
	at.Path = "/postgres"
	other := modelstest.Open(t, at.String())
	for _, statement := range []string{
		"ALTER DATABASE " + name + " ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'",
	} {
		if err := other.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	unready := func() bool {
		status, _ := s.Send(t, "GET", "/readyz", "")
		return status == http.StatusServiceUnavailable
	}
	apitest.Eventually(t, "it is not ready", unready)
	response, body := s.Exchange(t, "POST", "/graphql", `{"query":"{ __typename }"}`, "Content-Type: application/json")
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") != "1" || !strings.Contains(string(body), `"code":"UNAVAILABLE"`) {
		t.Errorf("%d %q %s", response.StatusCode, response.Header, body)
	}
	if err := other.Exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true").Error; err != nil {
		t.Fatal(err)
	}
	if status, answer := s.Ask(t, `{ sites { totalCount } }`); unready() || status != http.StatusOK || strings.Contains(string(answer), `"errors"`) {
		t.Errorf("when it is back: %d %s", status, answer)
	}
}
