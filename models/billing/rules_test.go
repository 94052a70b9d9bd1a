package billing_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// bothHold asks the examples of both readers, which must answer alike.
func bothHold(t *testing.T, p *apitest.Pair, examples []example) {
	t.Helper()
	holds(t, p.Engine, examples)
	for _, e := range examples {
		p.Ask(t, e.query, nil)
	}
}

// inRun is the balance of an inventory in a bill run, with one component from the first of
// September. period has more fields of the balance.
func inRun(run, period, inventory, end, allowance, remaining string) string {
	return `{"billRunId": ` + run + `, ` + period + `"usageProductInventoryId": ` + inventory + `, "inclusiveUsageBalanceAssignments": [{"assignmentId": 1, "assignmentLevel": "CUSTOMER", "components": [
		{"componentId": 1, "byValue": false, "chargingType": "MB", "allowance": ` + allowance + `, "remaining": ` + remaining + `, "startDate": "2025-09-01 00:00:00", "endDate": ` + end + `}]}]}`
}

// TestRulesOfPools holds which row stands for a pool, and when it is over.
func TestRulesOfPools(t *testing.T) {
	const (
		october, early = `"2025-10-31 23:59:59"`, `"2025-10-05 23:59:59"`
		at             = `asOf: "2025-10-15T00:00:00Z"`
		low            = `{ lowBalances(usedRatio: 0, ` + at + `) { totalCount nodes { allowance remaining usedRatio inclusiveUsageBalance { databaseId } } } }`
		expiring       = `{ customer(id: 1) { expiring(withinDays: 40, ` + at + `) { amount lastSecond inclusiveUsageBalance { databaseId } component { allowance } } } }`
		summary        = `{ customer(id: 1) { usageSummary { billRunId allowances allowance remaining used usedRatio } } }`
	)
	starts := func(day string) string { return `"periodStartDate": "` + day + `", ` }
	for _, scene := range []struct {
		name     string
		rows     []string
		examples []example
	}{
		{
			"C1: the latest bill run has closed the window",
			[]string{inRun("7", starts("2025-09-01"), "100", october, "100", "100"), inRun("8", starts("2025-10-01"), "100", early, "100", "50")},
			[]example{{"low", low, "0"}, {"expiring", expiring, ""}},
		},
		{
			"the latest bill run has opened it again",
			[]string{inRun("7", starts("2025-09-01"), "100", early, "100", "100"), inRun("8", starts("2025-10-01"), "100", october, "100", "50")},
			[]example{{"low", low, "1, 100, 50, 0.5, 8/100"}, {"expiring", expiring, "50, 2025-10-31T23:59:59, 8/100, 100"}},
		},
		{
			"a lower number, and a later period",
			[]string{inRun("8", starts("2025-09-01"), "100", october, "100", "100"), inRun("7", starts("2025-10-01"), "100", early, "100", "50")},
			[]example{{"low", low, "0"}, {"expiring", expiring, ""}},
		},
		{
			"periods of one start",
			[]string{inRun("8", starts("2025-09-01")+`"periodEndDate": "2025-09-10", `, "100", early, "100", "100"), inRun("7", starts("2025-09-01")+`"periodEndDate": "2025-09-30", `, "100", october, "100", "50")},
			[]example{{"low", low, "0"}, {"expiring", expiring, ""}},
		},
		{
			"a bill run without a period",
			[]string{inRun("8", "", "100", early, "100", "100"), inRun("7", starts("2025-09-01"), "100", october, "100", "50")},
			[]example{{"low", low, "1, 100, 50, 0.5, 7/100"}, {"expiring", expiring, "50, 2025-10-31T23:59:59, 7/100, 100"}},
		},
		{
			"a latest bill run that has nothing left",
			[]string{inRun("7", starts("2025-09-01"), "100", october, "100", "100"), inRun("8", starts("2025-10-01"), "100", october, "0", "0")},
			[]example{{"low", low, "0"}, {"expiring", expiring, ""}},
		},
		{
			"C5: rows that disagree",
			[]string{inRun("7", "", "100", october, "1000", "100"), inRun("7", "", "101", october, "2000", "1500")},
			[]example{{"summary", summary, "BillRun:7, 1, 1000, 100, 900, 0.9"}, {"low", low, "1, 1000, 100, 0.9, 7/100"}, {"expiring", expiring, "100, 2025-10-31T23:59:59, 7/100, 1000"}},
		},
		{
			"rows that disagree on the allowance alone",
			[]string{inRun("7", "", "100", october, "1000", "100"), inRun("7", "", "101", early, "2000", "100"), inRun("7", "", "110", october, "2000", "100")},
			[]example{{"summary", summary, "BillRun:7, 1, 2000, 100, 1900, 0.95"}, {"low", low, "0"}, {"expiring", expiring, ""}},
		},
		{
			"A6: nothing used of less than nothing",
			[]string{inRun("7", "", "100", october, "-5", "-5")},
			[]example{{"summary", summary, "BillRun:7, 1, -5, -5, 0, 0"}, {"low", low, "1, -5, -5, 0, 7/100"}},
		},
	} {
		t.Run(scene.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				for _, p := range append(telecom[:3:3], payload{"inclusive-usage-balances", "[" + strings.Join(scene.rows, ",") + "]"}) {
					apitest.Import(t, db, p.kind, "", p.content)
				}
				bothHold(t, apitest.NewPair(t, db, token.APIToken{AllCustomers: true}), scene.examples)
				holds(t, apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{1}}), scene.examples)
			})
		})
	}
}

