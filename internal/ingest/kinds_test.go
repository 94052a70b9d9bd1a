package ingest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// flagSets are the options of the command, each alone and some together.
var flagSets = map[string]ingest.Options{
	"":                          {},
	"--replace":                 {Replace: true},
	"--replace --allow-empty":   {Replace: true, Empty: true},
	"--dry-run":                 {DryRun: true},
	"--dry-run --replace":       {DryRun: true, Replace: true},
	"--round":                   {Round: true},
	"--lenient":                 {Lenient: true},
	"--last-wins":               {LastWins: true},
	"--replace --round --empty": {Replace: true, Round: true, Empty: true},
}

// TestEveryKind imports each sample as each kind with each set of flags, into an
// empty database and one that has all samples. The sample's own kind lands, and
// changes nothing where it is already; others change nothing, and neither does a
// dry run.
func TestEveryKind(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, empty *gorm.DB) {
		filled := modelstest.Open(t, address(t, empty))
		importSamples(t, filled)
		file{kind: "customers", content: `{"id":1,"customerName":"Of --customer"}`}.must(t, empty)
		for _, db := range []*gorm.DB{empty, filled} {
			before := dump(t, db, true)
			for _, s := range samples {
				content := sample(t, s.kind).content
				for _, kind := range ingest.Kinds() {
					for flags, options := range flagSets {
						everyKind(t, db, file{kind: kind, content: content, options: options}, s.kind, flags, db == filled)
					}
				}
				same(t, s.kind+" as every kind", before, dump(t, db, true))
			}
		}
		for _, s := range samples {
			f := sample(t, s.kind)
			f.options.Replace = slices.Contains(replaced, s.kind)
			if summary := f.must(t, empty); summary.Rows == 0 || summary.Changed != summary.Rows {
				t.Errorf("%s into an empty database: %s", s.kind, summary)
			}
		}
		same(t, "what landed", dump(t, filled, false), dump(t, empty, false))
	})
}

// replaced are the kinds that --replace has a meaning for.
var replaced = []string{"sites", "usage-product-inventories", "inclusive-usage-balances", "balances", "entitlement-balances"}

// everyKind imports rows of a kind as another, or, where they are stored already
// or the run is dry, as their own.
func everyKind(t *testing.T, db *gorm.DB, f file, of, flags string, stored bool) {
	t.Helper()
	catalogues := []string{"usage-products", "inclusive-usage-plans"}
	if f.kind != of && slices.Contains(catalogues, of) && slices.Contains(catalogues, f.kind) {
		return // they may be taken for each other
	}
	own := f.kind == of
	if own && !stored && !f.options.DryRun {
		return
	}
	if !slices.Contains(replaced, f.kind) {
		f.options.Replace, f.options.Empty = false, false
	}
	if f.kind == "balances" || f.kind == "entitlement-balances" {
		f.options.Customer = "1"
	}
	summary, err := f.run(t, db)
	what := fmt.Sprintf("%s as %s %s", of, f.kind, flags)
	var refusal *ingest.Refusal
	switch {
	case own && stored && (err != nil || summary.Unchanged != summary.Rows || summary.Rows == 0 || summary.Deleted > 0):
		t.Errorf("%s: %s, %v, want all rows unchanged", what, summary, err)
	case !own && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), "looks like "+of)):
		t.Errorf("%s: got %v, want what it looks like", what, err)
	}
}

// TestMisfits has the messages about rows that are of another kind, or of none.
func TestMisfits(t *testing.T) {
	const customers = ", which rows of customers have"
	cases := []struct{ kind, row, want string }{
		{
			"customers", `{"id":7,"name":"September","periodStartDate":"2025-09-01","periodEndDate":"2025-09-30","billRunStatus":"OPEN"}`,
			`row 1: billRunStatus: found "OPEN", expected a row of customers, which has no such field: this looks like bill-runs`,
		},
		{"customers", `{"id":1}`, `row 1: customerName: found nothing, expected a name, an account number or a type` + customers},
		{"customers", `{"id":1,"customerName":null,"email":"a@b.example"}`, `row 1: customerName: found null, expected a name, an account number or a type` + customers},
		{"customers", `{"id":1,"customerName":"A","billRunStatus":"OPEN"}`, `row 1: billRunStatus: found "OPEN", expected a row of customers, which has no such field`},
		{"customers", `{"id":"525b9759","status":"DRAFT"}`, customers + `: this looks like invoices`},
		{"customers", `{"id":1,"customerId":1}`, `customerId: found 1, expected a row of customers, which has no such field: this looks like sites`},
		{"bill-runs", `{"id":7,"name":"September"}`, `row 1: periodStartDate: found nothing, expected a period, which rows of bill-runs have`},
		{"bill-runs", `{"id":"62c0cb84","ingest_aliases":["a"],"name":"Acme","custom_fields":{}}`, `this looks like customers`},
		{"sites", `{"id":"zk","customer_name":"Acme","external_id":"1"}`, `this looks like customers`},
		{"sites", `{"id":1,"customerId":1,"siteId":10,"usageProductId":1,"productReferences":[{"id":1,"productReference":"R"}]}`, `this looks like usage-product-inventories`},
		{"usage-products", `{"id":1,"direction":"OUTBOUND"}`, `row 1: name: found nothing, expected a name, which rows of usage-products have`},
		{"usage-products", `{"id":1,"customerId":1,"siteName":"Hull"}`, `this looks like sites`},
		{"entitlement-balances", `{"id":"x","status":"draft","customer":1}`, `row 1: entitlement: found nothing, expected an entitlement or a quantity, which rows of entitlement-balances have: this looks like invoices`},
		{"entitlement-balances", `{"id":"x","type":"CREDIT","customer_id":1}`, `this looks like balances`},
		{"balances", `{"id":"x","type":"USAGE","status":"DRAFT","line_items":[],"customer_id":1}`, `this looks like invoices`},
		{"invoices", `{"id":"x","status":"draft","quantity":5,"customer":1}`, `this looks like entitlement-balances`},
		{"inclusive-usage-balances", `{"id":1,"siteId":10,"usageProductId":1,"productReferences":[]}`, `this looks like usage-product-inventories`},
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db)
		for _, c := range cases {
			refused(t, db, file{kind: c.kind, content: "[" + c.row + "]"}, "1 error in 1 row", c.want)
		}
		// Vendors may add fields. Those that no kind claims say nothing of a row's kind.
		file{kind: "customers", content: `{"id":9,"customerName":"A","status":"LIVE","name":"B","type":"x","priority":1,"description":null,"billRunStatus":null}`}.must(t, db)
		for kind, other := range map[string]string{"usage-products": "inclusive-usage-plans", "inclusive-usage-plans": "usage-products"} {
			f := sample(t, other)
			f.kind = kind
			f.must(t, db)
		}
	})
}
