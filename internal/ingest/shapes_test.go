package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestShapes imports the same two rows in all the shapes that systems answer in.
func TestShapes(t *testing.T) {
	const a, b = `{"id":1,"customerName":"Ünï 😀 \ud83d\ude00"}`, `{"id":2,"customerName":"B","updatedDate":null}`
	both := "[" + a + "," + b + "]"
	shapes := []struct{ name, file, content string }{
		{"array", "x.json", both},
		{"spaces", "x.json", " [\n" + a + "\t,\r\n" + b + " ]\n\n"},
		{"data", "x.json", `{"data":` + both + `,"next_page":null}`},
		{"results", "x.json", `{"next":null,"total":{"of":[2]},"results":` + both + `}`},
		{"arrays one after another", "x.json", "[" + a + "][]\n[" + b + "]"},
		{"envelopes one after another", "x.json", `{"data":[` + a + `],"next_page":"abc"}{"data":[` + b + `],"next_page":null}`},
		{"NDJSON", "x.json", a + "\n" + b + "\n"},
		{"NDJSON without line ends", "x.json", a + b},
		{"mixed", "x.json", a + `{"results":[` + b + `]}`},
		{"byte order mark", "x.json", "\xef\xbb\xbf" + both},
		{"gzip", "x.json.gz", zipped(t, both)},
		{"gzip in two members", "X.GZ", zipped(t, a) + zipped(t, b)},
		{"gzip with a byte order mark", "x.gz", zipped(t, "\xef\xbb\xbf"+both)},
		{"keys as strings", "x.json", strings.NewReplacer(`:1`, `:"1"`, `:2`, `:"2"`).Replace(both)},
		{"keys with exponents", "x.json", strings.NewReplacer(`"id":1`, `"id":10e-1`, `"id":2`, `"id":0.2e1`).Replace(both)},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		want := []string{"1 Ünï 😀 😀", "2 B"}
		for i, shape := range shapes {
			f := file{kind: "customers", name: shape.file, content: shape.content}
			summary := f.must(t, db)
			if changed := map[bool]int{true: 2}[i == 0]; summary.Rows != 2 || summary.Changed != changed || len(summary.Warnings) > 0 {
				t.Errorf("%s: %s", shape.name, summary)
			}
			same(t, shape.name, want, query(t, db, "SELECT CAST(id AS text) || ' ' || name FROM customers ORDER BY id"))
		}
		for _, empty := range []string{"[]", `{"data":[]}`, "[][]"} {
			if summary := (file{kind: "customers", content: empty}).must(t, db); summary.Rows != 0 {
				t.Errorf("%s: %s", empty, summary)
			}
		}
		summary := file{kind: "customers", content: `{"data":[` + a + `],"next_page":"abc"}`}.must(t, db)
		same(t, "a page of several", map[string]int{"the last page names a next page, which the file lacks": 1}, summary.Warnings)
	})
}

// TestManyBatches imports more rows than a batch holds, with copies and errors in
// batches of their own.
func TestManyBatches(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		var b strings.Builder
		for i := range 2500 {
			fmt.Fprintf(&b, `{"id":%d,"customerName":"C%d"}`+"\n", i+1, i+1)
		}
		rows := b.String()
		var progress []int
		f := file{kind: "customers", content: rows, options: ingest.Options{Progress: func(n int) { progress = append(progress, n) }}}
		if summary := f.must(t, db); summary.Changed != 2500 {
			t.Error(summary)
		}
		same(t, "progress", []int{1000, 2000, 2500}, progress)

		again := file{kind: "customers", content: rows + `{"customerName":"C3","id":"3"}` + rows}
		if summary := again.must(t, db); summary.Duplicates != 2501 || summary.Unchanged != 2500 || summary.Rows != 5001 {
			t.Error(summary)
		}
		refused(t, db, file{kind: "customers", content: rows + `{"id":3,"customerName":"D"}`},
			`row 2501: id: found "3", expected a key that row 3 does not have`)

		bad := strings.ReplaceAll(rows, `"C2`, `null,"customerType":"C2`)
		refusal := refused(t, db, file{kind: "customers", content: bad}, "test.json: nothing was imported: 612 errors in 2500 rows, of which the first 20:\n"+
			`test.json: row 2: customerType: found "C2", expected one of`)
		if refusal != nil && (len(refusal.Lines) != 20 || refusal.Errors != 612) {
			t.Errorf("%d lines of %d errors", len(refusal.Lines), refusal.Errors)
		}
	})
}

