package billing_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// allowances is telecom and, of the same customer, commits, credits and
// entitlements, of which some end in September 2025.
var allowances = append(telecom, payload{"balances", "[" + strings.Join([]string{
	owned("soon", "PREPAID", "", []string{"09-01 09-20 100", "09-10 09-30 50", "10-01 10-05 7"}, "AUTOMATED_INVOICE_DEDUCTION -95 09-20 0 i"),
	owned("used", "CREDIT", "", []string{"09-01 09-20 100"}, "AUTOMATED_INVOICE_DEDUCTION -100 09-20 0 i"),
	owned("owed", "POSTPAID", `"contract":{"id":"c1"},`, []string{"09-01 10-01 1000"}, "AUTOMATED_INVOICE_DEDUCTION -910 10-01 0 i"),
	owned("gone", "CREDIT", `"archived_at":"2025-09-02T00:00:00Z",`, []string{"09-01 09-20 100"}, "AUTOMATED_INVOICE_DEDUCTION -99 09-20 0 i"),
}, ",") + "]"},
	payload{"entitlement-balances", `[
		{"id": "calls", "customer": "1", "entitlement": "d1", "name": "Calls", "units": "calls", "quantity": 1000, "quantity_used": 950, "active_from": "2025-01-01T00:00:00Z", "expiry_at": "2025-09-15T12:00:00Z"},
		{"id": "more", "customer": "1", "entitlement": "d1", "name": "Calls", "units": "calls", "quantity": 10, "quantity_used": 12, "active_from": "2025-09-01T00:00:00Z", "expiry_at": null},
		{"id": "old", "customer": "1", "entitlement": "d1", "name": "Calls", "units": "calls", "quantity": 0.5, "quantity_used": 0.25, "expiry_at": "2025-09-01T00:00:00Z"},
		{"id": "sso", "customer": "1", "entitlement": "d2", "name": "SSO", "type": "Feature", "expiry_at": "2025-09-16T00:00:00Z"}]`},
	payload{"customers", `[{"id": 2, "customerName": "Two"}]`},
	payload{"entitlement-balances", `[{"id": "other", "customer": "2", "quantity": 1, "quantity_used": 1}]`},
)

func owned(id, kind, extra string, segments []string, entries ...string) string {
	return grant{id: id, kind: kind, extra: `"customer_id":"1",` + extra, segments: segments, entries: entries}.json(models.USDCents)
}

