package ingest_test

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestEnvelopes imports the same two rows in the shapes that scripts save.
func TestEnvelopes(t *testing.T) {
	const a, b = `{"id":1,"customerName":"A\ufeff"}`, "{\"id\":2,\"customerName\":\"\xef\xbb\xbfB\"}"
	const mark = "\xef\xbb\xbf"
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		for i, content := range []string{
			"[" + a + "," + b + "]",
			`{"data":` + a + `}{"data":` + b + `}`,
			`{"data":` + a + `,"next_page":null}` + "\n" + `{"results":` + b + `}`,
			`[{"data":[` + a + `],"next_page":"x"},{"data":[` + b + `],"next_page":null}]`,
			`[{"results":[` + a + `],"next":"x"},{"results":[` + b + `],"next":""}]`,
			`[[` + a + `],[],[` + b + `]]`,
			`[{"data":` + a + `},` + b + `]`,
			`{"data":[` + a + "," + b + `],"next_page":""}`,
			mark + "[" + a + "]" + mark + "\n[" + b + "]\n" + mark,
			a + "\r\n" + mark + b,
			strings.Repeat(" ", 70<<10) + mark + a + strings.Repeat("\n", 70<<10) + mark + b + strings.Repeat(" ", 2<<20),
			zipped(t, mark+"["+a+","+b+"]"),
			zipped(t, a) + zipped(t, mark+b),
		} {
			summary := file{kind: "customers", content: content}.must(t, db)
			if changed := map[bool]int{true: 2}[i == 0]; summary.Rows != 2 || summary.Changed != changed || len(summary.Warnings) > 0 {
				t.Errorf("shape %d: %s", i, summary)
			}
		}
		same(t, "marks in texts stay", []string{"A\ufeff", "\ufeffB"}, query(t, db, "SELECT name FROM customers ORDER BY id"))
		for _, content := range []string{"[" + mark + a + "]", `{"id":1,` + mark + `"customerName":"A"}`, "[" + a + mark + "," + b + "]"} {
			refused(t, db, file{kind: "customers", content: content}, "an error in the JSON")
		}
		refused(t, db, file{kind: "customers", content: `{"data":{"id":1,"customerName":7}}`}, "row 1: customerName: found 7")
		refused(t, db, file{kind: "customers", content: `{"data":{"id":1,"x":1,"x":2,"customerName":"A"}}`}, "row 1: x: found the key twice")
	})
}