// TestPeriodsOfBillRuns holds that a balance without a period is of that of its bill run.
func TestPeriodsOfBillRuns(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, append(telecom[:3:3],
			payload{"bill-runs", `[{"id": 7, "name": "October", "periodStartDate": "2025-10-01", "periodEndDate": "2025-10-31"}, {"id": 8, "name": "September", "periodStartDate": "2025-09-01", "periodEndDate": "2025-09-30"}]`},
			payload{"inclusive-usage-balances", "[" + inRun("7", "", "100", "null", "100", "1") + "," + inRun("8", "", "100", "null", "100", "2") + "]"}))
		holds(t, s, []example{{"low", `{ lowBalances(asOf: "2025-10-15T00:00:00Z") { nodes { remaining } } }`, "1"}})
	})
}

// TestLastSecond is C6: a pool is there until its last second is over, and a segment and an
// entitlement to the microsecond.
func TestLastSecond(t *testing.T) {
	const kinds = `{ kind }`
	ask := func(at, days string) string {
		return `{ customer(id: 1) { expiring(withinDays: ` + days + `, asOf: "` + at + `") ` + kinds + ` } }`
	}
	both := []payload{
		{"inclusive-usage-balances", "[" + inRun("7", "", "100", `"2025-09-30 23:59:59"`, "100", "1") + "]"},
		{"balances", "[" + owned("b", "CREDIT", "", []string{"09-01 10-01 10"}) + "]"},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, append(telecom[:3:3], both...))
		holds(t, s, []example{
			{"the microsecond before", ask("2025-09-30T23:59:58.999999Z", "0"), ""},
			{"the second begins", ask("2025-09-30T23:59:59Z", "0"), "INCLUSIVE_USAGE"},
			{"C6: in the second", ask("2025-09-30T23:59:59.000001Z", "0"), "INCLUSIVE_USAGE"},
			{"its last microsecond", ask("2025-09-30T23:59:59.999999Z", "0"), "INCLUSIVE_USAGE"},
			{"it is over", ask("2025-10-01T00:00:00Z", "0"), ""},
			{"it is over, in days", ask("2025-10-01T00:00:00Z", "9"), ""},
			{"both end in the day", ask("2025-09-30T00:00:00Z", "1"), "INCLUSIVE_USAGE, CREDIT"},
			{"the segment ends after the day", ask("2025-09-29T23:59:59.999999Z", "1"), "INCLUSIVE_USAGE"},
			{"both end after the day", ask("2025-09-29T23:59:58.999999Z", "1"), ""},
			{"the segment, to the microsecond", ask("2025-09-30T23:59:59.999999Z", "1"), "INCLUSIVE_USAGE, CREDIT"},
			{"low in its last microsecond", `{ lowBalances(usedRatio: 0, kinds: [INCLUSIVE_USAGE], asOf: "2025-09-30T23:59:59.999999Z") { totalCount } }`, "1"},
			{"no more low", `{ lowBalances(usedRatio: 0, kinds: [INCLUSIVE_USAGE], asOf: "2025-10-01T00:00:00Z") { totalCount } }`, "0"},
		})
	})
}

