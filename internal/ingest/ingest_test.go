package ingest_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// file is one import of a test.
type file struct {
	kind, name, content string
	options             ingest.Options
}

// run imports the file.
func (f file) run(t testing.TB, db *gorm.DB) (ingest.Summary, error) {
	t.Helper()
	if f.options.Kind = f.kind; f.name == "" {
		f.name = "test.json"
	}
	return ingest.File(t.Context(), db, f.name, strings.NewReader(f.content), f.options)
}

// must imports the file and fails the test if that is refused.
func (f file) must(t testing.TB, db *gorm.DB) ingest.Summary {
	t.Helper()
	summary, err := f.run(t, db)
	if err != nil {
		t.Fatalf("import %s: %v", f.kind, err)
	}
	return summary
}

// samples are one file of each kind, each after those whose rows it names.
var samples = []file{
	{kind: "customers", name: "elevate-customers.json"},
	{kind: "sites", name: "elevate-sites.json"},
	{kind: "usage-products", name: "elevate-usage-products.json"},
	{kind: "bill-runs", name: "elevate-bill-runs.json"},
	{kind: "inclusive-usage-plans", name: "elevate-inclusive-usage-plans.json"},
	{kind: "usage-product-inventories", name: "elevate-usage-product-inventories.json"},
	{kind: "inclusive-usage-balances", name: "elevate-inclusive-usage-balances.json"},
	{kind: "invoices", name: "metronome-invoices.json"},
	{kind: "balances", name: "metronome-list-balances.json", options: ingest.Options{Customer: "1"}},
	{kind: "entitlement-balances", name: "zenskar-customers-balances.json", options: ingest.Options{Customer: "1", As: "zenskar:zk-cust-1"}},
}

func sample(t testing.TB, kind string) file {
	t.Helper()
	for _, f := range samples {
		if f.kind == kind {
			content, err := os.ReadFile(filepath.Join("..", "..", "testdata", "samples", f.name))
			if err != nil {
				t.Fatal(err)
			}
			f.content = string(content)
			return f
		}
	}
	t.Fatalf("no sample of %s", kind)
	return file{}
}

// importSamples imports all samples, or those of the kinds.
func importSamples(t testing.TB, db *gorm.DB, kinds ...string) {
	t.Helper()
	if len(kinds) == 0 {
		kinds = ingest.Kinds()
	}
	for _, kind := range kinds {
		sample(t, kind).must(t, db)
	}
}

// dump is all that the tables hold, but for imports. Times of change are left out
// unless withTimes is set.
func dump(t testing.TB, db *gorm.DB, withTimes bool) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range store.Describe() {
		if table.Name == "imports" {
			continue
		}
		var columns []string
		for _, c := range table.Columns {
			if withTimes || c.Name != "updated_at" {
				columns = append(columns, `"`+c.Name+`"`)
			}
		}
		var rows []map[string]any
		list := strings.Join(columns, ", ")
		if err := db.Raw(fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY %s`, list, table.Name, list)).Find(&rows).Error; err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			out[table.Name] = append(out[table.Name], fmt.Sprint(row))
		}
	}
	return out
}

// query reads one column of a table as text.
func query(t testing.TB, db *gorm.DB, sql string, args ...any) []string {
	t.Helper()
	var values []string
	if err := db.Raw(sql, args...).Find(&values).Error; err != nil {
		t.Fatal(err)
	}
	return values
}

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: want (-), got (+):\n%s", what, diff)
	}
}

// refused imports a file that must be refused, with an error that holds all of the
// texts, and leaves the database as it was.
func refused(t testing.TB, db *gorm.DB, f file, texts ...string) *ingest.Refusal {
	t.Helper()
	before := dump(t, db, true)
	_, err := f.run(t, db)
	var refusal *ingest.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("got %v, want a refusal with %q", err, texts)
		return nil
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error lacks %q:\n%v", text, err)
		}
	}
	same(t, "the database after a refusal", before, dump(t, db, true))
	return refusal
}

func zipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
