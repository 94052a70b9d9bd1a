package document_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestValues bounds how many values variables may have, and how deep these nest.
func TestValues(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
	const (
		net     = "query($x: [NetBalanceFilter!]) { customers(first: 600) { nodes { netBalance(filters: $x) { balance } } } }"
		in      = "query($x: [ID!]) { sites(filter: {id: {in: $x}}) { nodes { id } } }"
		ignored = "{ __typename }"
	)
	list := func(n int, member string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(member+",", n), ",") + "]"
	}
	for _, tt := range []struct{ name, query, x, want string }{
		{"the attack", net, list(60_000, "{}"), "QUERY_TOO_LARGE: values: 60001, and the limit is 2000"},
		{"one too many", in, list(2000, "1"), "QUERY_TOO_LARGE: values: 2001, and the limit is 2000"},
		{"members of objects", ignored, list(1000, `{"a": 1}`), "QUERY_TOO_LARGE: values: 2001, and the limit is 2000"},
		{"as many IDs as may be", in, list(1000, "1"), ""},
		{"too deep", ignored, strings.Repeat("[", 21) + strings.Repeat("]", 21), "QUERY_TOO_LARGE: nesting of values: 21, and the limit is 20"},
		{"deep", ignored, strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), ""},
	} {
		answer := s.Request(t, map[string]any{"query": tt.query, "variables": json.RawMessage(`{"x": ` + tt.x + `}`)})
		if got, _ := answer.Refusal(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	raised := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}, "--max-values=2001")
	if got, _ := raised.Request(t, map[string]any{"query": ignored, "variables": map[string]any{"x": make([]int, 2000)}}).Refusal(); got != "" {
		t.Errorf("raised: %s", got)
	}
}
