package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestVendorsForms takes values in the forms that the billing systems write them in.
func TestVendorsForms(t *testing.T) {
	grant := func(more string) string { return `{"id":"e","quantity":1,"customer_id":1` + more + `}` }
	instant := func(table, column string) string {
		return "SELECT CAST(" + column + " AT TIME ZONE 'UTC' AS text) FROM " + table
	}
	utc := map[string]int{"a time without a zone is read as UTC": 1}
	cases := []struct {
		name, kind, content, query, want string
		warnings                         map[string]int
	}{
		{"a date for an instant", "bill-runs", `{"id":1,"periodStartDate":"2019-08-01","created":"2019-08-24"}`, instant("bill_runs WHERE id = 1", "created_at"), "2019-08-24 00:00:00", nil},
		{"an instant", "bill-runs", `{"id":1,"periodStartDate":"2019-08-01","created":"2019-08-24T02:30:00+02:00"}`, instant("bill_runs WHERE id = 1", "created_at"), "2019-08-24 00:30:00", nil},
		{"a customer's date", "customers", `{"id":9,"customerName":"N","createdDate":"2019-08-24"}`, instant("customers WHERE id = 9", "created_at"), "2019-08-24 00:00:00", nil},
		{"the first milliseconds", "entitlement-balances", grant(`,"active_from":100000000000`), instant("entitlement_balances", "active_from"), "1973-03-03 09:46:40", nil},
		{"milliseconds with an exponent", "entitlement-balances", grant(`,"active_from":1.7040672e12`), instant("entitlement_balances", "active_from"), "2024-01-01 00:00:00", nil},
		{"no zone", "entitlement-balances", grant(`,"active_from":"2023-01-01T00:00:00"`), instant("entitlement_balances", "active_from"), "2023-01-01 00:00:00", utc},
		{"no zone, microseconds", "entitlement-balances", grant(`,"created_at":"2023-01-01T01:02:03.000004"`), instant("entitlement_balances", "created_at"), "2023-01-01 01:02:03.000004", utc},
		{
			"no supplier account", "usage-product-inventories", `{"id":9,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","supplierAccountId":0,"tripwirePlanId":0,"productReferences":[{"id":9,"productReference":"R"}]}`,
			"SELECT CAST(supplier_account_id AS text) || ' ' || CAST(tripwire_plan_id AS text) FROM usage_product_inventories WHERE id = 9", "0 0", nil,
		},
		{
			"a text for a number", "balances", `{"id":"b","type":"CREDIT","customer_id":1,"priority":"12.5","rollover_fraction":"1e-1"}`,
			"SELECT CAST(priority AS text) || ' ' || CAST(rollover_fraction AS text) FROM balances", "12.5 0.1", nil,
		},
		{
			"a postpaid commit without a schedule", "balances", `{"id":"b","type":"POSTPAID","customer_id":1,"ledger":[{"type":"POSTPAID_COMMIT_INITIAL_BALANCE","amount":5,"timestamp":"2025-01-01T00:00:00Z"}]}`,
			"SELECT type FROM balances", "POSTPAID_COMMIT", nil,
		},
		{
			"a credit's rollover", "balances", `{"id":"b","type":"CREDIT","customer_id":1,"access_schedule":{"schedule_items":[{"id":"s","amount":5,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}]},
			"ledger":[{"type":"CREDIT_SEGMENT_START","amount":5,"timestamp":"2025-01-01T00:00:00Z","segment_id":"s"},{"type":"CREDIT_ROLLOVER","amount":-5,"timestamp":"2025-02-01T00:00:00Z","segment_id":"s","new_contract_id":"c"}]}`,
			"SELECT CAST(type_rank AS text) || ' ' || CAST(running_balance AS text) FROM ledger_entries WHERE type = 'CREDIT_ROLLOVER'", "5 0", nil,
		},
		{"no next page", "customers", `{"data":[{"id":9,"customerName":"N"}],"next":"","next_page":""}`, "SELECT name FROM customers WHERE id = 9", "N", nil},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites")
		for _, c := range cases {
			summary := file{kind: c.kind, content: c.content}.must(t, db)
			if c.warnings == nil {
				c.warnings = map[string]int{}
			}
			same(t, c.name, c.warnings, summary.Warnings)
			sql := c.query
			if db.Name() == "sqlite" {
				sql = strings.ReplaceAll(sql, " AT TIME ZONE 'UTC'", "")
			}
			want := c.want
			if got := query(t, db, sql); len(got) != 1 || plainTime(got[0]) != want {
				t.Errorf("%s: got %q, want %q", c.name, got, want)
			}
		}
	})
}

