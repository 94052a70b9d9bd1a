package ingest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestBalanceFields keeps all that Metronome documents of a balance.
func TestBalanceFields(t *testing.T) {
	const content = `{"id":"b","customer":{"id":1,"name":"Acme"},"type":"POSTPAID_COMMIT","rate_type":"COMMIT_RATE","name":"N","description":"D","priority":0.5,
		"product":{"id":"p","name":"P"},"contract":{"id":"c","name":"C"},"rollover_fraction":0.25,"cost_basis":0.9,"uniqueness_key":"u",
		"applicable_product_ids":["p1","p2"],"applicable_product_tags":["t"],"applicable_contract_ids":["c1"],
		"specifiers":[{"product_id":"p3","product_tags":["a","b"],"pricing_group_values":{"z":"1","a":"2"},"presentation_group_values":{"r":"s","n":null}}],
		"rolled_over_from":{"commit_id":"b0","contract_id":"c0"},"recurring_commit_id":"r","invoice_contract":{"id":"c2"},
		"invoice_schedule":{"credit_type":{"id":"usd","name":"USD (cents)"},"do_not_invoice":true,"schedule_items":[
			{"id":"i","timestamp":"2025-01-01T02:00:00+02:00","amount":10.5,"quantity":2,"unit_price":5.25,"invoice_id":"inv"}]},
		"subscription_config":{"allocation":"POOLED","subscription_id":"sub","apply_seat_increase_config":{"is_prorated":false}},
		"hierarchy_configuration":{"child_access":{"type":"CONTRACT_IDS","contract_ids":["c3"]}},
		"custom_fields":{"k":"v","a":"b"},"netsuite_sales_order_id":"n","salesforce_opportunity_id":"s","created_by":"me",
		"created_at":1735689600000,"archived_at":"2025-06-01T00:00:00.123456Z","balance":7,"amount":8,
		"access_schedule":{"schedule_items":[{"id":"seg","amount":10,"credit_type":{"id":"usd"},"starting_at":"2025-01-01T00:00:00Z","ending_before":"2026-01-01T00:00:00Z"}]},
		"ledger":[{"type":"POSTPAID_COMMIT_INITIAL_BALANCE","amount":10,"timestamp":"2025-01-01T00:00:00Z"},
			{"type":"POSTPAID_COMMIT_ROLLOVER","amount":-1,"timestamp":"2025-02-01T00:00:00Z","segment_id":"seg","contract_id":"c4","new_contract_id":"c5","reason":"R"}]}`
	const want = `{"ID":"b","CustomerID":1,"Type":"POSTPAID_COMMIT","ContractID":"c","ProductID":"p","Name":"N","Description":"D","Priority":0.5,"RateType":"COMMIT_RATE",
		"CreditTypeID":"usd","ApplicableProductIds":["p1","p2"],"ApplicableProductTags":["t"],"ApplicableContractIds":["c1"],
		"Specifiers":[{"productId":"p3","productTags":["a","b"],"pricingGroupValues":[{"key":"a","value":"2"},{"key":"z","value":"1"}],"presentationGroupValues":[{"key":"r","value":"s"}]}],
		"RolloverFraction":0.25,"RolledOverFromBalanceID":"b0","RolledOverFromContractID":"c0","RecurringBalanceID":"r",
		"InvoiceSchedule":{"creditType":{"ID":"usd","Name":"USD (cents)"},"doNotInvoice":true,"scheduleItems":[
			{"id":"i","timestamp":"2025-01-01T00:00:00.000000Z","amount":"10.5","quantity":"2","unitPrice":"5.25","invoiceId":"inv"}]},
		"InvoiceContractID":"c2","SubscriptionConfig":{"allocation":"POOLED","subscriptionId":"sub","applySeatIncreaseConfig":{"isProrated":false}},
		"HierarchyConfiguration":{"childAccess":{"type":"CONTRACT_IDS","contractIds":["c3"]}},"CostBasis":0.9,"UniquenessKey":"u",
		"NetsuiteSalesOrderID":"n","SalesforceOpportunityID":"s","CreatedBy":"me","CreatedAt":"2025-01-01T00:00:00.000000Z","ArchivedAt":"2025-06-01T00:00:00.123456Z"}`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		f := file{kind: "balances", content: content}
		summary := f.must(t, db)
		same(t, "unknown fields", map[string]int{}, summary.UnknownFields)
		same(t, "reckoned fields", map[string]int{"balance": 1}, summary.NotKept)
		if want := "not kept, because usagegraph reckons it itself: balance (1)"; !strings.Contains(summary.String(), want) {
			t.Errorf("the summary lacks %q:\n%s", want, summary)
		}
		reader := store.NewReader(db, store.Scope{All: true})
		rows, err := store.Children(t.Context(), reader, models.BalanceByID, []models.BalanceID{"b"})
		if err != nil {
			t.Fatal(err)
		}
		row := *rows["b"][0]
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		var got, expected map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(want), &expected); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"UpdatedAt", "Digest", "LedgerDigest"} {
			delete(got, name)
		}
		same(t, "the balance", expected, got)
		same(t, "custom fields", []string{"a=b", "k=v"}, query(t, db, `SELECT "key" || '=' || value FROM balance_custom_fields ORDER BY 1`))
		// The other contracts may be those of other customers, so that this row does not make them.
		same(t, "contracts", []string{"c"}, query(t, db, "SELECT id FROM contracts ORDER BY id"))
		same(t, "entries", []string{"1 1 - - -", "2 5 seg c4 c5"}, query(t, db, `SELECT CAST(number AS text) || ' ' || CAST(type_rank AS text) || ' ' ||
			COALESCE(segment_id, '-') || ' ' || COALESCE(contract_id, '-') || ' ' || COALESCE(new_contract_id, '-') FROM ledger_entries ORDER BY number`))
		if summary := f.must(t, db); summary.Changed != 0 {
			t.Error(summary)
		}
	})
}

// TestEntitlementFields takes ids and populated objects alike.
func TestEntitlementFields(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		f := file{kind: "entitlement-balances", content: `{"id":"e","customer_id":"1","name":"Row","units":"GB","type":"feature","source_id":7,"event":"manual","status":"draft",
			"entitlement":{"id":"d","name":"Definition","description":"About","is_active":true},"quantity":"1.5","quantity_remaining":0.5,"numeric_value":3}`}
		same(t, "unknown fields", map[string]int{"numeric_value": 1}, f.must(t, db).UnknownFields)
		same(t, "row", []string{"Row GB FEATURE 7 manual draft 1500000 d"}, query(t, db, `SELECT name || ' ' || units || ' ' || type || ' ' || source_id || ' ' ||
			event || ' ' || status || ' ' || CAST(quantity AS text) || ' ' || entitlement_id FROM entitlement_balances`))
		same(t, "definition, of which the row says nothing", []string{"Definition About - -"}, query(t, db,
			"SELECT name || ' ' || description || ' ' || COALESCE(units, '-') || ' ' || COALESCE(type, '-') FROM entitlements"))
	})
}

// TestUnknownFields counts fields that are not kept, by their path.
func TestUnknownFields(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	importSamples(t, db, "customers", "sites")
	f := file{kind: "usage-product-inventories", content: `[{"id":1,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","a":{"b":1},"productReferences":[
		{"id":1,"productReference":"R","x":1},{"id":2,"productReference":"S","x":null,"y\n":2}]}]`}
	same(t, "fields", map[string]int{"a": 1, "productReferences[].x": 2, `productReferences[].y\n`: 1}, f.must(t, db).UnknownFields)
}
