package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// Lists of customers as Metronome and Zenskar answer them.
const (
	metronomeCustomers = `{"data":[
		{"id":"0f8a3c1e-0000-4000-8000-0000000000a1","external_id":"acme","ingest_aliases":["acme","acme@corp.example"],"name":"Acme","customer_config":{"salesforce_account_id":null},
		 "custom_fields":{},"created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-02T00:00:00Z","archived_at":null},
		{"id":"0f8a3c1e-0000-4000-8000-0000000000a2","ingest_aliases":[],"name":"Beta","customer_config":{}}],"next_page":null}`
	zenskarCustomers = `{"data":[
		{"id":"zk-1","customer_name":"Gamma","email":"g@example.com","external_id":"G-1","created_at":"2023-01-01T00:00:00","updated_at":"2023-01-01T00:00:00"},
		{"id":"zk-2","customer_name":"Delta","email":null,"external_id":""}],"next":null,"total":2}`
)

const (
	customersSQL   = "SELECT CAST(id AS text) || ' ' || name || ' ' || COALESCE(email, '-') FROM customers ORDER BY id"
	externalIDsSQL = "SELECT CAST(customer_id AS text) || ' ' || system || ':' || value FROM external_ids ORDER BY 1"
)

// TestListedCustomers imports the customers of systems that have no IDs of ours. They
// get their own, are found again, and their balances and entitlements find them.
func TestListedCustomers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		customers := func(content string) ingest.Summary {
			t.Helper()
			return file{kind: "customers", content: content}.must(t, db)
		}
		file{kind: "customers", content: `{"id":1000000000001,"customerName":"In the way"}`}.must(t, db)
		same(t, "unknown fields", map[string]int{"custom_fields": 1, "archived_at": 1, "customer_config": 2}, customers(metronomeCustomers).UnknownFields)
		same(t, "zones", map[string]int{"a time without a zone is read as UTC": 1}, customers(zenskarCustomers).Warnings)
		want := []string{"1000000000000 Acme -", "1000000000001 In the way -", "1000000000002 Beta -", "1000000000003 Gamma g@example.com", "1000000000004 Delta -"}
		same(t, "customers", want, query(t, db, customersSQL))
		ids := []string{
			"1000000000000 metronome:0f8a3c1e-0000-4000-8000-0000000000a1", "1000000000000 metronome:acme", "1000000000000 metronome:acme@corp.example",
			"1000000000002 metronome:0f8a3c1e-0000-4000-8000-0000000000a2", "1000000000003 zenskar:G-1", "1000000000003 zenskar:zk-1", "1000000000004 zenskar:zk-2",
		}
		same(t, "external ids", ids, query(t, db, externalIDsSQL))

		before := dump(t, db, true)
		for _, again := range []string{metronomeCustomers, zenskarCustomers, zenskarCustomers + metronomeCustomers, metronomeCustomers + metronomeCustomers} {
			if summary := customers(again); summary.Changed != 0 || summary.Unchanged+summary.Duplicates != summary.Rows {
				t.Error(summary)
			}
		}
		same(t, "importing again", before, dump(t, db, true))

		customers(strings.Replace(metronomeCustomers, `["acme","acme@corp.example"],"name":"Acme"`, `["acme"],"name":"Acme Ltd"`, 1))
		want[0] = "1000000000000 Acme Ltd -"
		same(t, "a new name", want, query(t, db, customersSQL))
		same(t, "an alias less", append(ids[:2:2], ids[3:]...), query(t, db, externalIDsSQL))

		file{kind: "balances", content: `{"id":"b","type":"CREDIT","customer_id":"0f8a3c1e-0000-4000-8000-0000000000a2"}`}.must(t, db)
		file{kind: "balances", content: `{"data":[{"id":"c","type":"CREDIT"}]}`, options: ingest.Options{Customer: "acme"}}.must(t, db)
		file{kind: "entitlement-balances", content: `{"id":"e","quantity":1,"customer":{"id":"zk-1","name":"Gamma"}}`}.must(t, db)
		same(t, "what is theirs", []string{"1000000000000 c", "1000000000002 b", "1000000000003 e"}, query(t, db, `SELECT CAST(customer_id AS text) || ' ' || id FROM balances
			UNION ALL SELECT CAST(customer_id AS text) || ' ' || id FROM entitlement_balances ORDER BY 1`))
		refused(t, db, file{kind: "customers", content: `{"id":1000000000000,"customerName":"Elevate's"}`},
			`id: found 1000000000000, expected an id that no customer of another system has`)
	})
}

