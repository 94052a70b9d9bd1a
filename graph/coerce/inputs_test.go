package coerce_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestInputs holds what becomes of values that are not what they seem, by both readers
// on both engines: the code of a refusal, or "" for those that are taken.
func TestInputs(t *testing.T) {
	const invalid, input = "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"
	cases := []struct{ query, variables, code string }{
		{"query($m: InvoiceInclusionMode) { balances { nodes { balance(invoiceInclusionMode: $m) } } }", `{"m": "finalized"}`, invalid},
		{"query($m: InvoiceInclusionMode) { balances { nodes { balance(invoiceInclusionMode: $m) } } }", `{"m": "FINALIZED"}`, ""},
		{"query($o: [CustomerOrder!]) { customers(orderBy: $o) { nodes { id } } }", `{"o": [{"field": "ID", "direction": "desc"}]}`, invalid},
		{"query($o: [CustomerOrder!]) { customers(orderBy: $o) { nodes { id } } }", `{"o": {"field": "ID", "direction": "DESC"}}`, ""},
		{"{ customer(id: 1) { drawdownPreview(amount: 1.0000000000000001) { uncovered } } }", "", input},
		{"{ customers @skip(if: {}) { totalCount } }", "", invalid},
		{"{ customers(filter: {endDate: {isNull: {}}}) { totalCount } }", "", invalid},
		{"{ balances(includeArchived: {}) { totalCount } }", "", invalid},
		{"{ customers(orderBy: {field: ID, direction: {}}) { totalCount } }", "", invalid},
		{"query($u: Float) { lowBalances(usedRatio: $u) { totalCount } }", `{"u": null}`, invalid},
		{"query($u: Float) { lowBalances(usedRatio: $u) { totalCount } }", `{}`, ""},
		{`query($n: String = "Zed") { customers(filter: {name: {in: [$n]}}) { totalCount } }`, `{"n": null}`, invalid},
		{`query($n: String = "Zed") { customers(filter: {name: {in: [$n]}}) { totalCount } }`, `{}`, ""},
		{"query($u: Float!) { lowBalances(usedRatio: $u) { totalCount } }", `{"u": "Infinity"}`, invalid},
		{"query($u: Float!) { lowBalances(usedRatio: $u) { totalCount } }", `{"u": "0x1p-2"}`, invalid},
		{"query($u: Float!) { lowBalances(usedRatio: $u) { totalCount } }", `{"u": "0.5"}`, invalid},
		{"query($n: Int) { customers(first: $n) { totalCount } }", `{"n": 1.0}`, ""},
		{"query($n: Int) { customers(first: $n) { totalCount } }", `{"n": 1e0}`, ""},
		{"query($n: Int) { customers(first: $n) { totalCount } }", `{"n": 1.5}`, invalid},
		{"query($n: Boolean!) { customers @include(if: $n) { totalCount } }", `{"n": 1}`, invalid},
		{`{ customers(updatedSince: "2025-01-01T1:00:00Z") { totalCount } }`, "", input},
		{`{ customers(updatedSince: "2025-01-01T01:00:00+24:00") { totalCount } }`, "", input},
		{`{ customers(updatedSince: "2025-01-01") { totalCount } }`, "", ""},
		{`{ customers(updatedSince: "") { totalCount } }`, "", input},
	}
	for _, zone := range []string{"right/UTC", "posixrules", "Europe//London", "europe/london", "Local", ""} {
		cases = append(cases, struct{ query, variables, code string }{history(zone), "", input})
	}
	for _, zone := range []string{"Europe/London", "utc", "UTC", "Etc/GMT+5"} {
		cases = append(cases, struct{ query, variables, code string }{history(zone), "", ""})
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		for _, way := range []string{"on", "off"} {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--engine="+way)
			for _, tt := range cases {
				if tt.variables == "" {
					tt.variables = "{}"
				}
				body, err := json.Marshal(map[string]any{"query": tt.query, "variables": json.RawMessage(tt.variables)})
				if err != nil {
					t.Fatal(err)
				}
				_, answer := s.Send(t, "POST", "/graphql", string(body))
				_, again := s.Send(t, "POST", "/graphql", string(body))
				if codes := fmt.Sprint(codesOf(t, answer)); codes != "["+tt.code+"]" {
					t.Errorf("engine %s: %s of %s: %.300s, want %q", way, tt.query, tt.variables, answer, tt.code)
				}
				if withoutID(answer) != withoutID(again) {
					t.Errorf("engine %s: %s of %s: %.300s, and then %.300s", way, tt.query, tt.variables, answer, again)
				}
			}
		}
	})
}

// withoutID is an answer without the ID of its request.
func withoutID(answer []byte) string {
	return regexp.MustCompile(`"requestId":"[^"]*"`).ReplaceAllString(string(answer), "")
}

func history(zone string) string {
	return fmt.Sprintf(`{ customer(id: 1) { balanceHistory(from: "2025-01-01", to: "2025-02-01", granularity: DAY, timeZone: %q) { startingAt } } }`, zone)
}

// codesOf are the codes of an answer's errors.
func codesOf(t *testing.T, answer []byte) (codes []string) {
	t.Helper()
	for _, found := range apitest.Outcomes(t, answer) {
		codes = append(codes, found.Codes...)
	}
	return codes
}

// TestEveryDigit holds that amounts keep all digits that were sent, as literals and by
// variables.
func TestEveryDigit(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		for _, way := range []string{"on", "off"} {
			s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--engine="+way)
			for _, amount := range []string{"12345678901.123456", `"12345678901.123456"`} {
				literal, _ := json.Marshal("{ customer(id: 2) { drawdownPreview(amount: " + amount + ") { amount } } }")
				for _, body := range []string{
					`{"query": ` + string(literal) + `}`,
					`{"query": "query($a: Decimal!) { customer(id: 2) { drawdownPreview(amount: $a) { amount } } }", "variables": {"a": ` + amount + `}}`,
				} {
					if _, answer := s.Send(t, "POST", "/graphql", body); !strings.Contains(string(answer), `"12345678901.123456"`) {
						t.Errorf("engine %s: %s: %.300s", way, body, answer)
					}
				}
			}
		}
	})
}
