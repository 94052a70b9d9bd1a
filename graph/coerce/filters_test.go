package coerce_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// filtered are the lists at the root, by their filters.
var filtered = []struct{ list, filter string }{
	{"customers", "CustomerFilter"},
	{"sites", "SiteFilter"},
	{"usageProductInventories", "UsageProductInventoryFilter"},
	{"inclusiveUsageBalances", "InclusiveUsageBalanceFilter"},
	{"balances", "BalanceFilter"},
	{"entitlementBalances", "EntitlementBalanceFilter"},
	{"contracts", "ContractFilter"},
	{"imports", "ImportFilter"},
	{"lowBalances", "LowBalanceFilter"},
}

// FuzzFilter sends any JSON as a filter: it is refused with a code, or it chooses
// rows, and its negation chooses all the others.
func FuzzFilter(f *testing.F) {
	for _, filter := range []string{
		`{}`, `{"id":{"in":["1",2,null]}}`, `{"name":{"like":"%_\\","isNull":false}}`, `{"and":[{"or":[{"not":{"id":{"eq":"1"}}}]}]}`, `{"or":[]}`, `{"not":null}`,
		`{"usedRatio":{"gte":1e308}}`, `{"endDate":{"gtOrNull":"2025-09-30"}}`, `{"coveringDate":0,"customFields":[{"key":"a","value":""}]}`, `{"remaining":{"lt":"9.2e12"}}`,
		`{"quantity":{"neq":-0.0000001}}`, `{"liveOn":"2025-02-30"}`, `{"updatedAt":{"gt":1e400}}`, `{"kind":{"in":"CREDIT"}}`, `[]`, `{"id":{"eq":"Site:1"}}`, `{"chargingType":{"in":[]}}`,
	} {
		for list := range filtered {
			f.Add(uint8(list), filter)
		}
	}
	db := modelstest.Open(f, modelstest.SQLite(f))
	apitest.Seeded(f, db, 3)
	s := apitest.NewServer(f, db, token.APIToken{AllCustomers: true})
	f.Fuzz(func(t *testing.T, list uint8, filter string) {
		if !json.Valid([]byte(filter)) || !utf8.ValidString(filter) {
			return // no request
		}
		of := filtered[int(list)%len(filtered)]
		query := fmt.Sprintf("query($f: %s) { all: %[2]s(first: 0) { totalCount } these: %[2]s(first: 0, filter: $f) { totalCount } others: %[2]s(first: 0, filter: {not: $f}) { totalCount } }", of.filter, of.list)
		answer := s.Request(t, map[string]any{"query": query, "variables": map[string]any{"f": json.RawMessage(filter)}})
		for _, e := range answer.Errors {
			if !slices.Contains(apitest.Refusals, e.Extensions.Code) {
				t.Errorf("%s %s: %+v", of.list, filter, e)
			}
		}
		var counts struct{ All, These, Others struct{ TotalCount int } }
		if len(answer.Errors) > 0 || strings.TrimSpace(filter) == "null" { // no filter has no negation
			return
		}
		if err := json.Unmarshal(answer.Data, &counts); err != nil {
			t.Fatalf("%v: %s", err, answer.Data)
		}
		if counts.These.TotalCount+counts.Others.TotalCount != counts.All.TotalCount {
			t.Errorf("%s %s: %s", of.list, filter, answer.Data)
		}
	})
}
