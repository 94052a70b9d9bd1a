package check_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/check"
	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// sound is data that breaks no rule: pools of all levels, a credit b that expired,
// one c that is open, one d of another customer, and a postpaid commit p.
var sound = []struct{ kind, content string }{
	{"customers", `[{"id":1,"customerType":"BUSINESS"},{"id":2,"customerType":"BUSINESS"}]`},
	{"sites", `[{"id":10,"customerId":1},{"id":11,"customerId":1},{"id":20,"customerId":2}]`},
	{"usage-product-inventories", `[
		{"id":100,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":1,"productReference":"A","primary":true},{"id":2,"productReference":"B"}]},
		{"id":101,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":3,"productReference":"C"}]},
		{"id":110,"siteId":11,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":4,"productReference":"D"}]},
		{"id":200,"siteId":20,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":5,"productReference":"E"}]}]`},
	{"inclusive-usage-balances", strings.Join([]string{
		usage(100, assignment(1, "CUSTOMER", 1000, 700), assignment(2, "SITE", 500, 500), assignment(3, "INVENTORY", 10, 10)),
		usage(101, assignment(1, "CUSTOMER", 1000, 700), assignment(2, "SITE", 500, 500)),
		usage(110, assignment(1, "CUSTOMER", 1000, 700)),
		usage(200, assignment(4, "CUSTOMER", 100, 100)),
	}, "\n")},
	{"balances", strings.Join([]string{
		balance("b", 1, "CREDIT", "s", 10, "2025-02-01", `,"uniqueness_key":"k1","rollover_fraction":0.5`,
			entry("CREDIT_SEGMENT_START", 10, "2025-01-01", "s", ""), entry("CREDIT_AUTOMATED_INVOICE_DEDUCTION", -4, "2025-01-15", "s", "i"), entry("CREDIT_EXPIRATION", -6, "2025-02-01", "s", "")),
		balance("c", 1, "CREDIT", "t", 5, "2999-01-01", `,"uniqueness_key":"k2"`,
			entry("CREDIT_SEGMENT_START", 5, "2025-01-01", "t", ""), entry("CREDIT_AUTOMATED_INVOICE_DEDUCTION", -1, "2025-02-01", "t", "i"), entry("CREDIT_AUTOMATED_INVOICE_DEDUCTION", -1, "2025-03-01", "t", "j")),
		balance("d", 2, "CREDIT", "s", 5, "2999-01-01", `,"uniqueness_key":"k1"`),
		balance("p", 1, "POSTPAID", "u", 100, "2999-01-01", "", entry("POSTPAID_COMMIT_INITIAL_BALANCE", 100, "2025-01-01", "", "")),
	}, "\n")},
	{"entitlement-balances", `[{"id":"e","customer_id":1,"quantity":5,"quantity_used":4}]`},
}

func usage(inventory int, assignments ...string) string {
	return fmt.Sprintf(`{"billRunId":7,"usageProductInventoryId":%d,"inclusiveUsageBalanceAssignments":[%s]}`, inventory, strings.Join(assignments, ","))
}

func assignment(id int, level string, allowance, remaining int) string {
	return fmt.Sprintf(`{"assignmentId":%d,"assignmentLevel":%q,"components":[{"componentId":%d,"chargingType":"MB","allowance":%d,"remaining":%d,"startDate":"2025-09-01 00:00:00"}]}`,
		id, level, id, allowance, remaining)
}

func balance(id string, customer int, kind, segment string, amount int, ends, more string, entries ...string) string {
	return fmt.Sprintf(`{"id":%q,"customer_id":%d,"type":%q,"access_schedule":{"schedule_items":[{"id":%q,"amount":%d,"starting_at":"2025-01-01T00:00:00Z","ending_before":"%sT00:00:00Z"}]}%s,"ledger":[%s]}`,
		id, customer, kind, segment, amount, ends, more, strings.Join(entries, ","))
}

