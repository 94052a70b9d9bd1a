package ingest_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// runFiles imports files called 1.json, 2.json and so on.
func runFiles(t *testing.T, db *gorm.DB, o ingest.Options, contents ...string) ([]ingest.Summary, error) {
	t.Helper()
	var sources []ingest.Source
	for i, content := range contents {
		sources = append(sources, ingest.Source{Name: string(rune('1'+i)) + ".json", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(content)), nil
		}})
	}
	var did []ingest.Summary
	err := ingest.Files(t.Context(), db, sources, o, func(s ingest.Summary) { did = append(did, s) })
	return did, err
}

func inventoryRow(id string) string {
	return `{"id":` + id + `,"siteId":10,"usageProductId":1,"startDate":"2025-01-01","productReferences":[{"id":` + id + `,"productReference":"R` + id + `"}]}`
}

// TestOneReplacement replaces by all files of a command at once, or by none.
func TestOneReplacement(t *testing.T) {
	ids := "SELECT CAST(id AS text) FROM usage_product_inventories WHERE site_id IN (10, 11) ORDER BY id"
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		options := ingest.Options{Kind: "usage-product-inventories", Replace: true}
		importSamples(t, db)
		did, err := runFiles(t, db, options, "["+inventoryRow("100")+"]", "["+inventoryRow("300")+"]", "[]")
		if err != nil || len(did) != 1 {
			t.Fatal(did, err)
		}
		same(t, "left", []string{"100", "300"}, query(t, db, ids))
		same(t, "summary", "1.json, 2.json, 3.json: 2 rows of usage-product-inventories: 2 changed, 0 unchanged, 2 deleted\n"+
			"deleted with these: 2 rows of inclusive-usage-balances", did[0].String())

		before := dump(t, db, true)
		_, err = runFiles(t, db, options, inventoryRow("400"), inventoryRow("100")+strings.Replace(inventoryRow("400"), "R400", "S", 1)+`{"id":1}`)
		var refusal *ingest.Refusal
		if !errors.As(err, &refusal) {
			t.Fatalf("got %v", err)
		}
		for _, want := range []string{
			"1.json, 2.json: nothing was imported: 5 errors in 4 rows",
			`2.json: row 2: id: found "400", expected a key that row 1 of 1.json does not have, or all the same values as there`,
			"2.json: row 3: siteId: found nothing",
		} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error lacks %q: %v", want, err)
			}
		}
		same(t, "nothing of the first file", before, dump(t, db, true))

		// Without --replace each file is one, and the first lands.
		options.Replace = false
		if did, err = runFiles(t, db, options, inventoryRow("400"), `{"id":1}`); err == nil || len(did) != 1 {
			t.Error(did, err)
		}
		same(t, "the first file", []string{"100", "300", "400"}, query(t, db, ids))
	})
}

// TestDryRun reports what an import would do, deletions and what goes with them
// too, and changes nothing.
func TestDryRun(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		before, imports := dump(t, db, true), query(t, db, "SELECT count(*) FROM imports")
		options := ingest.Options{Kind: "sites", Replace: true, DryRun: true}
		const row = `[{"id":11,"customerId":1,"siteName":"Hull"}]`
		dry, err := runFiles(t, db, options, row)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the database", before, dump(t, db, true))
		same(t, "imports", imports, query(t, db, "SELECT count(*) FROM imports"))
		const told = "1.json: 1 row of sites: 1 changed, 0 unchanged, 1 deleted\n" +
			"deleted with these: 2 rows of usage-product-inventories\ndeleted with these: 2 rows of inclusive-usage-balances"
		same(t, "dry", told+"\ndry run: nothing was written", dry[0].String())

		// A file is compared with the files before it, as when they land.
		options = ingest.Options{Kind: "customers", DryRun: true}
		if dry, err = runFiles(t, db, options, `{"id":1,"customerName":"A"}`, `{"id":1,"customerName":"A"}`); err != nil || dry[0].Changed != 1 || dry[1].Unchanged != 1 {
			t.Error(dry, err)
		}
		as := ingest.Options{Kind: "balances", Customer: "2", As: "m:x", DryRun: true}
		if _, err := runFiles(t, db, as, "[]"); err != nil {
			t.Error(err)
		}
		same(t, "the database still", before, dump(t, db, true))
		if _, err = runFiles(t, db, options, `{"id":1}`); err == nil {
			t.Error("a dry run takes what is refused")
		}

		options = ingest.Options{Kind: "sites", Replace: true}
		did, err := runFiles(t, db, options, row)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "done", told, did[0].String())
		same(t, "what is left", []string{"11 110", "20 200"}, query(t, db, "SELECT CAST(site_id AS text) || ' ' || CAST(id AS text) FROM usage_product_inventories ORDER BY id"))
		same(t, "and of balances", []string{"110"}, query(t, db, "SELECT CAST(usage_product_inventory_id AS text) FROM inclusive_usage_balances"))
	})
}

