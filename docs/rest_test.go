package docs_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// restParameters are the parameters of the REST lists, by the headings of
// docs/rest.md: each must have a row.
var restParameters = map[string]string{
	"Elevate: GET /usage-product-inventories": "page pageSize sort sort:desc fields usageProductId " +
		"startDate startDate=lt: startDate=gt: startDate=gtn: endDate endDate=lt: endDate=gt: endDate=gtn: " +
		"productReference productReference=in: productReference=like: serviceId serviceId=in: serviceId=like: siteId label label=in: label=like:",
	"Elevate: GET /inclusive-usage-balances": "page pageSize sort sort:desc fields customerId siteId usageProductInventoryId billRunId assignmentId inclusiveUsagePlanId componentId",
	"Metronome: list balances": "customer_id id covering_date starting_at effective_before include_contract_balances include_archived " +
		"include_ledgers include_balance exclude_zero_balances next_page limit",
	"Zenskar: list customer entitlement balances": "customer customer__in entitlement entitlement__in contract_id contract_id__in " +
		"quantity quantity__gt quantity__gte quantity__lt quantity__lte quantity__neq " +
		"quantity_used quantity_used__gt quantity_used__gte quantity_used__lt quantity_used__lte quantity_used__neq quantity_used__lt=quantity " +
		"created_at created_at__gt created_at__gte created_at__lt created_at__lte created_at__neq " +
		"active_from active_from__gt active_from__gte active_from__lt active_from__lte active_from__neq " +
		"expiry_at expiry_at__gt expiry_at__gte expiry_at__lt expiry_at__lte expiry_at__neq " +
		"populate limit cursor sort_key sort_type search id id__in id__isnull entitlement__isnull customer__isnull contract_id__isnull",
}

// restExample is a row of docs/rest.md: what replaces a REST parameter.
type restExample struct{ list, parameter, query, answer string }

// restExamples reads the tables of docs/rest.md that end in an answer.
func restExamples(t *testing.T) (examples []restExample) {
	t.Helper()
	text, err := os.ReadFile(apitest.Path("docs/rest.md"))
	if err != nil {
		t.Fatal(err)
	}
	list := ""
	for line := range strings.Lines(string(text)) {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			list = strings.TrimSpace(heading)
		}
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if !strings.HasPrefix(line, "| `") || len(cells) != 4 {
			continue
		}
		bare := func(cell string) string { return strings.Trim(strings.TrimSpace(cell), "`") }
		examples = append(examples, restExample{list, bare(cells[0]), bare(cells[2]), bare(cells[3])})
	}
	return examples
}

// TestRestParameters holds that docs/rest.md has a row for each parameter.
func TestRestParameters(t *testing.T) {
	have := map[string][]string{}
	for _, e := range restExamples(t) {
		have[e.list] = append(have[e.list], e.parameter)
	}
	for list, parameters := range restParameters {
		if want := strings.Fields(parameters); !slices.Equal(have[list], want) {
			t.Errorf("%s has rows for\n%q, want\n%q", list, have[list], want)
		}
	}
}

// TestRestExamples imports the samples by the commands of docs/rest.md, and asks its
// examples.
func TestRestExamples(t *testing.T) {
	examples, blocks := restExamples(t), apitest.BlocksOf(t, "docs/rest.md", "sh")
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		for _, b := range blocks {
			for line := range strings.Lines(b.Text) {
				if got := apitest.RunIn(t, apitest.Root(), address, "", apitest.Arguments(t, line)...); got.Failed {
					t.Fatalf("%s: %s%s", b, line, got.Stderr)
				}
			}
		}
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		for _, e := range examples {
			status, answer := s.Ask(t, e.query)
			if got := apitest.Values(t, answer); status != http.StatusOK || got != e.answer {
				t.Errorf("%s, %s: %s\n got %s (status %d)\nwant %s", e.list, e.parameter, e.query, got, status, e.answer)
			}
		}
	})
}

// TestFilterExample asks the example of docs/filters.md on the samples.
func TestFilterExample(t *testing.T) {
	blocks := apitest.BlocksOf(t, "docs/filters.md", "graphql")
	if len(blocks) != 1 {
		t.Fatalf("%d examples", len(blocks))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		_, answer := apitest.NewServer(t, db, token.APIToken{AllCustomers: true}).Ask(t, blocks[0].Text)
		if got, want := apitest.Values(t, answer), "2, UsageProductInventory:100, UsageProductInventory:110, false"; !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