// TestAllowances holds what looks over all that a customer has: what expires, what
// is low, and the summaries.
func TestAllowances(t *testing.T) {
	const at = `asOf: "2025-09-15T00:00:00Z"`
	expiring := func(arguments, fields string) string {
		return `{ customer(id: 1) { expiring(` + arguments + `) { ` + fields + ` } } }`
	}
	low := func(arguments, fields string) string {
		return `{ lowBalances(` + arguments + `, ` + at + `) { ` + fields + ` } }`
	}
	const what = `kind amount endingBefore lastSecond balance { databaseId } segmentId entitlementBalance { databaseId } component { componentId } inclusiveUsageBalance { databaseId }`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, allowances)
		holds(t, s, []example{
			{
				"T3", `{ customer(id: 1) { usageSummary(billRunId: 7) { billRunId chargingType unit allowances allowance remaining used usedRatio } } }`,
				"BillRun:7, DURATION, SECOND, 1, 1000, 700, 300, 0.3, BillRun:7, MB, MEGABYTE, 1, 500, 500, 0, 0, BillRun:7, ONE_OFF, EVENT, 1, 10, 10, 0, 0",
			},
			{
				"T3, by site", `{ sites { nodes { usageSummary(billRunId: "BillRun:7") { chargingType remaining billRun { databaseId } } } } }`,
				"DURATION, 700, 7, MB, 500, 7, ONE_OFF, 10, 7, DURATION, 700, 7",
			},
			{"all runs", `{ customer(id: 1) { usageSummary { chargingType } none: usageSummary(billRunId: 8) { chargingType } } }`, "DURATION, MB, ONE_OFF"},
			{"another type", `{ customer(id: 1) { usageSummary(billRunId: "Site:7") { chargingType } } }`, `BAD_USER_INPUT: "Site:7" is the ID of a Site, not of a BillRun`},
			{
				"entitlements", `{ customer(id: 1) { entitlementSummary(` + at + `) { entitlement { databaseId } units grantCount expiredCount totalQuantity totalUsed remaining } } }`,
				"d1, calls, 3, 1, 1010.5, 962.25, 50, d2, null, 1, 0, 0, 0, 0",
			},
			{"entitlements later", `{ customer(id: 1) { entitlementSummary(asOf: "2025-09-15T12:00:00Z") { expiredCount remaining } } }`, "2, 0, 0, 0"},

			{
				"a day", expiring("withinDays: 1, "+at, what),
				"ENTITLEMENT, 50, 2025-09-15T12:00:00.000000Z, null, null, null, calls, null, null, ENTITLEMENT, null, 2025-09-16T00:00:00.000000Z, null, null, null, sso, null, null",
			},
			{"some days", expiring("withinDays: 6, kinds: [PREPAID_COMMIT, CREDIT], "+at, what), "PREPAID_COMMIT, 5, 2025-09-20T00:00:00.000000Z, null, soon, s0, null, null, null"},
			{
				"some weeks", expiring("withinDays: 21, kinds: [PREPAID_COMMIT, POSTPAID_COMMIT, INCLUSIVE_USAGE], "+at, what),
				"PREPAID_COMMIT, 5, 2025-09-20T00:00:00.000000Z, null, soon, s0, null, null, null, PREPAID_COMMIT, 50, 2025-09-30T00:00:00.000000Z, null, soon, s1, null, null, null, " +
					"INCLUSIVE_USAGE, 700, null, 2025-09-30T23:59:59, null, null, null, 1, 7/100, INCLUSIVE_USAGE, 10, null, 2025-09-30T23:59:59, null, null, null, 3, 7/100, " +
					"POSTPAID_COMMIT, 90, 2025-10-01T00:00:00.000000Z, null, owed, s0, null, null, null, PREPAID_COMMIT, 7, 2025-10-05T00:00:00.000000Z, null, soon, s2, null, null, null",
			},
			{
				"the last second", `{ customer(id: 1) { expiring(withinDays: 1, kinds: [INCLUSIVE_USAGE], asOf: "2025-09-30T23:59:59.5Z") { lastSecond } gone: expiring(withinDays: 1, kinds: [INCLUSIVE_USAGE], asOf: "2025-10-01T00:00:00Z") { lastSecond } } }`,
				"2025-09-30T23:59:59, 2025-09-30T23:59:59",
			},
			{"no time", expiring("withinDays: 0, "+at, "kind"), ""},
			{"no kind", expiring("withinDays: 9999, kinds: [], "+at, "kind"), ""},
			{"below 0", expiring("withinDays: -1", "kind"), "BAD_USER_INPUT: withinDays: -1 is not in 0 to 36500"},

			{
				"all that is low", low("usedRatio: 0.9", `totalCount nodes { key kind customerId allowance remaining usedRatio }`),
				"5, BALANCE/owed/2025-09-01T00:00:00.000000Z, POSTPAID_COMMIT, Customer:1, 1000, 90, 0.91, BALANCE/used/2025-09-01T00:00:00.000000Z, CREDIT, Customer:1, 100, 0, 1, ENTITLEMENT/calls, ENTITLEMENT, Customer:1, 1000, 50, 0.95, " +
					"ENTITLEMENT/more, ENTITLEMENT, Customer:1, 10, -2, 1.2, ENTITLEMENT/other, ENTITLEMENT, Customer:2, 1, 0, 1",
			},
			{
				"pools", low("usedRatio: 0, kinds: [INCLUSIVE_USAGE]", `nodes { key allowance remaining usedRatio component { componentId unit } inclusiveUsageBalance { databaseId } balance { id } entitlementBalance { id } }`),
				"INCLUSIVE_USAGE/1/1/2025-09-01T00:00:00/1, 1000, 700, 0.3, 1, SECOND, 7/100, null, null, INCLUSIVE_USAGE/3/3/2025-09-01T00:00:00/1, 10, 10, 0, 3, EVENT, 7/100, null, null",
			},
			{
				"in order", low("usedRatio: 0.3, first: 2, orderBy: [{field: USED_RATIO, direction: DESC}]", `totalCount pageInfo { hasNextPage } nodes { key customer { databaseId } balance { databaseId } entitlementBalance { databaseId } component { componentId } }`),
				"7, true, ENTITLEMENT/more, 1, null, more, null, BALANCE/used/2025-09-01T00:00:00.000000Z, 1, used, null, null",
			},
			{"of a customer", low(`usedRatio: 0, filter: {customerId: {eq: 2}, remaining: {lte: 0}, kind: {in: [ENTITLEMENT, CREDIT]}}`, `nodes { key }`), "ENTITLEMENT/other"},
			{"of a customer alone", low(`usedRatio: 0, customerId: "Customer:2"`, `totalCount nodes { key } pageInfo { hasNextPage }`), "1, ENTITLEMENT/other, false"},
			{"below 0", `{ lowBalances(usedRatio: -0.1) { totalCount } }`, "BAD_USER_INPUT: usedRatio: it is below 0"},
			{"too many", `{ lowBalances(usedRatio: 1, first: 1001) { totalCount } }`, "BAD_USER_INPUT: first: 1001 is not in 0 to 1000"},
		})
		other := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{2}})
		holds(t, other, []example{
			{"of another customer", low(`usedRatio: 0, customerId: "1"`, `totalCount nodes { key }`), "0"},
			{"of one token", low("usedRatio: 0", `totalCount nodes { key }`), "1, ENTITLEMENT/other"},
			{"of its customers", `{ customer(id: 1) { usageSummary { allowance } } customers { nodes { usageSummary { allowance } expiring(withinDays: 99, ` + at + `) { kind } entitlementSummary { grantCount } } } }`, "null, 1"},
		})
	})
}

