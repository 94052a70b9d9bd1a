package billing_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// payload is what a billing system answers.
type payload struct{ kind, content string }

// example is a question and the values of its answer, in their order.
type example struct{ name, query, want string }

var telecomCustomer = []payload{
	{"customers", `[{"id": 1, "customerName": "One"}]`},
	{"sites", `[{"id": 10, "customerId": 1}, {"id": 11, "customerId": 1}]`},
}

// telecom is a customer with a pool of its own, one of a site and one of an
// inventory. Inventory 100 used 200 of the customer's pool, 110 used 100. The
// window of the site's pool lies before the bill run.
var telecom = append(telecomCustomer,
	payload{"usage-product-inventories", `[
		{"id": 100, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "productReferences": [{"id": 1, "productReference": "a"}]},
		{"id": 101, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "productReferences": [{"id": 2, "productReference": "b"}]},
		{"id": 110, "siteId": 11, "usageProductId": 1, "startDate": "2025-01-01", "productReferences": [{"id": 3, "productReference": "c"}]}]`},
	payload{"inclusive-usage-balances", strings.NewReplacer(
		"BALANCE", `"billRunId": 7, "periodStartDate": "2025-09-01", "periodEndDate": "2025-09-30", "usageProductInventoryId"`,
		"A1", `{"assignmentId": 1, "assignmentLevel": "CUSTOMER", "components": [{"componentId": 1, "byValue": false, "chargingType": "DURATION",
			"allowance": 1000, "remaining": 700, "startDate": "2025-09-01 00:00:00", "endDate": "2025-09-30 23:59:59"}]}`,
		"A2", `{"assignmentId": 2, "assignmentLevel": "SITE", "components": [{"componentId": 2, "byValue": false, "chargingType": "MB",
			"allowance": 500, "remaining": 500, "startDate": "2025-08-01 00:00:00", "endDate": "2025-08-31 23:59:59"}]}`,
		"A3", `{"assignmentId": 3, "assignmentLevel": "INVENTORY", "components": [{"componentId": 3, "byValue": false, "chargingType": "ONE_OFF",
			"allowance": 10, "remaining": 10, "startDate": "2025-09-01 00:00:00", "endDate": "2025-09-30 23:59:59"}]}`,
	).Replace(`[
		{BALANCE: 100, "inclusiveUsageBalanceAssignments": [A1, A2, A3]},
		{BALANCE: 101, "inclusiveUsageBalanceAssignments": [A1, A2]},
		{BALANCE: 110, "inclusiveUsageBalanceAssignments": [A1]}]`)},
)