// TestGaps is C3: an entry without a segment that is stamped where none is active.
func TestGaps(t *testing.T) {
	gap := grant{id: "b", kind: "CREDIT", segments: []string{"2024-01-01 2025-01-01 100", "02-01 2026-01-01 1000"}}
	manual := func(at string) string {
		return `,{"type":"CREDIT_MANUAL","amount":-7,"timestamp":"` + at + `"}]`
	}
	const fields = `{ balance(id: "b") { old: balance(asOf: "2024-06-01T00:00:00Z") balance(asOf: "2025-06-01T00:00:00Z") breakdown(asOf: "2025-06-01T00:00:00Z") { segments { sum entries { reason } } } ledger(last: 1) { nodes { runningBalance } } } }`
	for _, scene := range []struct{ name, at, want string }{
		{"C3: after all", "2026-02-01T00:00:00Z", "100, 993, 0, SEGMENT_NOT_ACTIVE, 993, COUNTED, COUNTED, 1093"},
		{"at the very end", "2026-01-01T00:00:00Z", "100, 993, 0, SEGMENT_NOT_ACTIVE, 993, COUNTED, COUNTED, 1093"},
		{"between", "2025-01-15T00:00:00Z", "93, 1000, 0, SEGMENT_NOT_ACTIVE, SEGMENT_NOT_ACTIVE, 1000, COUNTED, 1093"},
		{"where the first ends", "2025-01-01T00:00:00Z", "93, 1000, 0, SEGMENT_NOT_ACTIVE, SEGMENT_NOT_ACTIVE, 1000, COUNTED, 1093"},
		{"active", "2025-02-01T00:00:00Z", "100, 993, 0, SEGMENT_NOT_ACTIVE, 993, COUNTED, COUNTED, 1093"},
		{"before all", "2023-01-01T00:00:00Z", "93, 1000, 0, SEGMENT_NOT_ACTIVE, SEGMENT_NOT_ACTIVE, 1000, COUNTED, 1093"},
	} {
		t.Run(scene.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				content := gap.json(models.USDCents)
				apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
				apitest.Import(t, db, "balances", "1", strings.TrimSuffix(content, "]}")+manual(scene.at)+"}")
				p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
				bothHold(t, p, []example{{scene.name, fields, scene.want}})
			})
		})
	}
}

// TestGapsInOtherFigures holds that all figures have the rule of TestGaps.
func TestGapsInOtherFigures(t *testing.T) {
	open := grant{id: "b", kind: "CREDIT", segments: []string{"2024-01-01 2024-06-01 100", "2025-01-01 2025-02-01 10", "2024-02-01 2099-01-01 50"}, entries: []string{"MANUAL -45 2100-01-01 2"}}
	last := grant{id: "c", kind: "PREPAID", segments: []string{"2098-01-01 2099-01-01 1", "2020-01-01 2099-01-01 5"}}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		apitest.Import(t, db, "balances", "1", strings.Replace(open.json(models.USDCents), `,"segment_id":"s2","timestamp":"2100-01-01T00:00:00Z"`, `,"timestamp":"2100-01-01T00:00:00Z"`, 1))
		apitest.Import(t, db, "balances", "1", strings.TrimSuffix(last.json(models.USDCents), "]}")+`,{"type":"PREPAID_COMMIT_MANUAL","amount":-5,"timestamp":"2019-01-01T00:00:00Z"}]}`)
		bothHold(t, apitest.NewPair(t, db, token.APIToken{AllCustomers: true}), []example{
			{"net", `{ netBalance(customerId: 1, asOf: "2026-01-01T00:00:00Z") { balance } customer(id: 1) { netBalance(asOf: "2026-01-01T00:00:00Z") { balance } } }`, "5, 5"},
			{"zeros", `{ balances(excludeZeroBalances: true) { nodes { databaseId balance } } }`, "b, 5"},
			{"low", `{ lowBalances(usedRatio: 0.9, asOf: "2026-01-01T00:00:00Z") { nodes { remaining balance { databaseId } } } }`, "5, b, 0, c"},
			{"expiring", `{ customer(id: 1) { expiring(withinDays: 36500, asOf: "2026-01-01T00:00:00Z") { amount segmentId balance { databaseId } } } }`, "5, s2, b, 1, s0, c"},
			{"drawdown", `{ customer(id: 1) { drawdownPreview(amount: 9, at: "2026-01-01T00:00:00Z") { steps { amount balance { databaseId } } uncovered } } }`, "5, b, 4"},
			{"history", `{ customer(id: 1) { balanceHistory(from: "2025-12-01T00:00:00Z", to: "2026-01-01T00:00:00Z", granularity: MONTH) { balance } } }`, "5"},
		})
	})
}

