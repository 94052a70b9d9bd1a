package billing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestPagesOfBalances is example M13: 60 balances of a customer as a whole, in pages
// of 25. A balance of a contract, one that was archived and one of another customer
// are on no page.
func TestPagesOfBalances(t *testing.T) {
	var rows, ids []string
	for n := range 60 {
		ids = append(ids, fmt.Sprintf("b%02d", n))
		rows = append(rows, grant{id: ids[n], kind: "CREDIT", segments: []string{"01-01 2099-01-01 1"}}.json(models.USDCents))
	}
	rows = append(rows, grant{id: "b10-contract", kind: "CREDIT", extra: `"contract":{"id":"k"},`}.json(models.USDCents),
		grant{id: "b10-archived", kind: "CREDIT", extra: `"archived_at":"2025-02-01T00:00:00Z",`}.json(models.USDCents))
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}, {"id": 2, "customerType": "BUSINESS"}]`)
		// The source's own pages, one after another.
		apitest.Import(t, db, "balances", "1", `{"data":[`+strings.Join(rows[:25], ",")+`],"next_page":"2"}{"data":[`+strings.Join(rows[25:], ",")+`],"next_page":null}`)
		apitest.Import(t, db, "balances", "2", "["+grant{id: "b10-other", kind: "CREDIT"}.json(models.USDCents)+"]")
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for name, format := range map[string]string{
			"at the root":     `{ page: balances(customerId: "1", first: 25, after: %q) { totalCount nodes { databaseId } pageInfo { hasNextPage endCursor } } }`,
			"in the customer": `{ customer(id: 1) { page: balances(first: 25, after: %q) { totalCount nodes { databaseId } pageInfo { hasNextPage endCursor } } } }`,
		} {
			var sizes []int
			var seen []string
			for cursor, more := "", true; more; {
				_, body := s.Ask(t, fmt.Sprintf(format, cursor))
				page := pageOf(t, body)
				for _, node := range page.Nodes {
					seen = append(seen, node.DatabaseID)
				}
				sizes, cursor, more = append(sizes, len(page.Nodes)), page.PageInfo.EndCursor, page.PageInfo.HasNextPage
				if page.TotalCount != 60 || len(page.Nodes) == 0 {
					t.Fatalf("%s: %s", name, body)
				}
			}
			if !slices.Equal(sizes, []int{25, 25, 10}) || !slices.Equal(seen, ids) {
				t.Errorf("%s: pages of %d, %q", name, sizes, seen)
			}
		}
	})
}

type balancePage struct {
	TotalCount int
	Nodes      []struct{ DatabaseID string }
	PageInfo   struct {
		HasNextPage bool
		EndCursor   string
	}
}

// pageOf is the connection called page of an answer.
func pageOf(t *testing.T, body []byte) balancePage {
	t.Helper()
	var answer struct {
		Data struct {
			Page     balancePage
			Customer struct{ Page balancePage }
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if answer.Data.Page.TotalCount > 0 {
		return answer.Data.Page
	}
	return answer.Data.Customer.Page
}