// TestLowBalancesAgree holds what is low to what the rows themselves say is left of
// them, on seeded data.
func TestLowBalancesAgree(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 10)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, at := range []string{"2025-06-01T00:00:00Z", "2025-08-01T00:00:00Z", "2025-09-15T12:00:00.5Z"} {
			var body struct {
				Data struct {
					LowBalances struct {
						Nodes []struct {
							Kind, Key, Remaining string
							Balance              *struct{ Balance string }
							EntitlementBalance   *struct{ QuantityRemaining string }
							Component            *struct{ Remaining string }
							Allowance            float64 `json:",string"`
							UsedRatio            float64
						}
					}
				}
			}
			_, answer := s.Ask(t, `{ lowBalances(usedRatio: 0, first: 1000, asOf: "`+at+`") { nodes { kind key remaining allowance usedRatio
				balance { balance(asOf: "`+at+`") } entitlementBalance { quantityRemaining } component { remaining } } } }`)
			if err := json.Unmarshal(answer, &body); err != nil {
				t.Fatal(err)
			}
			kinds := map[string]int{}
			for _, low := range body.Data.LowBalances.Nodes {
				kinds[low.Kind]++
				want := ""
				switch {
				case low.Balance != nil:
					want = low.Balance.Balance
				case low.EntitlementBalance != nil:
					want = low.EntitlementBalance.QuantityRemaining
				case low.Component != nil:
					want = low.Component.Remaining
				}
				left, err := strconv.ParseFloat(low.Remaining, 64)
				if low.Remaining != want || err != nil || math.Abs(low.UsedRatio-(1-left/low.Allowance)) > 1e-9 {
					t.Errorf("%s at %s: %s of %v is left (%v used), want %s", low.Key, at, low.Remaining, low.Allowance, low.UsedRatio, want)
				}
			}
			if len(kinds) != 5 {
				t.Errorf("at %s there are only %v", at, kinds)
			}
		}
	})
}

// TestLatestRunCounts holds that a pool that two bill runs have counts as the
// later one has it, and that of two inventories that disagree the fuller use counts.
func TestLatestRunCounts(t *testing.T) {
	balance := func(run, inventory, remaining, end string) string {
		return `{"billRunId": ` + run + `, "usageProductInventoryId": ` + inventory + `, "inclusiveUsageBalanceAssignments": [{"assignmentId": 1, "assignmentLevel": "CUSTOMER", "components": [
			{"componentId": 1, "byValue": false, "chargingType": "MB", "allowance": 100, "remaining": ` + remaining + `, "startDate": "2025-09-01 00:00:00", "endDate": ` + end + `}]}]}`
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, append(telecom[:3:3], payload{"inclusive-usage-balances", "[" + balance("7", "100", "0", "null") + "," + balance("8", "100", "40", "null") + "," + balance("8", "101", "30", "null") + "]"}))
		holds(t, s, []example{
			{"low", `{ lowBalances(usedRatio: 0.1) { totalCount nodes { remaining component { remaining } inclusiveUsageBalance { databaseId } } } }`, "1, 30, 30, 8/101"},
			{"summary", `{ customer(id: 1) { usageSummary { billRunId remaining } } }`, "BillRun:7, 0, BillRun:8, 30"},
		})
		// The later run has a later end.
		const september, october = `"2025-09-30 23:59:59"`, `"2025-10-31 23:59:59"`
		apitest.Import(t, db, "inclusive-usage-balances", "", "["+balance("7", "100", "5", september)+","+balance("8", "100", "40", october)+","+balance("8", "101", "40", october)+"]")
		holds(t, s, []example{
			{"not yet", `{ customer(id: 1) { expiring(withinDays: 30, asOf: "2025-09-15T00:00:00Z") { lastSecond amount } } }`, ""},
			{"then", `{ customer(id: 1) { expiring(withinDays: 60, asOf: "2025-09-15T00:00:00Z") { lastSecond amount } } }`, "2025-10-31T23:59:59, 40"},
		})
	})
}

