package check_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// rules are ways to break the sound data, and all that a check then finds.
var rules = []struct {
	name string
	sql  []string
	want []string
}{
	{"sound", nil, nil},
	{
		"an amount below 0",
		[]string{`UPDATE access_segments SET amount = -1000000 WHERE id = 't'`},
		[]string{"1 Balance:c | segment t | amount | -1 | a number that is not below 0"},
	},
	{"an end at the start", []string{
		`UPDATE access_segments SET ending_before = '2025-01-01T00:00:00.000000Z' WHERE id = 't'`,
		`UPDATE balance_sums SET ending_before = '2025-01-01T00:00:00.000000Z' WHERE segment_id = 't'`,
	}, []string{"1 Balance:c | segment t | ending_before | 2025-01-01T00:00:00.000000Z | an instant after starting_at"}},
	{
		"two segments of a postpaid commit",
		[]string{`INSERT INTO access_segments SELECT balance_id, 'v', customer_id, amount, starting_at, ending_before FROM access_segments WHERE id = 'u'`},
		[]string{"2 Balance:p |  | access_schedule.schedule_items | 2 segments | exactly one segment in a postpaid commit"},
	},
	{
		"no segment of a postpaid commit",
		[]string{`DELETE FROM access_segments WHERE id = 'u'`, `DELETE FROM balance_sums WHERE balance_id = 'p'`},
		nil,
	}, // the source may leave the schedule out
	{
		"another amount of a postpaid commit",
		[]string{`UPDATE access_segments SET amount = 90000000 WHERE id = 'u'`},
		[]string{"2 Balance:p |  | ledger | POSTPAID_COMMIT_INITIAL_BALANCE of 100 | the amount of the segment, 90"},
	},
	{"a rest after the end", []string{
		`UPDATE ledger_entries SET amount = -5000000, running_balance = 1000000 WHERE balance_id = 'b' AND number = 3`,
		`UPDATE balance_sums SET amount = -5000000 WHERE balance_id = 'b' AND kind = 'ENDED'`,
	}, []string{"3 Balance:b | segment s | ledger | entries that sum to 1 | a sum of 0 after the segment ended and its rest was taken away"}},
	{"an invoice that became void", []string{`UPDATE invoices SET status = 'VOID' WHERE id = 'j'`}, []string{
		"15 Balance:c | entry 3 |  | running balance 3 | 4",
		"14 Balance:c | segment t, sum SETTLED |  | 3 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z | 4 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z",
	}},
	{
		"a deduction without an invoice",
		[]string{`UPDATE ledger_entries SET invoice_id = NULL WHERE balance_id = 'b'`},
		[]string{"4 Balance:b | entry 2 | invoice_id | nothing | the invoice of the deduction"},
	},
	{
		"two deductions by an invoice",
		[]string{`UPDATE ledger_entries SET invoice_id = 'i' WHERE invoice_id = 'j'`},
		[]string{"5 Balance:c | entry 3 | invoice_id | i | one deduction of an invoice from segment t: entry 2 has it"},
	},
	{
		"a fraction above 1",
		[]string{`UPDATE balances SET rollover_fraction = 1.5 WHERE id = 'b'`},
		[]string{"7 Balance:b |  | rollover_fraction | 1.5 | a number from 0 to 1"},
	},
	{
		"more than the allowance",
		[]string{`UPDATE inclusive_usage_components SET remaining = 11000000 WHERE assignment_id = 3`},
		[]string{"8 InclusiveUsageBalance:7/100 | assignment 3, component 3 from 2025-09-01T00:00:00 | remaining | 11 | 0 to the allowance, 10"},
	},
	{
		"less than nothing",
		[]string{`UPDATE inclusive_usage_components SET remaining = -1 WHERE assignment_id = 3`},
		[]string{"8 InclusiveUsageBalance:7/100 | assignment 3, component 3 from 2025-09-01T00:00:00 | remaining | -0.000001 | 0 to the allowance, 10"},
	},
	{
		"overuse",
		[]string{`UPDATE entitlement_balances SET quantity_used = 6000000`},
		[]string{"9 EntitlementBalance:e |  | quantity_used | 6 | 0 to the quantity, 5"},
	},
	{
		"a use below 0",
		[]string{`UPDATE entitlement_balances SET quantity_used = -1000000, quantity = NULL`},
		[]string{"9 EntitlementBalance:e |  | quantity_used | -1 | 0 or more"},
	},
	{
		"a pool of two customers",
		[]string{assign(200, 1, 2, "CUSTOMER")},
		[]string{"10 InclusiveUsageBalance:7/200 | assignment 1 | assignmentLevel | CUSTOMER of Customer:2 | CUSTOMER of Customer:1, as in InclusiveUsageBalance:7/100"},
	},
	{
		"a pool of two sites",
		[]string{assign(110, 2, 1, "SITE")},
		[]string{"10 InclusiveUsageBalance:7/110 | assignment 2 | assignmentLevel | SITE of Site:11 | SITE of Site:10, as in InclusiveUsageBalance:7/100"},
	},
	{
		"a pool of two inventories",
		[]string{assign(101, 3, 1, "INVENTORY")},
		[]string{"10 InclusiveUsageBalance:7/101 | assignment 3 | assignmentLevel | INVENTORY of UsageProductInventory:101 | INVENTORY of UsageProductInventory:100, as in InclusiveUsageBalance:7/100"},
	},
	{
		"a pool of two levels",
		[]string{`UPDATE inclusive_usage_assignments SET assignment_level = 'SITE' WHERE assignment_id = 1 AND usage_product_inventory_id = 101`},
		[]string{"10 InclusiveUsageBalance:7/101 | assignment 1 | assignmentLevel | SITE of Site:10 | CUSTOMER of Customer:1, as in InclusiveUsageBalance:7/100"},
	},
	{
		"no reference",
		[]string{`DELETE FROM product_references WHERE usage_product_inventory_id = 110`},
		[]string{"11 UsageProductInventory:110 |  | productReferences | no reference | a list of at least one reference"},
	},
	{
		"one key of two balances",
		[]string{`UPDATE balances SET uniqueness_key = 'k1' WHERE id = 'c'`},
		[]string{`13 Balance:b |  | uniqueness_key | "k1" in 2 balances of the customer | a key that no other balance of the customer has`},
	},
	{
		"another sum",
		[]string{`UPDATE balance_sums SET amount = 3000001 WHERE balance_id = 'c'`},
		[]string{"14 Balance:c | segment t, sum SETTLED |  | 3.000001 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z | 3 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z"},
	},
	{
		"no sum",
		[]string{`DELETE FROM balance_sums WHERE kind = 'ENDED'`},
		[]string{"14 Balance:b | segment s, sum ENDED at 2025-02-01T00:00:00.000000Z |  | nothing | -6 in 2025-01-01T00:00:00.000000Z to 2025-02-01T00:00:00.000000Z"},
	},
	{"a sum too many", []string{`UPDATE balance_sums SET kind = 'DRAFT', amount = 1 WHERE balance_id = 'p'`}, []string{
		"14 Balance:p | segment u, sum SETTLED |  | nothing | 100 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z",
		"14 Balance:p | segment u, sum DRAFT |  | 0.000001 in 2025-01-01T00:00:00.000000Z to 2999-01-01T00:00:00.000000Z | nothing",
	}},
	{
		"another running balance",
		[]string{`UPDATE ledger_entries SET running_balance = 0 WHERE balance_id = 'b' AND number = 2`},
		[]string{"15 Balance:b | entry 2 |  | running balance 0 | 6"},
	},
	{
		"another rank",
		[]string{`UPDATE ledger_entries SET type_rank = 2 WHERE balance_id = 'c' AND number = 1`},
		[]string{"15 Balance:c | entry 1 |  | rank 2 | rank 1 of CREDIT_SEGMENT_START"},
	},
	{
		"copies that differ",
		[]string{`UPDATE inclusive_usage_components SET remaining = 600000000 WHERE assignment_id = 1 AND usage_product_inventory_id = 110`},
		[]string{"16 InclusiveUsageBalance:7/110 | assignment 1, component 1 from 2025-09-01T00:00:00 | remaining | 600 of 1000 | 700 of 1000, as in InclusiveUsageBalance:7/100"},
	},
	{"a start below 0", []string{
		`UPDATE ledger_entries SET amount = -5000000 WHERE balance_id = 'c' AND number = 1`,
		`UPDATE ledger_entries SET running_balance = running_balance - 10000000 WHERE balance_id = 'c'`,
		`UPDATE balance_sums SET amount = -7000000 WHERE balance_id = 'c'`,
	}, []string{"17 Balance:c | entry 1 | amount | -5 | 0 or more in a CREDIT_SEGMENT_START"}},
	{"a deduction above 0", []string{
		`UPDATE ledger_entries SET amount = 1000000, running_balance = 5000000 WHERE balance_id = 'c' AND number = 3`,
		`UPDATE balance_sums SET amount = 5000000 WHERE balance_id = 'c'`,
	}, []string{"18 Balance:c | entry 3 | amount | 1 | 0 or less in a CREDIT_AUTOMATED_INVOICE_DEDUCTION"}},
	{"a segment that is missing", []string{
		`UPDATE ledger_entries SET segment_id = 's' WHERE balance_id = 'c' AND number = 3`, // a segment of b
		`UPDATE balance_sums SET amount = 4000000 WHERE balance_id = 'c'`,
	}, []string{"19 Balance:c | entry 3 | segment_id | s | a segment of the balance"}},
	{
		"an end before the start",
		[]string{`UPDATE usage_product_inventories SET end_date = '2024-12-31' WHERE id = 100`},
		[]string{"20 UsageProductInventory:100 |  | endDate | 2024-12-31 | a day not before startDate, 2025-01-01"},
	},
	{
		"two primary references",
		[]string{`UPDATE product_references SET "primary" = (1 = 1)`},
		[]string{"21 UsageProductInventory:100 |  | productReferences | 2 primary references | one at most"},
	},
	{
		"an expiry before the start",
		[]string{`UPDATE entitlement_balances SET active_from = '2025-01-02T00:00:00.000000Z', expiry_at = '2025-01-01T00:00:00.000000Z'`},
		[]string{"24 EntitlementBalance:e |  | expiry_at | 2025-01-01T00:00:00.000000Z | an instant not before active_from, 2025-01-02T00:00:00.000000Z"},
	},
	{
		"copies with other ends",
		[]string{`UPDATE inclusive_usage_components SET end_date = '2025-09-30T23:59:59' WHERE assignment_id = 1 AND usage_product_inventory_id = 110`},
		[]string{"16 InclusiveUsageBalance:7/110 | assignment 1, component 1 from 2025-09-01T00:00:00 | endDate | 2025-09-30T23:59:59 | none, as in InclusiveUsageBalance:7/100"},
	},
	{"copies of other kinds", []string{
		`UPDATE inclusive_usage_components SET charging_type = 'ONE_OFF' WHERE assignment_id = 1 AND usage_product_inventory_id = 101`,
		`UPDATE inclusive_usage_components SET by_value = (1 = 1) WHERE assignment_id = 1 AND usage_product_inventory_id = 110`,
	}, []string{
		"16 InclusiveUsageBalance:7/101 | assignment 1, component 1 from 2025-09-01T00:00:00 | chargingType | ONE_OFF | MB, as in InclusiveUsageBalance:7/100",
		"16 InclusiveUsageBalance:7/110 | assignment 1, component 1 from 2025-09-01T00:00:00 | byValue | true | false, as in InclusiveUsageBalance:7/100",
	}},
	{
		"a window that closes early", append(nextRun("2025-10-01", "2025-10-05T23:59:59"), ends7("2025-10-31")),
		[]string{"22 InclusiveUsageBalance:8/100 | assignment 1, component 1 from 2025-09-01T00:00:00 | endDate | 2025-10-05T23:59:59 | an end that is not before 2025-10-31T23:59:59, as in InclusiveUsageBalance:7/100"},
	},
	{
		"a window that closes early, of a run with a lower number", append(nextRun("2025-08-01", "2025-10-31T23:59:59"),
			`UPDATE inclusive_usage_balances SET period_start_date = '2025-09-01' WHERE bill_run_id = 7`,
			ends7("2025-10-05")),
		[]string{"22 InclusiveUsageBalance:8/100 | assignment 1, component 1 from 2025-09-01T00:00:00 | endDate | 2025-10-31T23:59:59 | an end that is not after 2025-10-05T23:59:59, as in InclusiveUsageBalance:7/100"},
	},
	{"a window that is extended", append(nextRun("2025-10-01", "2025-10-31T23:59:59"), ends7("2025-10-05")), nil},
	{"a window that gets an end", nextRun("2025-10-01", "2025-10-05T23:59:59"), nil},
	{"a manual entry in a gap", []string{
		`UPDATE ledger_entries SET type = 'CREDIT_MANUAL', type_rank = 2, segment_id = NULL, invoice_id = NULL, "timestamp" = '2025-03-01T00:00:00.000000Z', running_balance = 0 WHERE balance_id = 'b' AND number = 2`,
		`UPDATE ledger_entries SET running_balance = 4000000 WHERE balance_id = 'b' AND number = 3`,
	}, []string{"23 Balance:b | entry 2 | timestamp | 2025-03-01T00:00:00.000000Z | an instant in a segment, or the segment's ID: the entry counts in segment s"}},
}

