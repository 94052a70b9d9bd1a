package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// grant is a balance as Metronome answers it. Segments are "FROM TO AMOUNT",
// entries "KIND AMOUNT DAY SEGMENT INVOICE", where KIND lacks the type and
// segments count from 0; days are 2025 unless they say otherwise.
type grant struct {
	id, kind, extra   string
	segments, entries []string
}

func day(s string) string {
	if len(s) == len("09-01") {
		s = "2025-" + s
	}
	return s + "T00:00:00Z"
}

func (g grant) json(creditType string) string {
	prefix := map[string]string{"CREDIT": "CREDIT", "PREPAID": "PREPAID_COMMIT", "POSTPAID": "POSTPAID_COMMIT"}[g.kind]
	var segments, entries []string
	for i, text := range g.segments {
		part := strings.Fields(text)
		segments = append(segments, fmt.Sprintf(`{"id":"s%d","starting_at":%q,"ending_before":%q,"amount":%s}`, i, day(part[0]), day(part[1]), part[2]))
		begins := "SEGMENT_START"
		if g.kind == "POSTPAID" {
			begins = "INITIAL_BALANCE"
		}
		entries = append(entries, fmt.Sprintf(`{"type":"%s_%s","amount":%s,"timestamp":%q,"segment_id":"s%d"}`, prefix, begins, part[2], day(part[0]), i))
	}
	for _, text := range g.entries {
		part := append(strings.Fields(text), "")
		entry := fmt.Sprintf(`"type":"%s_%s","amount":%s,"segment_id":"s%s"`, prefix, part[0], part[1], part[3])
		if part[2] != "-" {
			entry += fmt.Sprintf(`,"timestamp":%q`, day(part[2]))
		}
		if part[4] != "" {
			entry += fmt.Sprintf(`,"invoice_id":%q`, part[4])
		}
		entries = append(entries, "{"+entry+"}")
	}
	return fmt.Sprintf(`{"id":%q,"type":%q,"product":{"id":"p","name":"P"},%s"access_schedule":{"credit_type":{"id":%q,"name":%q},"schedule_items":[%s]},"ledger":[%s]}`,
		g.id, g.kind, g.extra, creditType, creditType, strings.Join(segments, ","), strings.Join(entries, ","))
}