// TestExamples holds the worked examples of what the terms of the billing systems
// mean. Z are entitlements, T is telecom.
func TestExamples(t *testing.T) {
	for _, scene := range []struct {
		name     string
		payloads []payload
		examples []example
	}{
		{"entitlements", []payload{
			{"customers", `[{"id": 1, "externalIds": [{"system": "zenskar", "value": "z1"}]}]`},
			{"entitlement-balances", `{"results": [
				{"id": "e1", "name": "E1", "customer": "z1", "quantity": 10000, "quantity_used": 2500, "active_from": "2024-01-01T00:00:00Z", "expiry_at": "2024-12-31T23:59:59Z", "contract_id": "c1"},
				{"id": "e2", "name": "E2", "customer": "z1", "quantity": 100, "quantity_used": 45.2, "expiry_at": "2024-02-14T23:59:59Z", "contract_id": "c2"},
				{"id": "e3", "name": "E3", "customer": "z1", "quantity": 500, "quantity_used": 500, "expiry_at": null},
				{"id": "e4", "name": "E4", "customer": "z1", "quantity": 0, "quantity_used": 0, "expiry_at": null},
				{"id": "e5", "name": "E5", "customer": "z1", "quantity": 1000, "quantity_used": 950, "expiry_at": "2024-03-01T00:00:00Z"}], "next": null, "total": 5}`},
		}, []example{
			{"Z1", `{ entitlementBalances(filter: {quantity: {gt: 0}}) { nodes { name } } }`, "E1, E2, E3, E5"},
			{"Z2", `{ entitlementBalances(filter: {available: true}) { nodes { name } } }`, "E1, E2, E5"},
			{"Z2 otherwise", `{ entitlementBalances(filter: {quantityRemaining: {gt: 0}}) { nodes { name } } }`, "E1, E2, E5"},
			{"Z3", `{ entitlementBalances(filter: {expiryAt: {lt: "2024-03-01T00:00:00Z"}}) { nodes { name } } }`, "E2"},
			{"Z4", `{ entitlementBalances(filter: {expiryAt: {lte: "2024-03-01T00:00:00Z"}}) { nodes { name } } }`, "E2, E5"},
			{"Z5", `{ entitlementBalances(filter: {quantity: {neq: 0}, quantityUsed: {gte: 500}}) { nodes { name } } }`, "E1, E3, E5"},
			{"Z8", `{ entitlementBalances(filter: {usedRatio: {gte: 0.9}}) { nodes { name usedRatio } } }`, "E3, 1, E5, 0.95"},
			{"Z8, undefined", `{ entitlementBalances(filter: {usedRatio: {isNull: true}}) { nodes { name usedRatio } } }`, "E4, null"},
			{"Z9", `{ entitlementBalance(id: "e2") { quantityRemaining } }`, "54.8"},
			{"Z11", `{ entitlementBalances(filter: {activeAt: "2024-02-14T23:59:59Z"}) { nodes { name } } }`, "E1, E3, E4, E5"},
			{"Z11, a second before", `{ entitlementBalances(filter: {activeAt: "2024-02-14T23:59:58Z"}) { nodes { name } } }`, "E1, E2, E3, E4, E5"},
		}},
		{"usage balances", telecom, []example{
			{
				"T1", `{ inclusiveUsageBalances(filter: {billRunId: {eq: 7}}) { nodes { usageProductInventory { databaseId } assignments { assignmentId } } } }`,
				"100, 1, 2, 3, 101, 1, 2, 110, 1",
			},
			{
				"T2", `{ inclusiveUsageBalances(filter: {siteId: {eq: 11}}) { nodes { usageProductInventory { databaseId } assignments { assignmentId components { remaining } } } } }`,
				"110, 1, 700",
			},
			{"T9, 0", `{ inclusiveUsageBalances(first: 0) { totalCount nodes { id } edges { cursor } } }`, "3"},
			{"T9, below", `{ inclusiveUsageBalances(first: -1) { totalCount } }`, "BAD_USER_INPUT: first: -1 is not in 0 to 1000"},
			{"T9, above", `{ usageProductInventories(first: 1001) { totalCount } }`, "BAD_USER_INPUT: first: 1001 is not in 0 to 1000"},
			{"T9, nested", `{ customer(id: 1) { inclusiveUsageBalances(last: 501) { totalCount } } }`, "BAD_USER_INPUT: last: 501 is not in 0 to 500"},
			{"T9, neither", `{ inclusiveUsageBalances { nodes { databaseId } } }`, "7/100, 7/101, 7/110"},
			{
				"T10", `{ inclusiveUsageBalances(last: 2) { nodes { periodStartDate components(filter: {componentId: {eq: 2}}) { startDate endDate } } } }`,
				"2025-09-01, 2025-08-01T00:00:00, 2025-08-31T23:59:59, 2025-09-01",
			},
		}},
		{"ends", append(telecomCustomer, payload{"usage-product-inventories", `[
			{"id": 1, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "endDate": null, "productReferences": [{"id": 1, "productReference": "a"}]},
			{"id": 2, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "endDate": "2025-09-30", "productReferences": [{"id": 2, "productReference": "b"}]},
			{"id": 3, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "endDate": "2025-10-01", "productReferences": [{"id": 3, "productReference": "c"}]},
			{"id": 4, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "endDate": "2026-01-01", "productReferences": [{"id": 4, "productReference": "d"}]}]`},
		), []example{
			{"T5, gt", `{ usageProductInventories(filter: {endDate: {gt: "2025-09-30"}}) { nodes { databaseId } } }`, "3, 4"},
			{"T5, gtn", `{ usageProductInventories(filter: {endDate: {gtOrNull: "2025-09-30"}}) { nodes { databaseId } } }`, "1, 3, 4"},
			{"T5, lt", `{ usageProductInventories(filter: {endDate: {lt: "2025-10-01"}}) { nodes { databaseId } } }`, "2"},
			{"T5, eq", `{ usageProductInventories(filter: {endDate: {eq: "2025-10-01"}}) { nodes { databaseId } } }`, "3"},
		}},
		{"caps", append(telecomCustomer, payload{"usage-product-inventories", `[
			{"id": 1, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "usageCapEnabled": true, "defaultUsageCap": 5000, "overrideUsageCap": 7500, "productReferences": [{"id": 1, "productReference": "a"}]},
			{"id": 2, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "usageCapEnabled": true, "defaultUsageCap": 5000, "overrideUsageCap": null, "productReferences": [{"id": 2, "productReference": "b"}]},
			{"id": 3, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "usageCapEnabled": false, "defaultUsageCap": 5000, "overrideUsageCap": 7500, "productReferences": [{"id": 3, "productReference": "c"}]},
			{"id": 4, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "usageCapEnabled": true, "productReferences": [{"id": 4, "productReference": "d"}]}]`},
		), []example{
			{"T7", `{ usageProductInventories { nodes { effectiveUsageCap } } }`, "7500, 5000, null, null"},
		}},
		{"sort", append(telecomCustomer, payload{"usage-product-inventories", `[
			{"id": 4, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "productReferences": [{"id": 4, "productReference": "a"}]},
			{"id": 3, "siteId": 10, "usageProductId": 1, "startDate": "2025-01-01", "productReferences": [{"id": 3, "productReference": "b"}]},
			{"id": 1, "siteId": 11, "usageProductId": 1, "startDate": "2026-01-01", "productReferences": [{"id": 1, "productReference": "c"}]},
			{"id": 2, "siteId": 10, "usageProductId": 1, "startDate": "2024-01-01", "productReferences": [{"id": 2, "productReference": "d"}]},
			{"id": 5, "siteId": 10, "usageProductId": 1, "startDate": "2026-01-01", "productReferences": [{"id": 5, "productReference": "e"}]}]`},
		), []example{
			{"T8", `{ usageProductInventories(orderBy: [{field: SITE_ID}, {field: START_DATE, direction: DESC}]) { nodes { databaseId } } }`, "5, 3, 4, 2, 1"},
		}},
	} {
		t.Run(scene.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				holds(t, serverOf(t, db, scene.payloads), scene.examples)
			})
		})
	}
}