// ends7 ends the windows of assignment 1 in bill run 7 with a day.
func ends7(day string) string {
	return `UPDATE inclusive_usage_components SET end_date = '` + day + `T23:59:59' WHERE bill_run_id = 7 AND assignment_id = 1`
}

// nextRun gives inventory 100 bill run 8, which has the components of assignment 1 in bill run 7
// with another end.
func nextRun(period, ends string) []string {
	return []string{
		`INSERT INTO bill_runs (id, updated_at) SELECT 8, updated_at FROM bill_runs`,
		`INSERT INTO inclusive_usage_balances (bill_run_id, usage_product_inventory_id, customer_id, site_id, period_start_date, updated_at) SELECT 8, 100, 1, 10, '` + period + `', updated_at FROM bill_runs WHERE id = 8`,
		`INSERT INTO inclusive_usage_assignments (bill_run_id, usage_product_inventory_id, assignment_id, customer_id, assignment_level) VALUES (8, 100, 1, 1, 'CUSTOMER')`,
		`INSERT INTO inclusive_usage_components SELECT 8, 100, assignment_id, component_id, start_date, '` + ends + `', customer_id, by_value, charging_type, allowance, remaining
			FROM inclusive_usage_components WHERE usage_product_inventory_id = 100 AND assignment_id = 1`,
	}
}