// TestPeriodsDecide holds that the latest bill run is the one of the latest period,
// whatever its number.
func TestPeriodsDecide(t *testing.T) {
	balance := func(run, period, remaining string) string {
		return `{"billRunId": ` + run + `, "periodEndDate": "` + period + `", "usageProductInventoryId": 100, "inclusiveUsageBalanceAssignments": [{"assignmentId": 1, "assignmentLevel": "CUSTOMER", "components": [
			{"componentId": 1, "byValue": false, "chargingType": "MB", "allowance": 100, "remaining": ` + remaining + `, "startDate": "2025-09-01 00:00:00", "endDate": "2025-11-30 23:59:59"}]}]}`
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, append(telecom[:3:3], payload{"inclusive-usage-balances", "[" + balance("200", "2025-09-30", "90") + "," + balance("150", "2025-10-31", "1") + "]"}))
		holds(t, s, []example{
			{"low", `{ lowBalances(asOf: "2025-11-01T00:00:00Z") { nodes { remaining inclusiveUsageBalance { databaseId } } } }`, "1, 150/100"},
			{"expiring", `{ customer(id: 1) { expiring(withinDays: 60, asOf: "2025-11-01T00:00:00Z") { amount inclusiveUsageBalance { databaseId } } } }`, "1, 150/100"},
		})
	})
}

// TestOneOverflows holds that an overflow of one customer is an error of that
// one alone.
func TestOneOverflows(t *testing.T) {
	const most = "9000000000000"
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, append(telecom, payload{"customers", `[{"id": 2, "customerType": "BUSINESS"}]`}, payload{"entitlement-balances", `[
			{"id": "a", "customer": "2", "quantity": ` + most + `, "quantity_used": 0}, {"id": "b", "customer": "2", "quantity": ` + most + `, "quantity_used": 0}, {"id": "c", "customer": "1", "quantity": 1, "quantity_used": 1}]`}))
		_, answer := s.Ask(t, `{ customers { nodes { entitlementSummary { totalQuantity } } } lowBalances { totalCount } }`)
		if want := `{"data":{"customers":{"nodes":[{"entitlementSummary":[{"totalQuantity":"1"}]},{"entitlementSummary":null}]},"lowBalances":{"totalCount":1}}}`; !strings.Contains(string(answer), `the sum of entitlements is past 9.2e12`) ||
			strings.Count(string(answer), `"message"`) != 1 || !strings.HasSuffix(string(answer), want[1:]) {
			t.Errorf("got %s", answer)
		}
	})
}

// TestUnknownSegment holds that an entry whose segment is missing is reported, though
// it counts nowhere.
func TestUnknownSegment(t *testing.T) {
	b := grant{id: "b", kind: "CREDIT", segments: []string{"01-01 02-01 100"}, entries: []string{"MANUAL -60 01-10 9"}}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		holds(t, serverOf(t, db, balancesOf(b)), []example{
			{"breakdown", `{ balance(id: "b") { breakdown(asOf: "2025-01-20T00:00:00Z") { balance segments { sum } withoutSegment { reason entry { amount runningBalance } } } } }`, "100, 100, NO_SEGMENT, -60, 40"},
			{"history", `{ customer(id: 1) { balanceHistory(from: "2025-01-01T00:00:00Z", to: "2025-01-20T00:00:00Z", granularity: MONTH) { granted adjusted closing balance differences { reason amount } } } }`, "100, -60, 40, 100, NO_SEGMENT, 60"},
		})
	})
}

// TestExpiringTellsWhatItDoesNotKnow lists what has no ledger or no credit type.
func TestExpiringTellsWhatItDoesNotKnow(t *testing.T) {
	row := func(id, more string) string {
		return `{"id":"` + id + `","customer_id":"1","type":"CREDIT","product":{"id":"p"},"access_schedule":{` + more + `"schedule_items":[{"id":"s","amount":10,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}]}`
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, []payload{{"customers", `[{"id": 1, "customerType": "BUSINESS"}]`}, {"balances", "[" + row("dark", `"credit_type":{"id":"eur"},`) + "}," +
			row("plain", "") + `,"ledger":[{"type":"CREDIT_SEGMENT_START","amount":10,"timestamp":"2025-01-01T00:00:00Z","segment_id":"s"}]}]`}})
		holds(t, s, []example{{"both", `{ customer(id: 1) { expiring(withinDays: 30, asOf: "2025-01-15T00:00:00Z") { amount balance { databaseId } } netBalances { balance } } }`, "null, dark, 10, plain, 0"}})
	})
}