// TestListedCustomersJoin finds customers of another list by their external IDs. Their
// own fields stay, whoever is imported again.
func TestListedCustomersJoin(t *testing.T) {
	const elevate = `{"id":7,"customerName":"Seven","email":"7@example.com","externalIds":[{"system":"metronome","value":"acme"}]}`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		file{kind: "customers", content: elevate}.must(t, db)
		file{kind: "balances", content: "[]", options: ingest.Options{Customer: "7", As: "zenskar:zk-2"}}.must(t, db)
		for i, content := range []string{metronomeCustomers, zenskarCustomers} {
			f := file{kind: "customers", content: content}
			if summary := f.must(t, db); summary.Changed != 2-i { // --as has said already who zk-2 is
				t.Errorf("%d: %s", i, summary)
			}
			times := dump(t, db, true)
			if summary := f.must(t, db); summary.Changed != 0 || summary.Unchanged != 2 {
				t.Errorf("%d again: %s", i, summary)
			}
			f.content += content
			if summary := f.must(t, db); summary.Changed != 0 {
				t.Errorf("%d twice: %s", i, summary)
			}
			same(t, "importing again", times, dump(t, db, true))
		}
		if summary := (file{kind: "customers", content: elevate}).must(t, db); summary.Changed != 0 {
			t.Errorf("Elevate's: %s", summary)
		}
		same(t, "customers", []string{"7 Seven 7@example.com", "1000000000000 Beta -", "1000000000001 Gamma g@example.com"}, query(t, db, customersSQL))
		same(t, "external ids", []string{
			"1000000000000 metronome:0f8a3c1e-0000-4000-8000-0000000000a2", "1000000000001 zenskar:G-1", "1000000000001 zenskar:zk-1",
			"7 metronome:0f8a3c1e-0000-4000-8000-0000000000a1", "7 metronome:acme", "7 metronome:acme@corp.example", "7 zenskar:zk-2",
		}, query(t, db, externalIDsSQL))

		// An own row may be a customer of the third list, too.
		file{kind: "balances", content: "[]", options: ingest.Options{Customer: "G-1", As: "metronome:gamma"}}.must(t, db)
		f := file{kind: "customers", content: `{"id":"u3","ingest_aliases":["gamma"],"name":"Gamma of Metronome"}`}
		f.must(t, db)
		if summary := f.must(t, db); summary.Changed != 0 {
			t.Error(summary)
		}
		file{kind: "customers", content: zenskarCustomers}.must(t, db)
		same(t, "its own fields", []string{"Gamma"}, query(t, db, "SELECT c.name FROM customers AS c JOIN external_ids AS e ON e.customer_id = c.id WHERE e.value = 'u3'"))
		refused(t, db, file{kind: "customers", content: `{"id":"u4","ingest_aliases":["acme@corp.example","gamma"],"name":"Both"}`},
			`ingest_aliases: found "u4", expected external ids of one customer: Customer:7 and Customer:1000000000001 have some of them`)
	})
}

// TestListedAliases moves aliases between customers of one system, which are never taken
// for one another.
func TestListedAliases(t *testing.T) {
	row := func(id string, aliases ...string) string {
		return `{"id":"` + id + `","name":"` + id + `","ingest_aliases":["` + strings.Join(aliases, `","`) + `"]}`
	}
	names := "SELECT c.name || ' ' || e.value FROM customers AS c JOIN external_ids AS e ON e.customer_id = c.id WHERE e.value <> c.name ORDER BY 1"
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		of := func(rows ...string) file { return file{kind: "customers", content: strings.Join(rows, "\n")} }
		of(row("u1", "a")).must(t, db)
		refused(t, db, of(row("u2", "a")), `found "metronome:a", expected an external id that no other customer has: Customer:1000000000000 has it`)
		refused(t, db, of(row("u3", "b"), row("u4", "b")), `row 2: ingest_aliases: found "metronome:b", expected an external id of one customer: row 1 has it`)
		of(row("u2", "a"), row("u1", "c")).must(t, db)
		same(t, "given to a new row before", []string{"u1 c", "u2 a"}, query(t, db, names))
		of(row("u1", "a"), row("u2", "b")).must(t, db)
		same(t, "taken back", []string{"u1 a", "u2 b"}, query(t, db, names))
		refused(t, db, of(row("u1", "a"), row("u1", "z")), `expected a key that row 1 does not have`)
		refused(t, db, of(`{"id":"","ingest_aliases":[]}`), `id: found "", expected a string that is not empty`)
		refused(t, db, of(`{"ingest_aliases":null,"name":"N"}`), `id: found nothing, expected a string`)
		refused(t, db, of(`{"id":"zk","customer_name":7}`), `customer_name: found 7, expected a string`)
		f := of(row("u1", "a"), row("u1", "z"))
		f.options.LastWins = true
		f.must(t, db)
		same(t, "the last", []string{"u1 z", "u2 b"}, query(t, db, names))
	})
}

// TestManyListedCustomers gives IDs over several batches, in the file's order.
func TestManyListedCustomers(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		var b strings.Builder
		for i := range 2500 {
			fmt.Fprintf(&b, `{"id":"u%d","customer_name":"C%d"}`+"\n", i, i)
		}
		f := file{kind: "customers", content: b.String() + b.String()}
		if summary := f.must(t, db); summary.Changed != 2500 || summary.Duplicates != 2500 {
			t.Error(summary)
		}
		same(t, "out of order", []string{"0"}, query(t, db, "SELECT count(*) FROM customers WHERE name <> 'C' || CAST(id - 1000000000000 AS text)"))
		same(t, "all", []string{"2500"}, query(t, db, "SELECT count(*) FROM customers"))
		if summary := f.must(t, db); summary.Changed != 0 {
			t.Error(summary)
		}
	})
}
