package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/playground"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestDemoData holds that the demo's data ends today: something ends within 30 days, imports
// are there, and the playground's examples with its dates answer with rows.
func TestDemoData(t *testing.T) {
	examples, err := playground.Examples()
	if err != nil {
		t.Fatal(err)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		filled, err := demo(t.Context(), db, "http://127.0.0.1:8080", io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		data := s.AskWith(t, `{ customers { totalCount } imports { totalCount nodes { kind rows } } billRuns(last: 1) { nodes { periodEndDate } } customer(id: "1") { expiring(withinDays: 30) { kind } } }`, nil).Data
		if n := data["customers"].(map[string]any)["totalCount"]; n != 25.0 {
			t.Errorf("%v customers", n)
		}
		if n := apitest.RowsOf(data["imports"]); n < 10 {
			t.Errorf("%d imports", n)
		}
		if n := apitest.RowsOf(data["customer"].(map[string]any)["expiring"]); n < 2 {
			t.Errorf("%d things expire: %v", n, data["customer"])
		}
		today := time.Now().UTC()
		runs := data["billRuns"].(map[string]any)["nodes"].([]any)
		if end := runs[0].(map[string]any)["periodEndDate"]; end != today.Format(time.DateOnly) && end != today.AddDate(0, 0, -1).Format(time.DateOnly) {
			t.Errorf("the last bill run ends on %s", end)
		}
		for _, e := range examples {
			variables := map[string]any{}
			if e.Variables != "" {
				if err := json.Unmarshal([]byte(filled.Dated(e.Variables)), &variables); err != nil {
					t.Fatal(err)
				}
			}
			answer := s.AskWith(t, filled.Dated(e.Query), variables)
			for field, value := range answer.Data {
				if len(answer.Errors) > 0 || apitest.RowsOf(value) == 0 {
					t.Errorf("%s: %s has no rows: %s %v", e.Name, field, answer.Errors, value)
				}
			}
		}
	})
}

// TestDemoToken starts the demo again: it has one token, and the one before is over.
func TestDemoToken(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := apitest.NewServer(t, db, token.APIToken{Name: "mine", AllCustomers: true})
		before := ""
		for range 3 {
			var out strings.Builder
			filled, err := demo(t.Context(), db, "http://127.0.0.1:8080", &out)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), "\n  http://127.0.0.1:8080/\n") {
				t.Errorf("it prints %s", out.String())
			}
			s.Token = filled.Token
			if status, answer := s.Ask(t, "{ customers { totalCount } }"); status != http.StatusOK {
				t.Errorf("%d %s", status, answer)
			}
			if s.Token = before; before != "" {
				if status, _ := s.Ask(t, "{ customers { totalCount } }"); status != http.StatusUnauthorized {
					t.Errorf("the token of the start before: %d", status)
				}
			}
			before = filled.Token
		}
		tokens, err := token.All(t.Context(), db)
		if err != nil || len(tokens) != 2 || tokens[0].Name != "mine" || tokens[1].Name != "demo" {
			t.Errorf("%d tokens, %v", len(tokens), err)
		}
	})
}

// TestDemoRefuses holds that no database is taken that the demo did not fill, and that
// nothing is changed of one: neither rows nor tokens are made.
func TestDemoRefuses(t *testing.T) {
	for name, fill := range map[string]func(*testing.T, *gorm.DB){
		"seeded": func(t *testing.T, db *gorm.DB) { apitest.Seeded(t, db, 1) },
		"imported": func(t *testing.T, db *gorm.DB) {
			apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		},
		"nothing but an import": func(t *testing.T, db *gorm.DB) {
			apitest.Import(t, db, "usage-products", "", `[]`)
		},
		"a bill run": func(t *testing.T, db *gorm.DB) {
			if err := database.Write(t.Context(), db, func(tx *database.Tx) error {
				return store.Insert(tx, models.BillRuns, []models.BillRun{{ID: 99}})
			}); err != nil {
				t.Fatal(err)
			}
		},
		"imported into since": func(t *testing.T, db *gorm.DB) {
			if _, err := seed.Run(t.Context(), db, seed.Options{Customers: 1, Demo: true}); err != nil {
				t.Fatal(err)
			}
			apitest.Import(t, db, "customers", "", `[{"id": 99, "customerName": "Real"}]`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				fill(t, db)
				filled, err := demo(t.Context(), db, "http://127.0.0.1:8080", io.Discard)
				if !errors.Is(err, errNoDemo) || filled.Token != "" || !strings.Contains(err.Error(), "--database") {
					t.Errorf("%v, %v", filled.Token, err)
				}
				if tokens, err := token.All(t.Context(), db); err != nil || len(tokens) > 0 {
					t.Errorf("%d tokens, %v", len(tokens), err)
				}
			})
		})
	}
}

// TestSeedDate holds the date of seed.
func TestSeedDate(t *testing.T) {
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		for _, date := range []string{"2026-02-30", "tomorrow", "1066-10-14"} {
			if got := apitest.Run(t, address, "", "seed", "--customers", "1", "--date", date); !got.Failed || !strings.Contains(got.Stderr, date) {
				t.Errorf("%s: %+v", date, got)
			}
		}
		if got := apitest.Run(t, address, "", "seed", "--customers", "1", "--date", "2031-03-15"); got.Failed {
			t.Fatal(got.Stderr)
		}
		s := apitest.NewServer(t, modelstest.Open(t, address), token.APIToken{AllCustomers: true})
		const want = `{"data":{"billRuns":{"nodes":[{"name":"March 2031","periodStartDate":"2031-02-16","periodEndDate":"2031-03-15"}]}}}`
		if _, answer := s.Ask(t, "{ billRuns(last: 1) { nodes { name periodStartDate periodEndDate } } }"); string(answer) != want {
			t.Errorf("%s", answer)
		}
	})
}