// TestErrorAnswers reports what an API says instead of rows, and whose list it is
// where that is another system's.
func TestErrorAnswers(t *testing.T) {
	const reads = "; usagegraph reads Elevate, Metronome and Zenskar"
	const answer = "row 1: $: found an API's error answer, "
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		importSamples(t, db, "customers")
		for _, c := range []struct{ content, want string }{
			{`{"message":"Unauthorized"}`, answer + `"Unauthorized", expected rows of KIND`},
			{`{"error":"invalid_token","error_description":"expired"}`, answer + `"invalid_token: expired"`},
			{`{"error":{"code":"rate_limit","message":"Slow down"}}`, answer + `"Slow down: rate_limit"`},
			{`{"errors":[{"message":"No such field"}]}`, answer + `"No such field"`},
			{`{"errors":{"customer_id":["is not a UUID"]}}`, answer + `"customer_id: is not a UUID"`},
			{`{"type":"about:blank","title":"Forbidden","status":403,"detail":"No access"}`, answer + `"Forbidden: No access"`},
			{`{"timestamp":"2025-01-01","status":404,"error":"Not Found","path":"/v1/x"}`, answer + `"Not Found"`},
			{`{"detail":[{"loc":["query","limit"],"msg":"too large"}]}`, answer + `"too large"`},
			{`{"message":"` + strings.Repeat("x", 100) + `"}`, answer + `"` + strings.Repeat("x", 60) + `…"`},
			{`{"data":[],"error":"boom"}`, answer + `"boom"`},
			{`{"data":null,"errors":[{"message":"boom"}]}`, answer + `"boom"`},
			{`{"success":false,"data":[],"message":"bad key"}`, answer + `"bad key"`},
			{"<!DOCTYPE html><html><head><title>502 Bad\nGateway</title></head><body>x</body></html>", `row 1: $: found an HTML page, "502 Bad Gateway", expected JSON`},
			{"\xef\xbb\xbf\n<html><body>Sign in</body></html>", `row 1: $: found an HTML page, "Sign in", expected JSON`},
			{`<?xml version="1.0"?><Error><Message>Denied</Message></Error>`, `row 1: $: found an XML document, "Denied", expected JSON`},
			{"upstream connect error\n", `row 1: $: found "upstream connect error", expected JSON`},
			{"id,name\n1,A\n", `row 1: $: found "id,name", expected JSON`},

			{`{"object":"list","data":[{"id":"credgr_1","object":"billing.credit_grant","amount":{}}],"has_more":false}`, "this looks like Stripe's list of credit grants" + reads},
			{`{"object":"list","data":[],"has_more":false,"url":"/v1/billing/credit_grants"}`, "this looks like Stripe's list of credit grants" + reads},
			{`{"id":"in_1","object":"invoice","status":"draft","livemode":false}`, "this looks like Stripe's list of invoices" + reads},
			{`{"data":[{"id":"a","balance":5,"per_unit_cost_basis":"1.0","status":"active"}],"pagination_metadata":{"has_more":false}}`, "this looks like Orb's list of credit blocks" + reads},
			{`{"data":[],"pagination_metadata":{"has_more":false}}`, "this looks like an answer of Orb" + reads},
			{`{"wallets":[{"lago_id":"a","lago_customer_id":"b"}],"meta":{"current_page":1}}`, "this looks like Lago's list of wallets" + reads},
			{`{"wallet":{"lago_id":"a"}}`, "this looks like Lago's list of wallets" + reads},
			{`{"items":[{"id":"a","type":"metered","featureKey":"x","subjectKey":"y"}],"page":1,"pageSize":100,"totalCount":1}`, "this looks like OpenMeter's list of entitlements" + reads},
			{`[{"id":"a","amount":1,"effectiveAt":"2025-01-01T00:00:00Z","expiration":{"count":1}}]`, "this looks like OpenMeter's list of grants" + reads},
			{`{"items":[],"page":1,"pageSize":100,"totalCount":0}`, "this looks like an answer of OpenMeter" + reads},
			{`{"list":[{"customer":{"id":"a","object":"customer","resource_version":1}}],"next_offset":"x"}`, "this looks like Chargebee's list of customers" + reads},
			{`{"items":[{"id":"w","wallet_status":"active"}],"pagination":{"total":1}}`, "this looks like Flexprice's list of wallets" + reads},
			{`[{"accountId":"a","name":"N","auditLogs":[]}]`, "this looks like Kill Bill's list of accounts" + reads},
		} {
			for _, kind := range []string{"customers", "invoices", "balances", "usage-products"} {
				refused(t, db, file{kind: kind, content: c.content}, "1 error", strings.ReplaceAll(c.want, "KIND", kind))
			}
		}
		refused(t, db, file{kind: "customers", content: `{"data":[{"id":1,"customerName":"A"}]}{"message":"Too many requests"}`},
			`row 2: $: found an API's error answer, "Too many requests"`)
		refused(t, db, file{kind: "customers", content: `{"data":[{"id":1,"customerName":"A"}],"errors":[{"message":"the rest failed"}]}`},
			`row 2: $: found an API's error answer, "the rest failed"`)
		file{kind: "customers", content: `{"success":true,"message":"OK","data":[{"id":1,"customerName":"A"}],"error":null,"errors":[]}`}.must(t, db)
	})
}

// TestLongRows refuses a row at 1 MB, in little time and memory, and takes one of
// less.
func TestLongRows(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	row := func(size int, filler string) string {
		const start, end = `{"id":1,"customerName":"N","x":`, `}`
		text := `"` + strings.Repeat("y", size-len(start)-len(end)-2) + `"`
		if filler == " " {
			text = strings.Repeat(" ", size-len(start)-len(end)-1) + "1"
		}
		return start + text + end
	}
	for _, filler := range []string{" ", "y"} {
		for _, shape := range [][2]string{{"[", "]"}, {"", ""}, {`{"data":[`, "]}"}, {`[{"id":2,"customerName":"M"},`, "]"}} {
			file{kind: "customers", content: shape[0] + row(1<<20, filler) + shape[1]}.must(t, db)
			f := file{kind: "customers", content: shape[0] + row(1<<20+1, filler) + shape[1]}
			expect(t, db, f, "found more than 1 MB without the end of the row, expected at most 1 MB a row")
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	for _, filler := range []string{" ", "y"} {
		content := io.MultiReader(strings.NewReader(`[{"id":1,"x":`+strings.Trim(`"`, filler+" ")), io.LimitReader(endless{filler}, 1<<30))
		_, err := ingest.File(t.Context(), db, "x.json", content, ingest.Options{Kind: "customers"})
		if err == nil || !strings.Contains(err.Error(), "x.json: row 1: ") {
			t.Errorf("got %v", err)
		}
	}
	runtime.ReadMemStats(&after)
	if took, bytes := time.Since(start), after.TotalAlloc-before.TotalAlloc; took > 2*time.Second || bytes > 64<<20 {
		t.Errorf("%s and %d MB for rows without an end", took, bytes>>20)
	}
}