// TestNetBalancesOfNothing is C4: each credit type of the customer has a net balance, whatever
// the filters choose.
func TestNetBalancesOfNothing(t *testing.T) {
	row := func(id, creditType, more string) payload {
		g := live(id, "CREDIT", "5", `"customer_id":"1",`+more)
		return payload{"balances", g.json(creditType)}
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, p := range []payload{{"customers", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`}, row("u", "usd", ""), row("e", "eur", `"custom_fields":{"k":"v"},`), row("c", "chf", `"contract":{"id":"c1"},`), row("a", "gone", `"archived_at":"2025-01-01T00:00:00Z",`)} {
			apitest.Import(t, db, p.kind, "", p.content)
		}
		net := func(arguments string) string {
			return `{ customers { nodes { netBalances(` + arguments + `asOf: "2026-01-01T00:00:00Z") { creditType { id name } balance settled pending } } } }`
		}
		bothHold(t, apitest.NewPair(t, db, token.APIToken{AllCustomers: true}), []example{
			{"all", net(""), "chf, chf, 5, 5, 0, eur, eur, 5, 5, 0, usd, usd, 5, 5, 0"},
			{"one", net(`filters: [{ids: ["e"]}], `), "chf, chf, 0, 0, 0, eur, eur, 5, 5, 0, usd, usd, 0, 0, 0"},
			{"a field", net(`filters: [{customFields: [{key: "k", value: "v"}]}], `), "chf, chf, 0, 0, 0, eur, eur, 5, 5, 0, usd, usd, 0, 0, 0"},
			{"none", net(`filters: [{types: [POSTPAID_COMMIT]}, {ids: []}], `), "chf, chf, 0, 0, 0, eur, eur, 0, 0, 0, usd, usd, 0, 0, 0"},
		})
	})
}

// TestRatioOfNothing is A6: a ratio of 0 is 0, whatever the sign of the quantity.
func TestRatioOfNothing(t *testing.T) {
	grants := `[{"id": "a", "customer": "1", "quantity": -4, "quantity_used": 0}, {"id": "b", "customer": "1", "quantity": -4, "quantity_used": -2}, {"id": "c", "customer": "1", "quantity": 4, "quantity_used": 0}]`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, p := range append(telecom[:3:3], payload{"entitlement-balances", grants}, payload{"inclusive-usage-balances", "[" + inRun("7", "", "100", "null", "-5", "-5") + "]"}) {
			apitest.Import(t, db, p.kind, "", p.content)
		}
		p := apitest.NewPair(t, db, token.APIToken{AllCustomers: true})
		const low = `lowBalances(usedRatio: 0, asOf: "2025-09-15T00:00:00Z"`
		examples := []example{
			{"rows", `{ entitlementBalances { nodes { usedRatio } } inclusiveUsageBalances { nodes { components { used usedRatio } } } }`, "0, 0.5, 0, 0, 0"},
			{
				"equal", `{ ` + low + `, filter: {usedRatio: {lte: 0}}) { nodes { key usedRatio } } entitlementBalances(filter: {usedRatio: {gte: 0, lte: 0}}) { nodes { databaseId } } inclusiveUsageBalances(filter: {usedRatio: {lte: -0.0}}) { totalCount } }`,
				"ENTITLEMENT/a, 0, ENTITLEMENT/c, 0, INCLUSIVE_USAGE/1/1/2025-09-01T00:00:00/1, 0, a, c, 1",
			},
			{"less", `{ entitlementBalances(filter: {usedRatio: {lt: 0}}) { totalCount } inclusiveUsageBalances(filter: {usedRatio: {lt: 0}}) { totalCount } }`, "0, 0"},
			{"in order", `{ ` + low + `, orderBy: [{field: USED_RATIO}]) { nodes { key usedRatio } } }`, "ENTITLEMENT/a, 0, ENTITLEMENT/c, 0, INCLUSIVE_USAGE/1/1/2025-09-01T00:00:00/1, 0, ENTITLEMENT/b, 0.5"},
			{"back", `{ ` + low + `, orderBy: [{field: USED_RATIO, direction: DESC}]) { nodes { key } } }`, "ENTITLEMENT/b, ENTITLEMENT/a, ENTITLEMENT/c, INCLUSIVE_USAGE/1/1/2025-09-01T00:00:00/1"},
		}
		bothHold(t, p, examples)
		for _, s := range []apitest.Server{p.Engine, p.Resolvers} {
			for _, e := range examples {
				if _, answer := s.Ask(t, e.query); strings.Contains(string(answer), ":-0") {
					t.Errorf("%s: %s", e.query, answer)
				}
			}
		}
	})
}
