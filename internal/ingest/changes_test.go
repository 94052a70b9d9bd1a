package ingest_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestChangedRows writes the rows that changed and no others, with their children.
func TestChangedRows(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		changedAt := func(table, key string) string {
			return strings.Join(query(t, db, "SELECT CAST(updated_at AS text) FROM "+table+" WHERE "+key), " ")
		}
		before, other := changedAt("sites", "id = 10"), changedAt("sites", "id = 11")
		f := sample(t, "sites")
		f.content = strings.Replace(f.content, "Leeds depot", "Leeds", 1)
		if summary := f.must(t, db); summary.Changed != 1 || summary.Unchanged != 2 {
			t.Error(summary)
		}
		same(t, "name", []string{"Leeds"}, query(t, db, "SELECT name FROM sites WHERE id = 10"))
		if changedAt("sites", "id = 10") == before || changedAt("sites", "id = 11") != other {
			t.Error("updated_at is not that of the change")
		}

		f = sample(t, "inclusive-usage-balances")
		f.content = strings.Replace(f.content, `"remaining": 4`, `"remaining": 3`, 1)
		f.content = strings.Replace(f.content, `"componentId": 4`, `"componentId": 5`, 1)
		if summary := f.must(t, db); summary.Changed != 1 {
			t.Error(summary)
		}
		same(t, "components", []string{"3 3000000", "5 0"}, query(t, db,
			"SELECT CAST(component_id AS text) || ' ' || CAST(remaining AS text) FROM inclusive_usage_components WHERE assignment_id = 3 ORDER BY 1"))
	})
}

// TestLedger keeps the ledger of a row that has none, takes an empty one away, and
// sees the difference between an empty one and none.
func TestLedger(t *testing.T) {
	const head = `{"id":"b","customer":1,"type":"CREDIT","name":"N","access_schedule":{"schedule_items":[` +
		`{"id":"s","amount":5,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2035-02-01T00:00:00Z"}]}`
	const entry = `{"type":"CREDIT_MANUAL","amount":-1,"reason":"R"}`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		for _, step := range []struct {
			name, content  string
			changed        int
			entries, known string
		}{
			{"no ledger", head + `}`, 1, "0", "0"},
			{"null", head + `,"ledger":null}`, 0, "0", "0"},
			{"empty", head + `,"ledger":[]}`, 1, "0", "1"},
			{"one entry", head + `,"ledger":[` + entry + `]}`, 1, "1", "1"},
			{"the same", head + `,"ledger":[` + entry + `]}`, 0, "1", "1"},
			{"kept", head + `}`, 0, "1", "1"},
			{"kept by a change", strings.Replace(head, `"N"`, `"M"`, 1) + `}`, 1, "1", "1"},
			{"two entries", strings.Replace(head, `"N"`, `"M"`, 1) + `,"ledger":[` + entry + `,` + entry + `]}`, 1, "2", "1"},
			{"empty again", head + `,"ledger":[]}`, 1, "0", "1"},
		} {
			if summary := (file{kind: "balances", content: step.content}).must(t, db); summary.Changed != step.changed {
				t.Errorf("%s: %s", step.name, summary)
			}
			same(t, step.name, []string{step.entries, step.known}, query(t, db,
				"SELECT CAST(count(*) AS text) FROM ledger_entries UNION ALL SELECT CAST(count(ledger_digest) AS text) FROM balances"))
			same(t, step.name+": segments", []string{"s"}, query(t, db, "SELECT id FROM access_segments"))
		}
		file{kind: "balances", content: head + `,"ledger":[` + entry + `]}`}.must(t, db)
		same(t, "the time of a manual entry", []string{"2025-01-01"}, query(t, db, `SELECT substr(CAST("timestamp" AS text), 1, 10) FROM ledger_entries`))
	})
}

