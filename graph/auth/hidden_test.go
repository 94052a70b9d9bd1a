package auth_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// hiddenPairs are questions for a row: its ID as it is of customer 2, and where there is none.
var hiddenPairs = []struct{ query, hidden, missing string }{
	{`{ customer(id: "%s") { id sites(first: 5) { nodes { id } } netBalance { balance } } }`, "2", "9000002"},
	{`{ customer(externalId: "%s") { id } }`, "billing:2", "billing:9000002"},
	{`{ site(id: "%s") { id customer { name } } }`, "SITE", "9000002"},
	{`{ usageProductInventory(id: "%s") { id site { name } } }`, "INVENTORY", "9000002"},
	{`{ inclusiveUsageBalance(id: "1/%s") { id components { remaining } } }`, "INVENTORY", "9000002"},
	{`{ balance(id: "%s") { id breakdown { balance } } }`, "BALANCE", "00000000-0000-4000-8000-000000000000"},
	{`{ entitlementBalance(id: "%s") { id } }`, "ENTITLEMENT", "00000000-0000-4000-8000-000000000000"},
	{`{ netBalance(customerId: "%s") { balance } }`, "2", "9000002"},
	{`{ node(id: "Customer:%s") { id } }`, "2", "9000002"},
	{`{ nodes(ids: ["Site:%s"]) { id } }`, "SITE", "9000002"},
	{`{ customers(customerId: "%s") { totalCount nodes { id } } }`, "2", "9000002"},
	{`{ lowBalances(customerId: "%s") { totalCount } }`, "2", "9000002"},
}

// TestHiddenWork holds that a row of another customer takes the database as much work as one
// that is not there: the same statements, which read as much of the tables.
func TestHiddenWork(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Seeded(t, db, 60)
		if err := db.Exec("INSERT INTO external_ids (system, value, customer_id) VALUES ('billing', '2', 2)").Error; err != nil {
			t.Fatal(err)
		}
		ids := map[string]string{}
		for name, table := range map[string]string{"SITE": "sites", "INVENTORY": "usage_product_inventories", "BALANCE": "balances", "ENTITLEMENT": "entitlement_balances"} {
			var id string
			if err := db.Raw("SELECT CAST(min(id) AS text) FROM " + table + " WHERE customer_id = 2").Scan(&id).Error; err != nil {
				t.Fatal(err)
			}
			ids[name] = id
		}
		statements := modelstest.Record(t, db)
		for _, engine := range []string{"on", "off"} {
			s := apitest.NewServer(t, db, token.APIToken{Customers: []scalar.CustomerID{1}}, "--engine", engine)
			work := func(query, id string) (answer string, texts []string, blocks int) {
				t.Helper()
				if known, ok := ids[id]; ok {
					id = known
				}
				before := len(statements())
				_, body := s.Ask(t, fmt.Sprintf(query, id))
				for _, statement := range statements()[before:] {
					if !strings.Contains(statement.SQL, `"api_tokens"`) {
						texts, blocks = append(texts, statement.SQL), blocks+blocksRead(t, db, statement)
					}
				}
				return strings.ReplaceAll(string(body), id, "ID"), texts, blocks
			}
			for _, tt := range hiddenPairs {
				answer, statements, blocks := work(tt.query, tt.hidden)
				want, wanted, least := work(tt.query, tt.missing)
				if strings.Contains(answer, "VALIDATION") || len(statements) == 0 {
					t.Errorf("%s is no question: %s", tt.query, answer)
				}
				if answer != want || strings.Join(statements, "\n") != strings.Join(wanted, "\n") {
					t.Errorf("%s: hidden\n%s\n%s\nmissing\n%s\n%s", tt.query, answer, statements, want, wanted)
				}
				// The row itself is one block, and the index to it may be one deeper.
				if blocks > least+2*len(statements) || least > blocks+2*len(statements) {
					t.Errorf("engine %s, %s: hidden %d blocks, missing %d", engine, tt.query, blocks, least)
				}
			}
		}
	})
}

// blocksRead is how many blocks a statement reads. SQLite does not count them: there the same
// statement has the same plan, whatever the key.
func blocksRead(t *testing.T, db *gorm.DB, statement modelstest.Statement) (blocks int) {
	t.Helper()
	if db.Name() == "sqlite" {
		return 0
	}
	pool, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := pool.QueryRowContext(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+statement.SQL, statement.Args...).Scan(&text); err != nil {
		t.Fatalf("%s: %v", statement.SQL, err)
	}
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan.Hit + plans[0].Plan.Read
}
