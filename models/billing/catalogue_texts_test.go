package billing_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestCatalogueTexts imports rows of two customers that say things of themselves beside
// the ids of what they share. What everybody reads has none of it, and each row of an
// invoice shows its own name and number, with either engine.
func TestCatalogueTexts(t *testing.T) {
	const grants = `[
		{"id": "a", "customer": 1, "entitlement": "d", "name": "secret of 1", "description": "secret of 1", "units": "secret of 1", "type": "Credits",
		 "product_id": "p", "invoice": {"id": "i", "name": "secret of 1", "number": "1-001"}},
		{"id": "b", "customer": 2, "entitlement": "d", "name": "secret of 2", "description": "secret of 2", "units": "secret of 2", "type": "Feature",
		 "product_id": "p", "invoice": {"id": "i", "name": "secret of 2", "number": "2-002"}},
		{"id": "c", "customer": 2, "entitlement": "d", "invoice_id": "i"}]`
	const balances = `[{"id": "x", "customer": 1, "type": "CREDIT", "product": {"id": "p"}, "description": "secret of 1", "name": "secret of 1",
		"access_schedule": {"credit_type": {"id": "usd"}, "schedule_items": [{"id": "s", "amount": 1, "starting_at": "2025-01-01T00:00:00Z", "ending_before": "2026-01-01T00:00:00Z"}]},
		"ledger": [{"type": "CREDIT_AUTOMATED_INVOICE_DEDUCTION", "amount": -1, "timestamp": "2025-06-01T00:00:00Z", "segment_id": "s", "invoice_id": "i"}]}]`
	const catalogue = `{ entitlements { nodes { databaseId name description units type } } }`
	const invoices = `{ entitlementBalances { nodes { databaseId name product { id name } invoice { id status name number } } } }`
	const ledger = `{ balances { nodes { product { name } creditType { name } ledger { nodes { invoice { id status name number } } } } } }`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerName": "One"}, {"id": 2, "customerName": "Two"}]`)
		apitest.Import(t, db, "entitlement-balances", "", grants)
		apitest.Import(t, db, "balances", "", balances)
		apitest.Import(t, db, "invoices", "", `[{"id": "i", "status": "DRAFT"}]`)
		for _, engine := range []string{"on", "off"} {
			one := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{1}}, "--engine="+engine)
			two := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{2}}, "--engine="+engine)
			for _, tt := range []struct {
				s           apitest.Server
				query, want string
			}{
				{one, catalogue, `{"entitlements":{"nodes":[{"databaseId":"d","name":null,"description":null,"units":null,"type":null}]}}`},
				{two, catalogue, `{"entitlements":{"nodes":[{"databaseId":"d","name":null,"description":null,"units":null,"type":null}]}}`},
				{one, invoices, `{"entitlementBalances":{"nodes":[{"databaseId":"a","name":"secret of 1","product":{"id":"p","name":null},"invoice":{"id":"i","status":"DRAFT","name":"secret of 1","number":"1-001"}}]}}`},
				{two, invoices, `{"entitlementBalances":{"nodes":[{"databaseId":"b","name":"secret of 2","product":{"id":"p","name":null},"invoice":{"id":"i","status":"DRAFT","name":"secret of 2","number":"2-002"}},` +
					`{"databaseId":"c","name":null,"product":null,"invoice":{"id":"i","status":"DRAFT","name":null,"number":null}}]}}`},
				{one, ledger, `{"balances":{"nodes":[{"product":{"name":null},"creditType":{"name":null},"ledger":{"nodes":[{"invoice":{"id":"i","status":"DRAFT","name":null,"number":null}}]}}]}}`},
				{two, ledger, `{"balances":{"nodes":[]}}`},
				{one, `{ entitlementBalance(id: "b") { invoice { number } } }`, `{"entitlementBalance":null}`},
			} {
				if _, answer := tt.s.Ask(t, tt.query); strings.TrimSpace(string(answer)) != `{"data":`+tt.want+`}` {
					t.Errorf("engine %s: %s:\n got %s\nwant %s", engine, tt.query, answer, tt.want)
				}
			}
		}
		apitest.Import(t, db, "entitlement-balances", "", `[{"id": "c", "customer": 2, "name": "secret of 2", "entitlement": {"id": "d", "name": "Calls", "description": "All", "units": "calls", "type": "Quantity"}}]`)
		one := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{1}})
		const want = `{"data":{"entitlements":{"nodes":[{"databaseId":"d","name":"Calls","description":"All","units":"calls","type":"QUANTITY"}]}}}`
		if _, answer := one.Ask(t, catalogue); strings.TrimSpace(string(answer)) != want {
			t.Errorf("a definition in full:\n got %s\nwant %s", answer, want)
		}
	})
}

// TestNoNegativeZero holds that ratios of nothing over less than nothing are 0, in
// answers, filters and cursors, alike on both engines.
func TestNoNegativeZero(t *testing.T) {
	answers := map[string]string{}
	const query = `{ entitlementBalances(filter: {usedRatio: {gte: 0}}) { nodes { usedRatio } } lowBalances(usedRatio: 0, orderBy: [{field: USED_RATIO}], asOf: "2025-06-01T00:00:00Z") { edges { cursor node { usedRatio } } }
		balances(orderBy: [{field: PRIORITY}]) { edges { cursor node { priority rolloverFraction costBasis } } } }`
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		db := modelstest.Open(t, fresh(t))
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerName": "One"}]`)
		apitest.Import(t, db, "balances", "", `[{"id": "b", "customer": 1, "type": "CREDIT", "priority": -0.0, "rollover_fraction": -0.0, "cost_basis": -0.0}]`)
		apitest.Import(t, db, "entitlement-balances", "", `[{"id": "a", "customer": 1, "quantity": -5, "quantity_used": 0}]`)
		for _, engine := range []string{"on", "off"} {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--engine="+engine)
			_, answer := s.Ask(t, query)
			answers[name+" "+engine] = string(answer)
			if text := string(answer); strings.Contains(text, "-0") || !strings.Contains(text, `"nodes":[{"usedRatio":0}]`) || !strings.Contains(text, `"priority":0,"rolloverFraction":0,"costBasis":0`) {
				t.Errorf("%s %s: %s", name, engine, text)
			}
		}
	}
	for name, answer := range answers {
		if answer != answers["sqlite on"] {
			t.Errorf("%s: %s, where SQLite has %s", name, answer, answers["sqlite on"])
		}
	}
}