// plainTime is an instant of SQLite as PostgreSQL writes it; other texts stay.
func plainTime(text string) string {
	if len(text) == len("2006-01-02T15:04:05.000000Z") && text[10] == 'T' {
		text = strings.TrimSuffix(strings.Replace(strings.TrimSuffix(text, "Z"), "T", " ", 1), ".000000")
	}
	return text
}

// TestVendorsFormsRefused refuses what only looks like a form of theirs.
func TestVendorsFormsRefused(t *testing.T) {
	const millis = "expected an RFC 3339 date and time that exist, or milliseconds since 1970, from 100000000000 on"
	cases := []struct{ kind, content, want string }{
		{"entitlement-balances", `{"id":"e","customer_id":1,"active_from":1704067200}`, "active_from: found 1704067200, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"active_from":99999999999}`, "active_from: found 99999999999, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"expiry_at":0}`, "expiry_at: found 0, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"expiry_at":-1704067200000}`, "expiry_at: found -1704067200000, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"expiry_at":1.7e9}`, "expiry_at: found 1.7e9, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"expiry_at":1e18}`, "expiry_at: found 1e18, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"expiry_at":1704067200000.5}`, "expiry_at: found 1704067200000.5, " + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"active_from":"2024-01-01"}`, `active_from: found "2024-01-01", ` + millis},
		{"entitlement-balances", `{"id":"e","customer_id":1,"active_from":"2024-02-30T00:00:00"}`, `active_from: found "2024-02-30T00:00:00", ` + millis},
		{"bill-runs", `{"id":1,"periodStartDate":"2019-08-01","created":"2019-02-29"}`, `created: found "2019-02-29", ` + millis + ", or a date, yyyy-MM-dd"},
		{"bill-runs", `{"id":1,"periodStartDate":"2019-08-01","created":1566604800}`, `created: found 1566604800, ` + millis},
		{"balances", `{"id":"b","type":"CREDIT","customer_id":1,"created_at":"2020-01-01T00:00:00"}`, `created_at: found "2020-01-01T00:00:00", ` + millis},
		{"balances", `{"id":"b","type":"CREDIT","customer_id":1,"priority":"0x10"}`, `priority: found "0x10", expected a number`},
		{"balances", `{"id":"b","type":"CREDIT","customer_id":1,"priority":"Infinity"}`, `priority: found "Infinity", expected a number`},
		{"balances", `{"id":"b","type":"CREDIT","customer_id":1,"priority":" 1"}`, `priority: found " 1", expected a number`},
		{"usage-product-inventories", `{"id":0,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":9,"productReference":"R"}]}`, "id: found 0, expected an integer from 1"},
		{"usage-product-inventories", `{"id":9,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","supplierAccountId":-1,"productReferences":[{"id":9,"productReference":"R"}]}`, "supplierAccountId: found -1"},
		{"customers", `{"id":9,"customerType":"CHARITY"}`, `customerType: found "CHARITY", expected one of RESIDENTIAL`},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites")
		for _, c := range cases {
			refused(t, db, file{kind: c.kind, content: c.content}, c.want)
		}
	})
}