// TestAllowEmpty deletes nothing for want of rows unless that is allowed.
func TestAllowEmpty(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		before := dump(t, db, true)
		for _, content := range []string{`{"data": []}`, `[]`, `{"results":[],"next":null}`, `[{"data":[]},{"data":[]}]`} {
			for _, kind := range replaced {
				options := ingest.Options{Kind: kind, Replace: true}
				if kind == "balances" || kind == "entitlement-balances" {
					options.Customer = "1"
				}
				if _, err := runFiles(t, db, options, content, content); err == nil || !strings.Contains(err.Error(), "--allow-empty") {
					t.Errorf("%s %s: got %v", kind, content, err)
				}
			}
		}
		same(t, "the database", before, dump(t, db, true))
		options := ingest.Options{Kind: "balances", Customer: "1", Replace: true, Empty: true}
		did, err := runFiles(t, db, options, `{"data": []}`)
		if err != nil || did[0].Deleted != 2 {
			t.Error(did, err)
		}
		same(t, "balances", []string{"0"}, query(t, db, "SELECT count(*) FROM balances"))
		options.Replace = false
		if _, err := runFiles(t, db, options, "[]"); err == nil || !strings.Contains(err.Error(), "needs --replace") {
			t.Errorf("--allow-empty alone: %v", err)
		}
	})
}

// TestContractLevelStays deletes contract-level balances only if the files have
// one, and archived ones only if they have one of these.
func TestContractLevelStays(t *testing.T) {
	row := func(id, more string) string { return `{"id":"` + id + `","customer_id":1,"type":"CREDIT"` + more + `}` }
	const contract, archived = `,"contract":{"id":"k"}`, `,"archived_at":"2025-01-01T00:00:00Z"`
	all := strings.Join([]string{row("plain", ""), row("contract", contract), row("archived", archived), row("both", contract+archived)}, "\n")
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		for _, c := range []struct {
			name, content string
			deleted, kept int
			left          []string
		}{
			{"neither", row("new", ""), 1, 3, []string{"archived", "both", "contract", "new"}},
			{"contract-level", row("new", contract), 2, 2, []string{"archived", "both", "new"}},
			{"archived", row("new", archived), 2, 2, []string{"both", "contract", "new"}},
			{"one of each", row("new", contract) + row("old", archived), 4, 0, []string{"new", "old"}},
			{"one that is both", row("new", contract+archived), 4, 0, []string{"new"}},
		} {
			file{kind: "balances", content: all, options: ingest.Options{}}.must(t, db)
			summary := file{kind: "balances", content: c.content, options: ingest.Options{Replace: true}}.must(t, db)
			if summary.Deleted != c.deleted || summary.Warnings["a contract-level or archived row stays: the files have none, so they may come from a request that leaves them out"] != c.kept {
				t.Errorf("%s: %s", c.name, summary)
			}
			same(t, c.name, c.left, query(t, db, "SELECT id FROM balances ORDER BY id"))
			if err := db.Exec("DELETE FROM balances").Error; err != nil {
				t.Fatal(err)
			}
		}
	})
}