// assign gives the balance of an inventory an assignment without components.
func assign(inventory, assignment, customer int, level string) string {
	return `INSERT INTO inclusive_usage_assignments (bill_run_id, usage_product_inventory_id, assignment_id, customer_id, assignment_level) VALUES (7, ` +
		strconv.Itoa(inventory) + `, ` + strconv.Itoa(assignment) + `, ` + strconv.Itoa(customer) + `, '` + level + `')`
}

// TestRules breaks each rule alone, as far as the tables let it be broken.
func TestRules(t *testing.T) {
	modelstest.EachEngine(t, func(t *testing.T, fresh func(testing.TB) string) {
		for _, c := range rules {
			db := modelstest.Open(t, fresh(t))
			fill(t, db)
			execute(t, db, c.sql...)
			found, _ := findings(t, db, everyone)
			if diff := cmp.Diff(c.want, found); diff != "" {
				t.Errorf("%s, + is what was found:\n%s", c.name, diff)
			}
		}
	})
}

// TestEachRuleIsBroken holds that the cases break every rule but those that the
// tables hold themselves, and that numbers and names are unique.
func TestEachRuleIsBroken(t *testing.T) {
	broken := map[string]bool{}
	for _, c := range rules {
		for _, line := range c.want {
			number, _, _ := strings.Cut(line, " ")
			broken[number] = true
		}
	}
	names := map[string]bool{}
	for i, rule := range models.Rules {
		if rule.Number != i+1 || names[rule.Name] || rule.Broken == "" {
			t.Errorf("rule %d is %+v", i+1, rule)
		}
		names[rule.Name] = true
		if held := rule.HeldBy != ""; broken[strconv.Itoa(rule.Number)] == held {
			t.Errorf("rule %d, %s: held by the tables is %v", rule.Number, rule.Name, held)
		}
	}
}

// TestHeldByTheTables tries what the tables refuse.
func TestHeldByTheTables(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		fill(t, db)
		if err := db.Exec("INSERT INTO inclusive_usage_components SELECT * FROM inclusive_usage_components").Error; err == nil {
			t.Error("a component of an assignment may stand twice for one start")
		}
	})
}