func entry(kind string, amount int, day, segment, invoice string) string {
	text := fmt.Sprintf(`{"type":%q,"amount":%d,"timestamp":"%sT00:00:00Z"`, kind, amount, day)
	if segment != "" {
		text += fmt.Sprintf(`,"segment_id":%q`, segment)
	}
	if invoice != "" {
		text += fmt.Sprintf(`,"invoice_id":%q`, invoice)
	}
	return text + "}"
}

func fill(t *testing.T, db *gorm.DB) {
	t.Helper()
	for _, f := range sound {
		if _, err := ingest.File(t.Context(), db, f.kind, strings.NewReader(f.content), ingest.Options{Kind: f.kind}); err != nil {
			t.Fatal(err)
		}
	}
}

func execute(t *testing.T, db *gorm.DB, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := db.Exec(sql).Error; err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// findings are a check's, each as NUMBER ROW | PART | FIELD | FOUND | EXPECTED.
func findings(t *testing.T, db *gorm.DB, scope store.Scope) (found []string, summary *check.Summary) {
	t.Helper()
	summary, err := check.Run(t.Context(), db, check.Options{Scope: scope, Found: func(f check.Finding) error {
		found = append(found, fmt.Sprintf("%d %s", f.Rule.Number, strings.Join([]string{f.Row, f.Part, f.Field, f.Found, f.Expected}, " | ")))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return found, summary
}

var everyone = store.Scope{All: true}

// TestSeed wants made-up data to break no rule, and all of it to be looked at.
func TestSeed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if _, err := seed.Run(t.Context(), db, seed.Options{Customers: 50, Seed: 1}); err != nil {
			t.Fatal(err)
		}
		found, summary := findings(t, db, everyone)
		if len(found) > 0 || len(summary.Broken) > 0 {
			t.Errorf("%d findings: %s", len(found), found[:min(5, len(found))])
		}
		want := map[models.RuleRows]int64{}
		for rows, table := range map[models.RuleRows]string{
			models.RowsBalances: "balances", models.RowsSegments: "access_segments", models.RowsEntries: "ledger_entries", models.RowsSums: "balance_sums",
			models.RowsEntitlements: "entitlement_balances", models.RowsInventories: "usage_product_inventories",
			models.RowsAssignments: "inclusive_usage_assignments", models.RowsComponents: "inclusive_usage_components",
		} {
			var n int64
			if err := db.Table(table).Count(&n).Error; err != nil {
				t.Fatal(err)
			}
			want[rows] = n
		}
		if diff := cmp.Diff(want, summary.Looked); diff != "" {
			t.Errorf("looked at, - is what there is:\n%s", diff)
		}
	})
}

// TestSnapshot breaks a rule while a check runs, which does not see it.
func TestSnapshot(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		fill(t, db)
		execute(t, db, "DELETE FROM product_references WHERE id = 3")
		n := 0
		_, err := check.Run(t.Context(), db, check.Options{Scope: everyone, Found: func(check.Finding) error {
			n++
			execute(t, db, "UPDATE balances SET rollover_fraction = 2")
			return nil
		}})
		if err != nil || n != 1 {
			t.Errorf("%d findings, %v", n, err)
		}
		if found, _ := findings(t, db, everyone); len(found) != 5 {
			t.Errorf("afterwards %q", found)
		}
	})
}

// TestScope looks at the rows of one customer alone.
func TestScope(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		fill(t, db)
		execute(t, db, "DELETE FROM product_references", "UPDATE balances SET rollover_fraction = 2, uniqueness_key = 'k'")
		found, summary := findings(t, db, store.Scope{Customers: []scalar.CustomerID{2}})
		want := []string{
			"11 UsageProductInventory:200 |  | productReferences | no reference | a list of at least one reference",
			"7 Balance:d |  | rollover_fraction | 2 | a number from 0 to 1",
		}
		if diff := cmp.Diff(want, found); diff != "" || summary.Looked[models.RowsBalances] != 1 {
			t.Errorf("%v\n%s", summary.Looked, diff)
		}
	})
}