// TestLenient leaves out unknown values of enums that no number depends on, and counts
// them. The others are refused all the same.
func TestLenient(t *testing.T) {
	lenient := ingest.Options{Lenient: true}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites", "usage-product-inventories")
		for _, c := range []struct{ field, kind, content, query string }{
			{"customerType", "customers", `{"id":9,"customerName":"N","customerType":"CHARITY"}`, "SELECT type FROM customers WHERE id = 9"},
			{"billRunStatus", "bill-runs", `{"id":9,"periodStartDate":"2025-01-01","billRunStatus":"PAUSED"}`, "SELECT status FROM bill_runs WHERE id = 9"},
			{"rate_type", "balances", `{"id":"b","type":"CREDIT","customer_id":1,"rate_type":"OTHER_RATE"}`, "SELECT rate_type FROM balances"},
			{"type", "entitlement-balances", `{"id":"e","quantity":1,"customer_id":1,"type":"Seats"}`, "SELECT type FROM entitlement_balances"},
		} {
			f := file{kind: c.kind, content: c.content}
			refused(t, db, f, c.field+": found")
			f.options = lenient
			same(t, c.field, map[string]int{"an unknown value of " + c.field + " is left out": 1}, f.must(t, db).Warnings)
			same(t, c.field+" stored", []string{"1"}, query(t, db, "SELECT count(*) FROM ("+strings.Replace(c.query, " FROM", " AS value FROM", 1)+") AS r WHERE value IS NULL"))
		}
		for kind, content := range map[string]string{
			"balances":                 `{"id":"x","type":"DEBT","customer_id":1}`,
			"invoices":                 `{"id":"x","status":"LOST"}`,
			"inclusive-usage-balances": `{"billRunId":8,"usageProductInventoryId":100,"inclusiveUsageBalanceAssignments":[{"assignmentId":1,"assignmentLevel":"ROOM"}]}`,
			"customers":                `{"id":10,"customerName":"N","customerType":7}`,
		} {
			refused(t, db, file{kind: kind, content: content, options: lenient}, "found")
		}
		refused(t, db, file{kind: "balances", options: lenient, content: strings.Replace(credit("x", entry("DEPOSIT", "1", "")), "CREDIT_DEPOSIT", "DEPOSIT", 1)}, `ledger[0].type: found "DEPOSIT"`)
	})
}

// TestLastWins takes the last of the copies of a row, in one batch and over several,
// with its children and what it claims, and refuses them without the flag.
func TestLastWins(t *testing.T) {
	inventory := func(id, service string, references ...string) string {
		for i, r := range references {
			references[i] = `{"id":` + r + `,"productReference":"R` + r + `"}`
		}
		return `{"id":` + id + `,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","serviceId":"` + service + `","productReferences":[` + strings.Join(references, ",") + `]}`
	}
	var others strings.Builder
	for i := range 1500 {
		others.WriteString(inventory(fmt.Sprint(1000+i), "other", fmt.Sprint(5000+i)) + "\n")
	}
	stored := `SELECT service_id || ' ' || CAST(r.id AS text) FROM usage_product_inventories AS u
		JOIN product_references AS r ON r.usage_product_inventory_id = u.id WHERE u.id < 1000 ORDER BY r.id`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites")
		for _, between := range []string{"", others.String()} {
			f := file{kind: "usage-product-inventories", content: `{"data":[` + inventory("1", "first", "1", "2") + `],"next":"2"}` + between +
				`{"data":[` + inventory("1", "last", "2", "3") + `],"next":null}` + inventory("2", "second", "1")}
			refused(t, db, f, "expected a key that row 1 does not have, or all the same values as there (--last-wins takes the last of them)")
			f.options.LastWins = true
			same(t, "warnings", map[string]int{"a row came again with other values, of which the last were taken": 1}, f.must(t, db).Warnings)
			same(t, "the last", []string{"second 1", "last 2", "last 3"}, query(t, db, stored))
			file{kind: "usage-product-inventories", content: inventory("1", "x", "1") + inventory("2", "y", "2", "3")}.must(t, db)
		}
		customer := func(name, external string) string {
			return `{"id":9,"customerName":"` + name + `","externalIds":[{"system":"s","value":"` + external + `"}]}`
		}
		f := file{kind: "customers", content: customer("A", "a") + customer("B", "b") + customer("A", "a") + customer("A", "a"), options: ingest.Options{LastWins: true}}
		if summary := f.must(t, db); summary.Duplicates != 1 || summary.Changed != 1 {
			t.Error(summary)
		}
		same(t, "external ids", []string{"A a"}, query(t, db, "SELECT c.name || ' ' || e.value FROM customers AS c JOIN external_ids AS e ON e.customer_id = c.id"))
	})
}