// TestMoves moves a site to another customer, an inventory to another site and a
// balance to another customer: what hangs on them moves too.
func TestMoves(t *testing.T) {
	owners := func(t *testing.T, db *gorm.DB) []string {
		return query(t, db, `SELECT 'inventory ' || CAST(id AS text) || ' ' || CAST(customer_id AS text) FROM usage_product_inventories WHERE site_id IN (10, 20)
			UNION ALL SELECT 'reference ' || CAST(id AS text) || ' ' || CAST(customer_id AS text) FROM product_references WHERE id = 1000
			UNION ALL SELECT 'balance ' || CAST(usage_product_inventory_id AS text) || ' ' || CAST(site_id AS text) || ' ' || CAST(customer_id AS text) FROM inclusive_usage_balances WHERE usage_product_inventory_id = 100
			UNION ALL SELECT DISTINCT 'component ' || CAST(customer_id AS text) FROM inclusive_usage_components WHERE usage_product_inventory_id = 100
			UNION ALL SELECT DISTINCT 'assignment ' || CAST(customer_id AS text) FROM inclusive_usage_assignments WHERE usage_product_inventory_id = 100 ORDER BY 1`)
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		sites := sample(t, "sites")
		sites.content = strings.Replace(sites.content, `"customerId": 1`, `"customerId": 2`, 1)
		if summary := sites.must(t, db); summary.Changed != 1 {
			t.Error(summary)
		}
		same(t, "a site moved", []string{"assignment 2", "balance 100 10 2", "component 2", "inventory 100 2", "inventory 101 2", "inventory 200 2", "reference 1000 2"}, owners(t, db))
		same(t, "its inventories changed", []string{"2"}, query(t, db,
			"SELECT count(*) FROM usage_product_inventories WHERE updated_at = (SELECT updated_at FROM sites WHERE id = 10)"))
		for _, kind := range []string{"usage-product-inventories", "inclusive-usage-balances"} {
			if summary := sample(t, kind).must(t, db); summary.Changed != 0 {
				t.Errorf("after the move: %s", summary)
			}
		}

		inventories := sample(t, "usage-product-inventories")
		inventories.content = strings.Replace(inventories.content, `"siteId": 10`, `"siteId": 11`, 1)
		if summary := inventories.must(t, db); summary.Changed != 1 {
			t.Error(summary)
		}
		same(t, "an inventory moved", []string{"assignment 1", "balance 100 11 1", "component 1", "inventory 101 2", "inventory 200 2", "reference 1000 1"}, owners(t, db))

		balances := sample(t, "balances")
		balances.options.Customer = "2"
		summary := balances.must(t, db)
		if summary.Changed != 2 || summary.Warnings["a balance moved to another customer"] != 2 {
			t.Error(summary)
		}
		same(t, "balances moved", []string{"2"}, query(t, db, `SELECT CAST(customer_id AS text) FROM access_segments
			UNION SELECT CAST(customer_id AS text) FROM ledger_entries UNION SELECT CAST(customer_id AS text) FROM balances`))

		entitlements := sample(t, "entitlement-balances")
		entitlements.options = ingest.Options{Customer: "2"}
		refused(t, db, entitlements, `row 1: customer.id: found "zk-cust-1", expected Customer:2, which --customer names`)
		entitlements.content = strings.ReplaceAll(entitlements.content, "zk-cust-1", "zk-cust-2")
		refused(t, db, entitlements, `row 1: customer.id: found "zk-cust-2", expected Customer:2, which --customer names`)
		entitlements.options.As = "zenskar:zk-cust-2"
		summary = entitlements.must(t, db)
		if summary.Changed != 4 || summary.Warnings["an entitlement balance moved to another customer"] != 4 {
			t.Error(summary)
		}
		same(t, "contracts moved along", []string{"zk-contract-1 2", "zk-contract-2 2"}, query(t, db,
			"SELECT id || ' ' || CAST(customer_id AS text) FROM contracts WHERE id LIKE 'zk%' ORDER BY 1"))
	})
}

// TestReferencesMove moves a product reference between inventories, in one file in
// either order, and over files.
func TestReferencesMove(t *testing.T) {
	row := func(id, reference string) string {
		return `{"id":` + id + `,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":` + reference + `,"productReference":"R"}]}`
	}
	at := func(t *testing.T, db *gorm.DB) []string {
		return query(t, db, "SELECT CAST(id AS text) || ' at ' || CAST(usage_product_inventory_id AS text) FROM product_references ORDER BY id")
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites")
		for _, step := range []struct {
			name, content string
			changed       int
			want          []string
		}{
			{"first", row("1", "5") + row("2", "6"), 2, []string{"5 at 1", "6 at 2"}},
			{"exchanged", row("1", "6") + row("2", "5"), 2, []string{"5 at 2", "6 at 1"}},
			{"taken from the first", row("1", "7") + row("2", "6"), 2, []string{"6 at 2", "7 at 1"}},
			{"taken from the last", row("1", "6") + row("2", "7"), 2, []string{"6 at 1", "7 at 2"}},
			{"the same", row("1", "6") + row("2", "7"), 0, []string{"6 at 1", "7 at 2"}},
			{"taken from one that the file lacks", row("1", "7"), 1, []string{"7 at 1"}},
			{"given back", row("2", "7"), 1, []string{"7 at 2"}},
			{"taken again", row("1", "7"), 1, []string{"7 at 1"}},
		} {
			if summary := (file{kind: "usage-product-inventories", content: step.content}).must(t, db); summary.Changed != step.changed {
				t.Errorf("%s: %s", step.name, summary)
			}
			same(t, step.name, step.want, at(t, db))
		}
		refused(t, db, file{kind: "usage-product-inventories", content: row("1", "7") + row("2", "7")},
			"row 2: productReferences[0].id: found 7, expected a reference of one inventory: row 1 has it")
	})
}

