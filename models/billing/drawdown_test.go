package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// live is a balance of one segment that is active now. FIELDS are more of its row,
// as Metronome answers them.
func live(id, kind, amount, fields string) grant {
	return grant{id: id, kind: kind, extra: fields, segments: []string{"2020-01-01 2099-01-01 " + amount}}
}

// balancesOf are the payloads of a customer with these balances in US cents.
func balancesOf(grants ...grant) []payload {
	rows := make([]string, len(grants))
	for i, g := range grants {
		g.extra = `"customer_id":"1",` + g.extra
		rows[i] = g.json(models.USDCents)
	}
	return []payload{{"customers", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`}, {"balances", "[" + strings.Join(rows, ",") + "]"}}
}

// invoiced is the invoice schedule of a commit that is invoiced these amounts.
func invoiced(amounts ...string) string {
	items := make([]string, len(amounts))
	for i, amount := range amounts {
		items[i] = fmt.Sprintf(`{"id":"i%d","timestamp":"2025-01-01T00:00:00Z","amount":%s}`, i, amount)
	}
	return `"invoice_schedule":{"schedule_items":[` + strings.Join(items, ",") + `]},`
}

// TestDrawdown previews what usage draws on, in which order and why.
func TestDrawdown(t *testing.T) {
	const (
		steps    = ` { steps { balance { databaseId } amount reason } uncovered unknowns { balance { databaseId } reason included } } } }`
		paid     = `"invoice_schedule":{"schedule_items":[{"id":"i","timestamp":"2025-01-01T00:00:00Z"}]},`
		rollover = `"rolled_over_from":{"commit_id":"old","contract_id":"c0"},`
	)
	preview := func(arguments string) string { return `{ customer(id: 1) { drawdownPreview(` + arguments + `)` + steps }
	many := live("many", "CREDIT", "10", `"applicable_product_ids":["p1","p2"],`)
	one := live("one", "CREDIT", "10", `"applicable_product_ids":["p1"],`)
	tagged := live("tagged", "CREDIT", "10", `"applicable_product_tags":["t1"],`)
	all := live("all", "CREDIT", "10", "")
	scenes := []struct {
		name     string
		grants   []grant
		examples []example
	}{
		{"M12", []grant{
			live("A", "CREDIT", "4000", `"priority":1,`), live("B", "PREPAID", "10000", `"priority":1,`+paid), live("C", "PREPAID", "3000", `"priority":2,`+paid),
			live("D", "POSTPAID", "100000", ""), live("R", "PREPAID", "5000", `"priority":9,`+rollover),
		}, []example{
			{"the amount", preview(`amount: 25000`), "R, 5000, FIRST, A, 4000, GROUP, B, 10000, COST_BASIS, C, 3000, PRIORITY, D, 3000, GROUP, 0"},
			{"what is left", `{ customer(id: 1) { drawdownPreview(amount: "25000") { steps { segmentId remaining } } } }`, "s0, 0, s0, 0, s0, 0, s0, 0, s0, 97000"},
			{"more than there is", preview(`amount: 122000.5`), "R, 5000, FIRST, A, 4000, GROUP, B, 10000, COST_BASIS, C, 3000, PRIORITY, D, 100000, GROUP, 0.5"},
			{"nothing", preview(`amount: 0`), "0"},
			{"less than nothing", preview(`amount: -1`), "BAD_USER_INPUT: amount: -1 is below 0"},
			{"another currency", preview(`amount: 7, creditTypeId: "eur"`), "7"},
			{"before it all", preview(`amount: 7, at: "2019-12-31T23:59:59Z"`), "7"},
		}},
		{"products", []grant{many, one, tagged, all}, []example{
			{"known", preview(`amount: 35, productId: "p1", productTags: ["t1", "t2"]`), "one, 10, FIRST, many, 10, PRODUCTS, tagged, 10, PRODUCTS, all, 5, PRODUCTS, 0, tagged, PRODUCT_COUNT, true"},
			{"another", preview(`amount: 35, productId: "p2", productTags: []`), "many, 10, FIRST, all, 10, PRODUCTS, 15"},
			{"not known", preview(`amount: 35`), "all, 10, FIRST, 25, many, PRODUCT, false, one, PRODUCT, false, tagged, PRODUCT_TAGS, false"},
			{"no tags known", preview(`amount: 5, productId: "p3"`), "all, 5, FIRST, 0, tagged, PRODUCT_TAGS, false"},
		}},
		{"specifiers", []grant{
			live("both", "CREDIT", "10", `"specifiers":[{"product_id":"p1","product_tags":["t1","t2"]}],`),
			live("either", "CREDIT", "10", `"specifiers":[{"product_id":"p9"},{"product_tags":["t1"]}],`),
			live("group", "CREDIT", "10", `"specifiers":[{"product_id":"p1","pricing_group_values":{"region":"eu"}}],`),
		}, []example{
			{"all hold", preview(`amount: 50, productId: "p1", productTags: ["t1", "t2"]`), "both, 10, FIRST, either, 10, PRODUCTS, 30, either, PRODUCT_COUNT, true, group, GROUP_VALUES, false"},
			{"a tag lacks", preview(`amount: 50, productId: "p1", productTags: ["t1"]`), "either, 10, FIRST, 40, either, PRODUCT_COUNT, true, group, GROUP_VALUES, false"},
			{"none holds", preview(`amount: 50, productId: "p2", productTags: []`), "50"},
		}},
		{"ties", []grant{
			{id: "early", kind: "CREDIT", segments: []string{"2020-01-01 2090-01-01 1"}},
			{id: "late", kind: "CREDIT", segments: []string{"2019-01-01 2099-01-01 1", "2020-01-01 2099-01-01 1"}},
			live("contracts", "CREDIT", "1", `"applicable_contract_ids":["c1"],`),
			live("older", "CREDIT", "1", `"created_at":"2020-01-01T00:00:00Z",`), live("newer", "CREDIT", "1", `"created_at":"2020-01-01T00:00:00.000001Z",`),
			live("a", "CREDIT", "1", ""), live("level", "CREDIT", "1", `"contract":{"id":"c1"},`), live("first", "CREDIT", "1", `"priority":0.5,`),
			live("basis", "PREPAID", "1", `"cost_basis":0.8,`), live("gift", "PREPAID", "1", paid+`"cost_basis":0,`),
		}, []example{
			{"all", preview(`amount: 11`), "first, 1, FIRST, level, 1, PRIORITY, early, 1, CONTRACT_LEVEL, late, 1, ENDING_BEFORE, contracts, 1, STARTING_AT, older, 1, CONTRACTS, " +
				"newer, 1, CREATED_AT, a, 1, CREATED_AT, gift, 1, ID, late, 1, ID, basis, 1, COST_BASIS, 0, contracts, CONTRACT, true, level, CONTRACT, true"},
		}},
		{"rollovers", []grant{
			live("prepaid", "PREPAID", "1", rollover+`"priority":1,`), live("postpaid", "POSTPAID", "1", rollover+`"priority":2,`),
			live("grouped", "PREPAID", "1", rollover+`"priority":1,"specifiers":[{"product_id":"p1"},{"pricing_group_values":{"a":"b"}}],`), live("free", "CREDIT", "1", `"priority":0,"rolled_over_from":{"credit_id":"x"},`),
		}, []example{
			{"order", preview(`amount: 9, productId: "p1"`), "postpaid, 1, FIRST, prepaid, 1, POSTPAID_ROLLOVER, grouped, 1, GROUP_VALUES, free, 1, GROUP, 5"},
		}},
		{"C2: invoiced for nothing", []grant{
			live("a paid", "PREPAID", "1", invoiced("0.000001")), live("b empty", "PREPAID", "1", invoiced()), live("c zero", "PREPAID", "1", invoiced("0")), live("d cancels", "PREPAID", "1", invoiced("5", "-5")),
			live("e large", "PREPAID", "1", invoiced("9200000000000", "9200000000000")), live("f credit", "CREDIT", "1", ""), live("g none", "PREPAID", "1", `"invoice_schedule":{},`),
			live("h basis", "PREPAID", "1", `"cost_basis":1,`+invoiced()), live("i unit", "PREPAID", "1", `"invoice_schedule":{"schedule_items":[{"id":"i","quantity":2,"unit_price":0}]},`),
		}, []example{
			{"free first", preview(`amount: 9`), "b empty, 1, FIRST, c zero, 1, ID, d cancels, 1, ID, f credit, 1, ID, g none, 1, ID, i unit, 1, ID, a paid, 1, COST_BASIS, e large, 1, ID, h basis, 1, ID, 0"},
		}},
		{"drafts, archives and seats", []grant{
			{id: "drawn", kind: "CREDIT", segments: []string{"2020-01-01 2099-01-01 10"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -4 2030-01-01 0 i"}},
			live("archived", "CREDIT", "5", `"archived_at":"2025-02-01T00:00:00Z",`),
			live("seat", "CREDIT", "5", `"subscription_config":{"allocation":"INDIVIDUAL","subscription_id":"s"},`),
		}, []example{{"drawn on", preview(`amount: 100`), "drawn, 6, FIRST, seat, 5, ID, 89, seat, SEAT, true"}}},
	}
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				s := serverOf(t, db, append(balancesOf(scene.grants...), payload{"invoices", `[{"id":"i","status":"DRAFT"}]`}))
				holds(t, s, scene.examples)
			})
		})
	}
}

// TestDrawdownWithoutLedger previews a balance whose rest is not known.
func TestDrawdownWithoutLedger(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		s := serverOf(t, db, []payload{{"customers", `[{"id": 1, "customerType": "BUSINESS"}]`}, {"balances", `[{"id":"b","customer_id":"1","type":"CREDIT","product":{"id":"p"},
			"access_schedule":{"credit_type":{"id":"eur"},"schedule_items":[{"id":"s","amount":1,"starting_at":"2020-01-01T00:00:00Z","ending_before":"2099-01-01T00:00:00Z"}]}}]`}})
		holds(t, s, []example{{"said", `{ customer(id: 1) { drawdownPreview(amount: 1, creditTypeId: "eur") { steps { amount } uncovered unknowns { reason included } } } }`, "1, LEDGER, false"}})
	})
}