// endless is an endless repetition of a text.
type endless struct{ text string }

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e.text) <= len(p) {
		n += copy(p[n:], e.text)
	}
	return n, nil
}

// TestBoundedRows cuts off rows that do not end.
func TestBoundedRows(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	for _, c := range []struct{ name, start, forever, want string }{
		{"a string", `[{"id":1,"customerName":"N"},{"id":"`, "12345678", "row 2: id: found more than 1 MB without the end of the row"},
		{"fields", `{"id":1,"x":[`, `"abc", `, "row 1: x["},
		{"space", `[`, "    ", "row 1: $: found more than 1 MB"},
		{"a skipped field", `{"data":[],"x":"`, "xxxx", "row 1: x: found more than 1 MB"},
		{"depth", ``, "[", "found a value inside of too many others, expected at most 64 levels"},
		{"keys", `{`, `"a`, "row 1: "},
	} {
		content := io.MultiReader(strings.NewReader(c.start), endless{c.forever})
		_, err := ingest.File(t.Context(), db, "x.json", content, ingest.Options{Kind: "customers"})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// brokenReader fails.
type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// TestFailures are errors that the content is not to blame for: they are no
// refusals, and nothing lands.
func TestFailures(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		failed := errors.New("the disk is on fire")
		content := io.MultiReader(strings.NewReader(`[{"id":1},`), brokenReader{failed})
		_, err := ingest.File(t.Context(), db, "x.json", content, ingest.Options{Kind: "customers"})
		if !errors.Is(err, failed) {
			t.Errorf("got %v", err)
		}

		ctx, cancel := context.WithCancel(t.Context())
		options := ingest.Options{Kind: "customers", Progress: func(int) { cancel() }}
		_, err = ingest.File(ctx, db, "x.json", strings.NewReader(`[{"id":1}]`), options)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		same(t, "customers", []string{"0"}, query(t, db, "SELECT count(*) FROM customers"))
		same(t, "imports", []string{"0"}, query(t, db, "SELECT count(*) FROM imports"))
	})
}

// TestOptions refuses options without a meaning.
func TestOptions(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	importSamples(t, db)
	for _, c := range []struct {
		options ingest.Options
		want    string
	}{
		{ingest.Options{Kind: "things"}, `"things" is nothing that can be imported: want one of customers, sites,`},
		{ingest.Options{Kind: "customers", Replace: true}, "--replace has no meaning for customers: it is for sites, usage-product-inventories, inclusive-usage-balances, balances, entitlement-balances"},
		{ingest.Options{Kind: "sites", Customer: "1"}, "--customer has no meaning for sites: it is for balances, entitlement-balances"},
		{ingest.Options{Kind: "balances", As: "a:b"}, "needs --customer"},
		{ingest.Options{Kind: "balances", Customer: "nobody"}, `--customer: found "nobody", expected the id of a customer`},
		{ingest.Options{Kind: "balances", Customer: "1", As: "b"}, "--as wants SYSTEM:VALUE"},
		{ingest.Options{Kind: "balances", Customer: "1", As: ":b"}, "--as wants SYSTEM:VALUE"},
		{ingest.Options{Kind: "balances", Customer: "\xff"}, "not UTF-8"},
		{ingest.Options{Kind: "balances", Customer: "2", As: "zenskar:zk-cust-1"}, `--as: "zenskar:zk-cust-1" is an external id of Customer:1 already`},
	} {
		_, err := ingest.File(t.Context(), db, "x.json", strings.NewReader("[]"), c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %s", c.options, err, c.want)
		}
	}
}
