package ingest_test

import (
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// credit is a balance of customer 1 with a segment that ended, and the entries.
func credit(id string, entries ...string) string {
	return `{"id":"` + id + `","customer_id":1,"type":"CREDIT","access_schedule":{"schedule_items":[
		{"id":"s","amount":10,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}]},"ledger":[` + strings.Join(entries, ",") + `]}`
}

func entry(kind, amount, more string) string {
	return `{"type":"CREDIT_` + kind + `","amount":` + amount + `,"timestamp":"2025-01-15T00:00:00Z","segment_id":"s"` + more + `}`
}

// TestWarnings counts what is odd, and keeps it.
func TestWarnings(t *testing.T) {
	const (
		sums       = "the entries of a segment that ended and expired or rolled over do not sum to 0"
		noInvoice  = "a deduction names no invoice"
		twice      = "an invoice has more than one deduction from a segment"
		remaining  = "remaining is not between 0 and the allowance"
		used       = "quantity_used is not between 0 and the quantity"
		left       = "quantity_remaining is not quantity less quantity_used, which is what usagegraph shows"
		early      = "an entitlement balance expires before it is active"
		negative   = "an entry that starts a segment is below 0: the amount is kept as given"
		positive   = "a deduction or expiration is above 0: the amount is kept as given"
		segment    = "a ledger entry names a segment that the balance lacks"
		backwards  = "an inventory ends before it starts"
		primaries  = "an inventory has more than one primary reference"
		start, end = "SEGMENT_START", "EXPIRATION"
		deduction  = "AUTOMATED_INVOICE_DEDUCTION"
	)
	usage := func(allowance, remaining string) string {
		return `{"billRunId":1,"usageProductInventoryId":100,"inclusiveUsageBalanceAssignments":[{"assignmentId":1,"assignmentLevel":"SITE","components":[
			{"componentId":1,"chargingType":"MB","allowance":` + allowance + `,"remaining":` + remaining + `,"startDate":"2025-01-01 00:00:00"}]}]}`
	}
	inventory := func(more string) string {
		return `{"id":9,"siteId":10,"usageProductId":1,"startDate":"2025-01-01"` + more + `,"productReferences":[
			{"id":9,"productReference":"R","primary":true},{"id":10,"productReference":"S"` + map[bool]string{true: `,"primary":true`}[more == ""] + `}]}`
	}
	cases := []struct {
		name, kind, content string
		want                map[string]int
	}{
		{"healthy", "balances", credit("b", entry(start, "10", ""), entry(deduction, "-4", `,"invoice_id":"i"`), entry(end, "-6", "")), map[string]int{}},
		{"not expired", "balances", credit("b", entry(start, "10", "")), map[string]int{}},
		{"rule 3", "balances", credit("b", entry(start, "10", ""), entry(end, "-6", "")), map[string]int{sums: 1}},
		{"rule 3, void left out", "balances", credit("b", entry(start, "10", ""), entry(deduction, "-4", `,"invoice_id":"void"`), entry(end, "-10", "")), map[string]int{}},
		{"rule 3, void counted by mistake", "balances", credit("b", entry(start, "10", ""), entry(deduction, "-4", `,"invoice_id":"void"`), entry(end, "-6", "")), map[string]int{sums: 1}},
		{"rule 4", "balances", credit("b", entry(deduction, "-4", "")), map[string]int{noInvoice: 1}},
		{"rule 5", "balances", credit("b", strings.Repeat(entry(deduction, "-1", `,"invoice_id":"i"`)+",", 3)+entry(deduction, "-1", `,"invoice_id":"j"`)), map[string]int{twice: 1}},
		{"signs", "balances", credit("b", entry(start, "-1", ""), entry(deduction, "1", `,"invoice_id":"i"`), entry(end, "1", "")), map[string]int{negative: 1, positive: 2, sums: 1}},
		{"a segment of another balance", "balances", credit("b", strings.Replace(entry("MANUAL", "1", ""), `"s"`, `"z"`, 1)), map[string]int{segment: 1}},
		{"rule 8, above", "inclusive-usage-balances", usage("5", "6"), map[string]int{remaining: 1}},
		{"rule 8, below", "inclusive-usage-balances", usage("5", "-1"), map[string]int{remaining: 1}},
		{"rule 8, all of it", "inclusive-usage-balances", usage("5", "5"), map[string]int{}},
		{"rule 9, above", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":5,"quantity_used":6}`, map[string]int{used: 1}},
		{"rule 9, below", "entitlement-balances", `{"id":"e","customer_id":1,"quantity_used":-1}`, map[string]int{used: 1}},
		{"rule 9, all of it", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":5,"quantity_used":5}`, map[string]int{}},
		{"a rest of its own", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":100,"quantity_used":1,"quantity_remaining":3}`, map[string]int{left: 1}},
		{"a rest that is no number", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":100,"quantity_used":1,"quantity_remaining":"all"}`, map[string]int{left: 1}},
		{"the rest of a float", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":100,"quantity_used":45.2,"quantity_remaining":54.79999999999999}`, map[string]int{}},
		{"a rest of what is not known", "entitlement-balances", `{"id":"e","customer_id":1,"quantity":100,"quantity_remaining":3}`, map[string]int{}},
		{"an expiry before it", "entitlement-balances", `{"id":"e","customer_id":1,"active_from":"2025-01-02T00:00:00Z","expiry_at":"2025-01-01T23:59:59.999999Z"}`, map[string]int{early: 1}},
		{"an expiry at once", "entitlement-balances", `{"id":"e","customer_id":1,"active_from":"2025-01-02T00:00:00Z","expiry_at":"2025-01-02T00:00:00Z"}`, map[string]int{}},
		{"an end before the start", "usage-product-inventories", inventory(`,"endDate":"2024-12-31"`), map[string]int{backwards: 1}},
		{"two primaries", "usage-product-inventories", inventory(``), map[string]int{primaries: 1}},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers", "sites", "usage-product-inventories")
		file{kind: "invoices", content: `{"id":"void","status":"VOID"}`}.must(t, db)
		for _, c := range cases {
			summary := file{kind: c.kind, content: c.content}.must(t, db)
			same(t, c.name, c.want, summary.Warnings)
			same(t, c.name+" again", c.want, file{kind: c.kind, content: c.content}.must(t, db).Warnings)
			n := 0
			for _, count := range c.want {
				n += count
			}
			var noted []int
			if err := db.Raw("SELECT warnings FROM imports ORDER BY id DESC LIMIT 1").Find(&noted).Error; err != nil {
				t.Fatal(err)
			}
			same(t, c.name+": noted", []int{n}, noted)
		}
	})
}

// TestPostpaid holds postpaid commits to one segment, which the ledger starts with.
func TestPostpaid(t *testing.T) {
	segment := func(id string) string {
		return `{"id":"` + id + `","amount":10,"starting_at":"2025-01-01T00:00:00Z","ending_before":"2025-02-01T00:00:00Z"}`
	}
	row := func(segments, more string) file {
		return file{kind: "balances", content: `{"id":"p","customer_id":1,"type":"POSTPAID","access_schedule":{"schedule_items":[` + segments + `]}` + more + `}`}
	}
	initial := func(amount string) string {
		return `,"ledger":[{"type":"POSTPAID_COMMIT_INITIAL_BALANCE","amount":` + amount + `,"timestamp":"2025-01-01T00:00:00Z"}]`
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		const one = "access_schedule.schedule_items: found %, expected exactly one segment in a postpaid commit"
		refused(t, db, row("", ""), strings.Replace(one, "%", "0 segments", 1))
		refused(t, db, row(segment("a")+","+segment("b"), ""), strings.Replace(one, "%", "2 segments", 1))
		refused(t, db, row(segment("a"), initial("9")), "ledger: found POSTPAID_COMMIT_INITIAL_BALANCE of 9, expected the amount of the segment, 10")
		row(segment("a"), "").must(t, db)
		row(segment("a"), `,"ledger":[]`).must(t, db)
		row(segment("a"), initial("10.0")).must(t, db)
		same(t, "type", []string{"POSTPAID_COMMIT"}, query(t, db, "SELECT type FROM balances"))
	})
}

// TestUniquenessKeys refuses two balances of a customer with one key, and lets
// them exchange keys.
func TestUniquenessKeys(t *testing.T) {
	row := func(id, customer, key string) string {
		return `{"id":"` + id + `","customer_id":` + customer + `,"type":"CREDIT","uniqueness_key":"` + key + `"}`
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		balances := func(rows ...string) file { return file{kind: "balances", content: strings.Join(rows, "\n")} }
		balances(row("a", "1", "x"), row("b", "1", "y"), row("c", "2", "x")).must(t, db)
		balances(row("a", "1", "y"), row("b", "1", "x")).must(t, db)
		refused(t, db, balances(row("d", "1", "x")), `1 error in 1 row`, `row 1: uniqueness_key: found "x", expected a key that no other balance of the customer has: b has it`)
		refused(t, db, balances(row("d", "1", "z"), row("e", "1", "z")), `1 error`, `row 2: uniqueness_key: found "z", expected a key that no other balance of the customer has: d in row 1 has it`)
		refused(t, db, balances(row("d", "1", "z"), row("e", "1", "z"), `{"id":"f"}`), `2 errors in 3 rows`, `row 2: uniqueness_key`)
		refused(t, db, balances(row("d", "1", "x"), `{"id":"b","customer_id":1}`), `1 error in 2 rows`, `row 2: type: found nothing`)
		f := balances(row("d", "1", "x"))
		f.options.Replace = true
		f.must(t, db)
		same(t, "keys", []string{"c x", "d x"}, query(t, db, "SELECT id || ' ' || uniqueness_key FROM balances ORDER BY 1"))
	})
}

// TestCustomerNames finds the customer of a row by our id, by an external id, and
// by --customer.
func TestCustomerNames(t *testing.T) {
	const customers = `[{"id":1,"externalIds":[{"system":"m","value":"one"},{"system":"z","value":"two"},{"system":"z","value":"77"}]},
		{"id":2,"externalIds":[{"system":"m","value":"two"},{"system":"z","value":"1"},{"system":"z","value":"u:v"}]},{"id":77,"customerName":"N"}]`
	cases := []struct{ customer, row, want string }{
		{"", `"customer_id":2`, "2"},
		{"", `"customer":"one"`, "1"},
		{"", `"customer":{"id":"m:two"}`, "2"},
		{"", `"customer":"u:v"`, "2"},
		{"", `"customer":"1"`, `customer: found "1", expected a name of one customer: it is one of Customer:1 and of Customer:2`}, // our id, and an external one
		{"77", ``, "77"}, // --customer means our id first
		{"", `"customer":"Customer:2"`, "2"},
		{"", `"customer_id":"m:one","customer":"one"`, "1"},
		{"", `"customer":"two"`, `customer: found "two", expected a name of one customer: it is one of Customer:1 and of Customer:2`},
		{"", `"customer_id":3`, `customer_id: found "3", expected the id of a customer that was imported, or an external id of one`},
		{"", `"customer":{"name":"X"}`, `customer.id: found nothing, expected a string`},
		{"", `"customer":[1]`, `customer: found a list, expected a string`},
		{"one", ``, "1"},
		{"Customer:2", `"customer":"unknown to all"`, `customer: found "unknown to all", expected Customer:2, which --customer names, by its id or an external id (--as SYSTEM:VALUE records one)`},
		{"1", `"customer_id":"one","customer":{"id":"nobody"}`, `customer.id: found "nobody", expected Customer:1, which --customer names`},
		{"1", `"customer_id":"m:one","customer":{"id":"Customer:1"}`, "1"},
		{"1", `"customer":"two"`, "1"}, // it may mean customer 1
		{"1", `"customer":"77"`, "1"},
		{"2", `"customer":"one"`, `customer: found "one", expected Customer:2, which --customer names`},
		{"2", `"customer_id":1`, "2"}, // an external id of customer 2
		{"1", `"customer_id":2`, `customer_id: found "2", expected Customer:1, which --customer names`},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		file{kind: "customers", content: customers}.must(t, db)
		for _, c := range cases {
			row := `{"id":"e","quantity":1` + strings.TrimSuffix(","+c.row, ",") + `}`
			f := file{kind: "entitlement-balances", content: row, options: ingest.Options{Customer: c.customer}}
			if strings.Contains(c.want, "expected") {
				refused(t, db, f, c.want)
				continue
			}
			f.must(t, db)
			same(t, c.customer+" "+c.row, []string{c.want}, query(t, db, "SELECT CAST(customer_id AS text) FROM entitlement_balances"))
		}
	})
}

// TestExternalIDs replaces the external ids of customers that say theirs, and
// keeps those of the others.
func TestExternalIDs(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		customers := func(rows ...string) file { return file{kind: "customers", content: strings.Join(rows, "\n")} }
		is := func(what string, want ...string) {
			t.Helper()
			same(t, what, want, query(t, db, "SELECT system || ':' || value || ' ' || CAST(customer_id AS text) FROM external_ids ORDER BY 1"))
		}
		id := func(values ...string) string {
			for i, value := range values {
				values[i] = `{"system":"s","value":"` + value + `"}`
			}
			return `,"externalIds":[` + strings.Join(values, ",") + `]}`
		}
		customers(`{"id":1`+id("a", "b"), `{"id":2,"customerName":"M"}`).must(t, db)
		is("first", "s:a 1", "s:b 1")
		as := file{kind: "balances", content: "[]", options: ingest.Options{Customer: "2", As: "z:x:y"}}
		as.must(t, db)
		as.must(t, db)
		is("recorded by --as", "s:a 1", "s:b 1", "z:x:y 2")
		customers(`{"id":2,"customerName":"N"}`).must(t, db)
		is("kept", "s:a 1", "s:b 1", "z:x:y 2")
		refused(t, db, customers(`{"id":2`+id("a")), `row 1: externalIds: found "s:a", expected an external id that no other customer has: Customer:1 has it`)
		refused(t, db, customers(`{"id":1`+id("c"), `{"id":2`+id("c")), `row 2: externalIds: found "s:c", expected an external id of one customer: row 1 has it`)
		customers(`{"id":2`+id("a"), `{"id":1`+id("b")).must(t, db)
		is("moved, to a row before", "s:a 2", "s:b 1")
		customers(`{"id":2`+id(), `{"id":1`+id("a")).must(t, db)
		is("moved, to a row after", "s:a 1")
		if summary := customers(`{"id":1`+id("a")).must(t, db); summary.Changed != 0 {
			t.Error(summary)
		}
		customers(`{"id":1,"customerName":"N","externalIds":null}`).must(t, db)
		is("null is absent", "s:a 1")
	})
}

// TestReplaceNeedsAllPages refuses to delete what may be on a page that the file
// lacks.
func TestReplaceNeedsAllPages(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		file{kind: "balances", content: `[{"id":"a","type":"CREDIT","customer_id":1},{"id":"b","type":"CREDIT","customer_id":1}]`}.must(t, db)
		const page = `{"data":[{"id":"a","type":"CREDIT","customer_id":1}],"next_page":"more"}`
		if _, err := ingest.File(t.Context(), db, "page.json", strings.NewReader(page), ingest.Options{Kind: "balances", Replace: true}); err == nil || !strings.Contains(err.Error(), "names a next page") {
			t.Errorf("got %v", err)
		}
		same(t, "balances", []string{"a", "b"}, query(t, db, "SELECT id FROM balances ORDER BY 1"))
	})
}