// TestNegativeZero keeps 0 for -0, so that both engines answer the same.
func TestNegativeZero(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		file{kind: "balances", content: `{"id":"b","type":"CREDIT","customer_id":1,"priority":-0.0,"rollover_fraction":-0,"cost_basis":"-0e3"}`}.must(t, db)
		rows, err := store.Children(t.Context(), store.NewReader(db, store.Scope{All: true}), models.BalanceByID, []models.BalanceID{"b"})
		if err != nil {
			t.Fatal(err)
		}
		row := rows["b"][0]
		same(t, "numbers", "0 0 0", fmt.Sprint(*row.Priority, *row.RolloverFraction, *row.CostBasis))
	})
}

// TestContractsOwners gives a contract to the customer whose rows are of it, whatever
// rows point to it, and in whatever order they come.
func TestContractsOwners(t *testing.T) {
	balance := func(id string, customer int, more string) string {
		return fmt.Sprintf(`{"id":"%s","type":"PREPAID","customer_id":%d%s}`, id, customer, more)
	}
	const schedule = `,"access_schedule":{"schedule_items":[{"id":"s","amount":5,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}]}`
	pointers := []string{
		`,"applicable_contract_ids":["c"]`,
		`,"hierarchy_configuration":{"child_access":{"type":"CONTRACT_IDS","contract_ids":["c"]}}`,
		`,"rolled_over_from":{"commit_id":"b","contract_id":"c"}`,
		`,"invoice_contract":{"id":"c"}`,
		schedule + `,"ledger":[{"type":"PREPAID_COMMIT_AUTOMATED_INVOICE_DEDUCTION","amount":-1,"timestamp":"2025-01-01T00:00:00Z","segment_id":"s","invoice_id":"i","contract_id":"c"}]`,
		schedule + `,"ledger":[{"type":"PREPAID_COMMIT_ROLLOVER","amount":-1,"timestamp":"2025-01-01T00:00:00Z","segment_id":"s","new_contract_id":"c"}]`,
	}
	child := balance("of", 2, `,"contract":{"id":"c"}`)
	owner := "SELECT id || ' ' || CAST(customer_id AS text) FROM contracts WHERE id = 'c'"
	modelstest.EachEngine(t, func(t *testing.T, fresh func(testing.TB) string) {
		for i, pointer := range pointers {
			parent := balance("parent", 1, pointer)
			for _, files := range [][]string{{parent, child}, {child, parent}, {parent + child}, {child + parent}} {
				db := modelstest.Open(t, fresh(t))
				importSamples(t, db, "customers")
				for _, content := range files {
					if summary := (file{kind: "balances", content: content}).must(t, db); summary.Warnings["a row names a contract of another customer"] > 0 {
						t.Error(i, summary)
					}
				}
				same(t, fmt.Sprint("owner ", i), []string{"c 2"}, query(t, db, owner))
			}
		}
		db := modelstest.Open(t, fresh(t))
		importSamples(t, db, "customers")
		grant := func(id, customer, name string) file {
			return file{kind: "entitlement-balances", content: `{"id":"` + id + `","quantity":1,"customer":"` + customer + `","contract":{"id":"c","name":"` + name + `"}}`}
		}
		named := "SELECT id || ' ' || CAST(customer_id AS text) || ' ' || name FROM contracts"
		grant("x", "1", "Their name").must(t, db)
		same(t, "of two", map[string]int{"a row names a contract of another customer": 1}, grant("y", "2", "Our name").must(t, db).Warnings)
		same(t, "the first", []string{"c 1 Their name"}, query(t, db, named))
		f := file{kind: "entitlement-balances", content: `{"id":"z","quantity":1,"customer":"1"}`, options: ingest.Options{Replace: true}}
		f.must(t, db)
		same(t, "no rows any more", []string{"c 1 Their name"}, query(t, db, named))
		same(t, "of one", map[string]int{}, grant("y", "2", "Our name").must(t, db).Warnings)
		same(t, "the one that is left", []string{"c 2 Our name"}, query(t, db, named))
	})
}
