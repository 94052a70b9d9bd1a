package docs_test

import (
	"encoding/json"
	"slices"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestBalancesPage imports the payloads of docs/balances.md and holds each query to
// the answer that stands after it.
func TestBalancesPage(t *testing.T) {
	blocks := apitest.BlocksOf(t, "docs/balances.md", "graphql", "json")
	if len(blocks) != 16 {
		t.Fatalf("%d blocks, want two payloads and seven queries with their answers", len(blocks))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
		apitest.Import(t, db, "balances", "1", blocks[0].Text)
		apitest.Import(t, db, "invoices", "", blocks[1].Text)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for example := range slices.Chunk(blocks[2:], 2) {
			_, answer := s.Ask(t, example[0].Text)
			if got, want := dataOf(t, answer), dataOf(t, []byte(example[1].Text)); got != want {
				t.Errorf("%s\n got %s\nwant %s", example[0].Text, answer, want)
			}
		}
	})
}

// dataOf is the data of an answer, without white space.
func dataOf(t *testing.T, answer []byte) string {
	t.Helper()
	var body struct{ Data json.RawMessage }
	if err := json.Unmarshal(answer, &body); err != nil || body.Data == nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return apitest.Compact(t, body.Data)
}