// serverOf imports the payloads and serves them.
func serverOf(t *testing.T, db *gorm.DB, payloads []payload) apitest.Server {
	t.Helper()
	for _, p := range payloads {
		apitest.Import(t, db, p.kind, "", p.content)
	}
	return apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
}

// holds asks the examples.
func holds(t *testing.T, s apitest.Server, examples []example) {
	t.Helper()
	for _, e := range examples {
		if _, answer := s.Ask(t, e.query); apitest.Values(t, answer) != e.want {
			t.Errorf("%s: %s\n got %s\nwant %s", e.name, e.query, apitest.Values(t, answer), e.want)
		}
	}
}

// TestPoolsAreCountedOnce is example T3: a shared pool stands in the balance of
// each inventory that it reaches, and a total counts it once.
func TestPoolsAreCountedOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		status, answer := serverOf(t, db, telecom).Ask(t, `{ customer(id: 1) { inclusiveUsageBalances(filter: {billRunId: {eq: 7}}) { nodes { billRunId assignments { assignmentId
			components(filter: {componentId: {eq: 1}}) { componentId startDate remaining } } } } } }`)
		var body struct {
			Data struct {
				Customer struct {
					InclusiveUsageBalances struct {
						Nodes []struct {
							BillRunID   string
							Assignments []struct {
								AssignmentID string
								Components   []struct {
									ComponentID, StartDate string
									Remaining              int `json:",string"`
								}
							}
						}
					}
				}
			}
		}
		if err := json.Unmarshal(answer, &body); err != nil || status != http.StatusOK {
			t.Fatalf("%v: %s", err, answer)
		}
		rows, naive := 0, 0
		pools := map[[4]string]int{}
		for _, balance := range body.Data.Customer.InclusiveUsageBalances.Nodes {
			for _, assignment := range balance.Assignments {
				for _, c := range assignment.Components {
					rows++
					naive += c.Remaining
					pools[[4]string{balance.BillRunID, assignment.AssignmentID, c.ComponentID, c.StartDate}] = c.Remaining
				}
			}
		}
		total := 0
		for _, remaining := range pools {
			total += remaining
		}
		if rows != 3 || naive != 2100 || total != 700 {
			t.Errorf("%d rows, %d in all, %d in pools; want 3, 2100 and 700", rows, naive, total)
		}
	})
}