// TestReplace deletes what the file lacks of the customers, or bill runs, in it.
func TestReplace(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		replace := ingest.Options{Replace: true}
		for _, step := range []struct {
			name    string
			file    file
			deleted int
			query   string
			left    []string
		}{
			{"all rows are there", sample(t, "inclusive-usage-balances"), 0, "SELECT count(*) FROM inclusive_usage_balances", []string{"3"}},
			{
				"another bill run",
				file{kind: "inclusive-usage-balances", content: `{"billRunId":8,"usageProductInventoryId":100}`},
				0,
				"SELECT count(*) FROM inclusive_usage_balances",
				[]string{"4"},
			},
			{
				"one of a bill run",
				file{kind: "inclusive-usage-balances", content: `{"billRunId":7,"usageProductInventoryId":100}`},
				2,
				"SELECT CAST(bill_run_id AS text) FROM inclusive_usage_balances ORDER BY 1",
				[]string{"7", "8"},
			},
			{
				"one site of a customer",
				file{kind: "sites", content: `{"id":10,"customerId":1}`},
				1,
				"SELECT CAST(id AS text) FROM sites UNION ALL SELECT CAST(site_id AS text) FROM usage_product_inventories ORDER BY 1",
				[]string{"10", "10", "10", "20", "20"},
			},
			{
				"one inventory",
				file{kind: "usage-product-inventories", content: `{"id":101,"siteId":10,"usageProductId":2,"startDate":"2025-01-01","productReferences":[{"id":1,"productReference":"R"}]}`},
				1,
				"SELECT CAST(id AS text) FROM usage_product_inventories ORDER BY 1",
				[]string{"101", "200"},
			},
			{
				"one balance",
				file{kind: "balances", content: `{"id":"fa411f5b-fb85-4755-9d4d-530717be083c","type":"CREDIT","customer":1}`},
				1,
				"SELECT type FROM balances",
				[]string{"CREDIT"},
			},
			{"no row and no customer", file{kind: "balances", content: `[]`}, 0, "SELECT type FROM balances", []string{"CREDIT"}},
			{"no row of another customer", file{kind: "balances", content: `[]`, options: ingest.Options{Customer: "2"}}, 0, "SELECT type FROM balances", []string{"CREDIT"}},
			{"no row of a customer", file{kind: "balances", content: `{"data":[]}`, options: ingest.Options{Customer: "1"}}, 1, "SELECT count(*) FROM balances", []string{"0"}},
			{
				"one entitlement balance",
				file{kind: "entitlement-balances", content: `{"id":"new","quantity":1,"customer":{"id":"zk-cust-1"}}`},
				4,
				"SELECT id FROM entitlement_balances",
				[]string{"new"},
			},
		} {
			step.file.options.Replace, step.file.options.Empty, step.file.options.As = replace.Replace, true, ""
			if summary := step.file.must(t, db); summary.Deleted != step.deleted {
				t.Errorf("%s: %s", step.name, summary)
			}
			same(t, step.name, step.left, query(t, db, step.query))
		}
	})
}