// TestBalances has the worked examples of the ledger rules: what is given, and
// what queries answer.
func TestBalances(t *testing.T) {
	year := []string{"01-01 2099-01-01 "}
	simple := func(id, kind, extra, amount string) grant {
		return grant{id: id, kind: kind, extra: extra, segments: []string{year[0] + amount}}
	}
	campaign := func(value string) string { return fmt.Sprintf(`"custom_fields":{"campaign":%q},`, value) }
	tests := []struct {
		name     string
		invoices string // "ID STATUS", comma-separated
		grants   []grant
		euros    []grant
		asks     map[string]string
	}{
		{
			name: "M1 draft", invoices: "i1 DRAFT",
			grants: []grant{{id: "b", kind: "CREDIT", segments: []string{"2024-09-01 2024-10-01 10000"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -4000 2024-10-01 0 i1"}}},
			asks: map[string]string{
				`{ balance(id: "b") { balance(asOf: "2024-09-15T00:00:00Z") } }`:                                  `{"balance":{"balance":"6000"}}`,
				`{ balance(id: "b") { balance(asOf: "2024-09-15T00:00:00Z", invoiceInclusionMode: FINALIZED) } }`: `{"balance":{"balance":"10000"}}`,
				`{ netBalance(customerId: 1, asOf: "2024-09-15T00:00:00Z") { balance settled pending } }`:         `{"netBalance":{"balance":"6000","settled":"10000","pending":"4000"}}`,
			},
		},
		{
			name: "M1b final", invoices: "i1 FINALIZED",
			grants: []grant{{id: "b", kind: "CREDIT", segments: []string{"2024-09-01 2024-10-01 10000"}, entries: []string{"EXPIRATION -3700 2024-10-01 0", "AUTOMATED_INVOICE_DEDUCTION -6300 2024-10-01 0 i1"}}},
			asks: map[string]string{
				`{ balance(id: "b") { end: balance(asOf: "2024-10-01T00:00:00Z") before: balance(asOf: "2024-08-31T23:59:59Z") last: balance(asOf: "2024-09-30T23:59:59Z") } }`: `{"balance":{"end":"0","before":"0","last":"3700"}}`,
				`{ balance(id: "b") { ledger { nodes { amount runningBalance } } } }`:                                                                                           `{"balance":{"ledger":{"nodes":[{"amount":"10000","runningBalance":"10000"},{"amount":"-6300","runningBalance":"3700"},{"amount":"-3700","runningBalance":"0"}]}}}`,
				`{ balance(id: "b") { ledger(last: 1) { nodes { runningBalance } } } }`:                                                                                         `{"balance":{"ledger":{"nodes":[{"runningBalance":"0"}]}}}`,
				`{ balance(id: "b") { ledger(filter: {type: {eq: CREDIT_AUTOMATED_INVOICE_DEDUCTION}}) { nodes { runningBalance } } } }`:                                        `{"balance":{"ledger":{"nodes":[{"runningBalance":"3700"}]}}}`,
				`{ balances(excludeZeroBalances: true) { totalCount } }`:                                                                                                        `{"balances":{"totalCount":0}}`,
			},
		},
		{
			name:   "M2 two segments",
			grants: []grant{{id: "b", kind: "PREPAID", segments: []string{"01-01 04-01 30000", "04-01 07-01 30000"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -12000 04-01 0 i"}}},
			asks:   map[string]string{`{ balance(id: "b") { a: balance(asOf: "2025-03-31T23:59:59Z") b: balance(asOf: "2025-04-01T00:00:00Z") } }`: `{"balance":{"a":"18000","b":"30000"}}`},
		},
		{
			name:   "M3 a manual entry ahead",
			grants: []grant{{id: "b", kind: "CREDIT", segments: []string{"01-01 07-01 10000"}, entries: []string{"MANUAL -2500 06-01 0"}}},
			asks:   map[string]string{`{ balance(id: "b") { balance(asOf: "2025-02-01T00:00:00Z") } }`: `{"balance":{"balance":"7500"}}`},
		},
		{
			name: "M4 below zero",
			grants: []grant{
				{id: "x", kind: "CREDIT", segments: []string{year[0] + "10000"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -8000 02-01 0 i", "MANUAL -5000 02-01 0"}},
				simple("y", "CREDIT", "", "4000"),
			},
			asks: map[string]string{
				`{ balance(id: "x") { balance } netBalance(customerId: 1) { balance } }`:         `{"balance":{"balance":"0"},"netBalance":{"balance":"4000"}}`,
				`{ balances(excludeZeroBalances: true, first: 1) { totalCount nodes { id } } }`:  `{"balances":{"totalCount":1,"nodes":[{"id":"Balance:y"}]}}`,
				`{ customer(id: 1) { balances(excludeZeroBalances: true) { nodes { id } } } }`:   `{"customer":{"balances":{"nodes":[{"id":"Balance:y"}]}}}`,
				`{ balance(id: "x") { breakdown { balance segments { sum balance active } } } }`: `{"balance":{"breakdown":{"balance":"0","segments":[{"sum":"-3000","balance":"0","active":true}]}}}`,
			},
		},
		{
			name:   "M6 a future segment",
			grants: []grant{{id: "b", kind: "PREPAID", segments: []string{year[0] + "1000", "2098-01-01 2099-01-01 1000"}, entries: []string{"MANUAL 500 06-01 1"}}},
			asks:   map[string]string{`{ balance(id: "b") { balance } }`: `{"balance":{"balance":"1000"}}`},
		},
		{
			name: "M7 filters of net balances",
			grants: []grant{
				simple("a", "CREDIT", campaign("free-trial"), "1000"), simple("b", "CREDIT", campaign("x"), "2000"), simple("c", "PREPAID", campaign("signup-promotion"), "4000"),
				simple("d", "POSTPAID", campaign("signup-promotion"), "8000"), simple("e", "PREPAID", "", "16000"),
			},
			asks: map[string]string{
				`{ netBalance(customerId: 1) { balance } }`:              `{"netBalance":{"balance":"31000"}}`,
				`{ netBalance(customerId: 1, filters: []) { balance } }`: `{"netBalance":{"balance":"31000"}}`,
				`{ netBalance(customerId: 1, filters: [{types: [CREDIT], customFields: [{key: "campaign", value: "free-trial"}]}, {types: [PREPAID_COMMIT], customFields: [{key: "campaign", value: "signup-promotion"}]}]) { balance } }`: `{"netBalance":{"balance":"5000"}}`,
				`{ netBalance(customerId: 1, filters: [{types: [PREPAID_COMMIT, CREDIT]}]) { balance } }`:                                                                                                                                  `{"netBalance":{"balance":"23000"}}`,
				`{ netBalance(customerId: 1, filters: [{ids: ["e"]}, {types: [CREDIT]}]) { balance } }`:                                                                                                                                    `{"netBalance":{"balance":"19000"}}`,
				`{ netBalance(customerId: 1, filters: [{types: [CREDIT]}, {ids: ["Balance:a"]}]) { balance } }`:                                                                                                                            `{"netBalance":{"balance":"3000"}}`,
				`{ netBalance(customerId: 1, filters: [{customFields: [{key: "campaign", value: "signup-promotion"}]}]) { balance } }`:                                                                                                     `{"netBalance":{"balance":"12000"}}`,
				`{ customer(id: 1) { netBalance(filters: [{types: []}]) { balance } } }`:                                                                                                                                                   `{"customer":{"netBalance":{"balance":"0"}}}`,
			},
		},
		{
			name: "M8 currencies", grants: []grant{simple("u", "CREDIT", "", "1000")}, euros: []grant{simple("e", "CREDIT", "", "5000")},
			asks: map[string]string{
				`{ customer(id: 1) { netBalance { balance } eur: netBalance(creditTypeId: "eur") { balance } netBalances { creditType { id } balance } } }`: `{"customer":{"netBalance":{"balance":"1000"},"eur":{"balance":"5000"},"netBalances":[{"creditType":{"id":"` + models.USDCents + `"},"balance":"1000"},{"creditType":{"id":"eur"},"balance":"5000"}]}}`,
			},
		},
		{
			name: "M11 rollover",
			grants: []grant{
				{id: "old", kind: "PREPAID", extra: `"rollover_fraction":0.25,`, segments: []string{"01-01 07-01 100000"}, entries: []string{
					"AUTOMATED_INVOICE_DEDUCTION -60000 07-01 0 i", "EXPIRATION -30000 07-01 0", "ROLLOVER -10000 07-01 0",
				}},
				{id: "new", kind: "PREPAID", extra: `"rolled_over_from":{"commit_id":"old","contract_id":"k"},`, segments: []string{"07-01 2099-01-01 10000"}},
			},
			asks: map[string]string{
				`{ balance(id: "old") { rolloverFraction ledger(last: 3) { nodes { type amount runningBalance } } } }`: `{"balance":{"rolloverFraction":0.25,"ledger":{"nodes":[` +
					`{"type":"PREPAID_COMMIT_AUTOMATED_INVOICE_DEDUCTION","amount":"-60000","runningBalance":"40000"},` +
					`{"type":"PREPAID_COMMIT_ROLLOVER","amount":"-10000","runningBalance":"30000"},{"type":"PREPAID_COMMIT_EXPIRATION","amount":"-30000","runningBalance":"0"}]}}}`,
				`{ balance(id: "new") { balance accessSchedule { amount } rolledOverFrom { balanceId contractId } } }`:                                                              `{"balance":{"balance":"10000","accessSchedule":[{"amount":"10000"}],"rolledOverFrom":{"balanceId":"Balance:old","contractId":"Contract:k"}}}`,
				`{ before: netBalance(customerId: 1, asOf: "2025-06-30T23:59:59.999999Z") { balance } after: netBalance(customerId: 1, asOf: "2025-07-01T00:00:00Z") { balance } }`: `{"before":{"balance":"40000"},"after":{"balance":"10000"}}`,
				`{ balances(excludeZeroBalances: true) { nodes { databaseId } } }`:                                                                                                  `{"balances":{"nodes":[{"databaseId":"new"}]}}`,
			},
		},
		{
			name: "M14 archived", grants: []grant{simple("a", "CREDIT", `"archived_at":"2025-02-01T00:00:00Z",`, "500")},
			asks: map[string]string{
				`{ balances { totalCount } all: balances(includeArchived: true) { nodes { id balance } } netBalance(customerId: 1) { balance } }`: `{"balances":{"totalCount":0},"all":{"nodes":[{"id":"Balance:a","balance":"500"}]},"netBalance":{"balance":"0"}}`,
			},
		},
		{
			name: "M15 exact", grants: []grant{simple("a", "CREDIT", "", "0.1"), simple("b", "CREDIT", "", "0.2")},
			asks: map[string]string{`{ netBalance(customerId: 1) { balance } }`: `{"netBalance":{"balance":"0.3"}}`},
		},
		{
			name: "M18 a manual entry without a time", grants: []grant{{id: "b", kind: "CREDIT", segments: []string{"01-01 07-01 10"}, entries: []string{"MANUAL 1000 - 0"}}},
			asks: map[string]string{`{ balance(id: "b") { ledger(last: 1) { nodes { type timestamp } } } }`: `{"balance":{"ledger":{"nodes":[{"type":"CREDIT_MANUAL","timestamp":"2025-01-01T00:00:00.000000Z"}]}}}`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
				for _, invoice := range strings.Split(tt.invoices, ",") {
					if id, status, ok := strings.Cut(invoice, " "); ok {
						apitest.Import(t, db, "invoices", "", fmt.Sprintf(`[{"id":%q,"status":%q}]`, id, status))
					}
				}
				for _, g := range tt.grants {
					apitest.Import(t, db, "balances", "1", g.json(models.USDCents))
				}
				for _, g := range tt.euros {
					apitest.Import(t, db, "balances", "1", g.json("eur"))
				}
				s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
				for query, want := range tt.asks {
					if _, answer := s.Ask(t, query); strings.TrimSpace(string(answer)) != `{"data":`+want+`}` {
						t.Errorf("%s:\n got %s\nwant %s", query, answer, want)
					}
				}
			})
		})
	}
}

// TestInvoicesSettle imports the status of an invoice after the ledger that names
// it: balances, running balances and the lists without zeros follow.
func TestInvoicesSettle(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		g := grant{id: "b", kind: "CREDIT", segments: []string{"01-01 2099-01-01 100"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -100 02-01 0 i", "MANUAL 0 03-01 0"}}
		apitest.Import(t, db, "balances", "1", g.json(models.USDCents))
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		const query = `{ balance(id: "b") { balance settled: balance(invoiceInclusionMode: FINALIZED) ledger(last: 1) { nodes { runningBalance } } } balances(excludeZeroBalances: true) { totalCount } }`
		const format = `{"data":{"balance":{"balance":"%s","settled":"%s","ledger":{"nodes":[{"runningBalance":"%s"}]}},"balances":{"totalCount":%d}}}`
		changed := func() string {
			_, answer := s.Ask(t, `{ balance(id: "b") { updatedAt } }`)
			return string(answer)
		}
		for _, step := range []struct{ status, want string }{
			{"", fmt.Sprintf(format, "0", "0", "0", 0)}, // unknown is final
			{"DRAFT", fmt.Sprintf(format, "0", "100", "0", 0)},
			{"void", fmt.Sprintf(format, "100", "100", "100", 1)},
			{"Finalized", fmt.Sprintf(format, "0", "0", "0", 0)},
		} {
			if step.status != "" {
				before := changed()
				apitest.Import(t, db, "invoices", "", fmt.Sprintf(`[{"id":"i","status":%q}]`, step.status))
				if changed() == before {
					t.Errorf("%s: the balance has not changed", step.status)
				}
			}
			if _, answer := s.Ask(t, query); strings.TrimSpace(string(answer)) != step.want {
				t.Errorf("%s:\n got %s\nwant %s", step.status, answer, step.want)
			}
		}
		// Another segment, and no ledger: the entries stay and count anew.
		apitest.Import(t, db, "balances", "1", `{"id":"b","type":"CREDIT","product":{"id":"p"},"access_schedule":{"credit_type":{"id":"eur"},"schedule_items":[{"id":"s0","amount":100,"starting_at":"2020-01-01T00:00:00Z","ending_before":"2021-01-01T00:00:00Z"}]}}`)
		if _, answer := s.Ask(t, `{ balance(id: "b") { balance then: balance(asOf: "2020-06-01T00:00:00Z", invoiceInclusionMode: FINALIZED) ledger { totalCount } } }`); strings.TrimSpace(string(answer)) != `{"data":{"balance":{"balance":"0","then":"0","ledger":{"totalCount":3}}}}` {
			t.Errorf("after the segment moved: %s", answer)
		}
	})
}