// TestMentions makes small things once, completes what no other source has, and
// leaves the rest to their own kind.
func TestMentions(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites", "usage-product-inventories")
		file{kind: "inclusive-usage-balances", content: `[{"billRunId":5,"usageProductInventoryId":100,"periodStartDate":"2025-01-01"},
			{"billRunId":5,"usageProductInventoryId":101,"periodStartDate":"2024-01-01","periodEndDate":"2025-01-31"}]`}.must(t, db)
		periods := "SELECT CAST(period_start_date AS text) || ' ' || CAST(period_end_date AS text) FROM bill_runs WHERE id = 5"
		same(t, "the period of the first row that has one", []string{"2025-01-01 2025-01-31"}, query(t, db, periods))
		file{kind: "inclusive-usage-balances", content: `{"billRunId":5,"usageProductInventoryId":101,"periodStartDate":"2023-01-01"}`}.must(t, db)
		same(t, "a row does not change it", []string{"2025-01-01 2025-01-31"}, query(t, db, periods))
		file{kind: "bill-runs", content: `{"id":5,"periodStartDate":"2022-01-01","periodEndDate":"2022-01-31"}`}.must(t, db)
		same(t, "its own kind does", []string{"2022-01-01 2022-01-31"}, query(t, db, periods))

		e := func(id, more string) file {
			return file{kind: "entitlement-balances", content: `{"id":"` + id + `","customer":1,"entitlement":"d"` + more + `}`}
		}
		e("a", `,"contract_id":"c","product":{"id":"p"},"invoice_id":"i"`).must(t, db)
		e("b", `,"name":"N","units":"GB","type":"CREDITS","contract":{"id":"c","name":"CN"},"product":{"id":"p","name":"PN"},"invoice":{"id":"i","name":"IN","number":"7"}`).must(t, db)
		e("c", `,"name":"M","units":"TB","contract":{"id":"c","name":"X"},"product":{"id":"p","name":"X"},"invoice":{"id":"i","name":"X","number":"8"}`).must(t, db)
		names := `SELECT COALESCE(name, '-') || ' ' || COALESCE(description, '-') || ' ' || COALESCE(units, '-') || ' ' || COALESCE(type, '-') FROM entitlements
			UNION ALL SELECT name FROM contracts UNION ALL SELECT name FROM products
			UNION ALL SELECT COALESCE(name, '-') || ' ' || COALESCE(number, '-') || ' ' || status FROM invoices
			UNION ALL SELECT 'of ' || id || ' ' || invoice_name || ' ' || invoice_number FROM entitlement_balances WHERE invoice_name IS NOT NULL ORDER BY 1`
		same(t, "filled once", []string{"- - - -", "- - FINALIZED", "CN", "PN", "of b IN 7", "of c X 8"}, query(t, db, names))
		file{kind: "invoices", content: `{"id":"i","status":"Void"}`}.must(t, db)
		same(t, "a status alone", []string{"- - - -", "- - VOID", "CN", "PN", "of b IN 7", "of c X 8"}, query(t, db, names))
		file{kind: "invoices", content: `{"id":"i","status":"VOID","name":"Own"}`}.must(t, db)
		file{kind: "entitlement-balances", content: `{"id":"a","customer":1,"name":"R","units":"RU","description":"RD","type":"Credits",
			"entitlement":{"id":"d","name":"N","units":"GB","type":"Quantity","description":"D"}}`}.must(t, db)
		same(t, "their own names", []string{"CN", "N D GB QUANTITY", "Own - VOID", "PN", "of b IN 7", "of c X 8"}, query(t, db, names))

		summary := e("x", `,"contract_id":"c"`).must(t, db)
		same(t, "no warning", map[string]int{}, summary.Warnings)
		f := file{kind: "entitlement-balances", content: `{"id":"y","customer":2,"quantity":1,"contract_id":"c"}`}
		same(t, "another's contract", map[string]int{"a row names a contract of another customer": 1}, f.must(t, db).Warnings)
	})
}

// TestRound rounds amounts half to even where that is asked for.
func TestRound(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		f := file{kind: "entitlement-balances", content: `{"id":"e","customer":1,"quantity":1.0000005,"quantity_used":"0.0000015"}`}
		refused(t, db, f, "2 errors in 1 row", "quantity: found 1.0000005", `quantity_used: found "0.0000015"`)
		f.options.Round = true
		if summary := f.must(t, db); summary.Rounded != 2 {
			t.Error(summary)
		}
		same(t, "quantities", []string{"1000000 2"}, query(t, db, "SELECT CAST(quantity AS text) || ' ' || CAST(quantity_used AS text) FROM entitlement_balances"))
		if summary := f.must(t, db); summary.Changed != 0 {
			t.Error(summary)
		}
		f.content = `{"id":"f","customer":1,"quantity":1.5e3,"quantity_used":9.2e12}`
		if summary := f.must(t, db); summary.Rounded != 0 {
			t.Error(summary)
		}
	})
}
