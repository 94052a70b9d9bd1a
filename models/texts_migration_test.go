package models_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestTextsMigration takes what customers' rows said out of what others read, gives
// contracts to the customers of their rows, and leaves made-up rows alone.
func TestTextsMigration(t *testing.T) {
	const at = "'2025-01-01T00:00:00.000000Z'"
	rows := `
		INSERT INTO customers (id, updated_at) VALUES (1, AT), (2, AT);
		INSERT INTO entitlements (id, name, description, units, type, name_fold, description_fold, updated_at) VALUES
			('imported', 'secret', 'of B', 'GB', 'CREDITS', 'secret', 'of b', AT), ('seeded', 'N', 'D', 'GB', 'CREDITS', 'n', 'd', AT), ('left', 'secret', NULL, NULL, NULL, 'secret', NULL, AT);
		INSERT INTO imports (id, kind, "rows", changed, warnings, started_at, finished_at) VALUES (1, 'entitlement-balances', 1, 1, 0, AT, AT);
		INSERT INTO invoices (id, status, name, number, digest) VALUES ('shown', 'DRAFT', 'N', '7', DIGEST), ('own', 'DRAFT', 'N', '8', DIGEST);
		INSERT INTO contracts (id, customer_id, name, name_fold, updated_at) VALUES ('pointed', 1, NULL, NULL, AT), ('child', 1, 'N', 'n', AT), ('both', 1, 'N', 'n', AT);
		INSERT INTO balances (id, customer_id, type, contract_id, priority, updated_at) VALUES ('b', 2, 'CREDIT', 'child', -0.0, AT), ('c', 1, 'CREDIT', 'both', 2, AT);
		INSERT INTO entitlement_balances (id, customer_id, entitlement_id, contract_id, invoice_id, digest, updated_at) VALUES
			('e', 2, 'imported', 'both', 'shown', DIGEST, AT), ('f', 1, 'imported', NULL, NULL, DIGEST, AT), ('g', 1, 'seeded', NULL, 'own', NULL, AT);`
	want := []string{
		"balance b 0", "balance c 2", "contract both 1 N", "contract child 2 -", "contract pointed 1 -",
		"entitlement imported - - - -", "entitlement left - - - -", "entitlement seeded N D GB CREDITS",
		"grant e -", "grant f digest", "grant g - N 8", "invoice own N 8", "invoice shown - -",
	}
	left := `SELECT 'balance ' || id || ' ' || CAST(priority AS TEXT) AS line FROM balances
		UNION ALL SELECT 'contract ' || id || ' ' || CAST(customer_id AS TEXT) || ' ' || COALESCE(name, name_fold, '-') FROM contracts
		UNION ALL SELECT 'entitlement ' || id || ' ' || COALESCE(name, name_fold, '-') || ' ' || COALESCE(description, description_fold, '-') || ' ' || COALESCE(units, '-') || ' ' || COALESCE(type, '-') FROM entitlements
		UNION ALL SELECT 'grant ' || id || ' ' || CASE WHEN digest IS NULL THEN '-' ELSE 'digest' END || COALESCE(' ' || invoice_name || ' ' || invoice_number, '') FROM entitlement_balances
		UNION ALL SELECT 'invoice ' || id || ' ' || COALESCE(name, '-') || ' ' || COALESCE(number, '-') FROM invoices`
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		provider, err := migrations.New(db)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.DownTo(t.Context(), 5); err != nil {
			t.Fatal(err)
		}
		digest := map[string]string{"sqlite": "x'01'", "postgres": `'\x01'`}[db.Name()]
		for _, sql := range strings.Split(strings.NewReplacer("AT)", at+")", "AT,", at+",", "DIGEST", digest).Replace(rows), ";\n") {
			if db.Name() == "postgres" {
				sql = strings.Replace(sql, "-0.0", "'-0'", 1)
			}
			if err := db.Exec(sql).Error; err != nil {
				t.Fatal(err)
			}
		}
		if _, err := migrations.Up(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := db.Raw("SELECT line FROM (" + left + ") AS l ORDER BY line").Find(&got).Error; err != nil {
			t.Fatal(err)
		}
		for i, line := range got { // SQLite writes a double with its point
			if strings.HasPrefix(line, "balance") {
				got[i] = strings.TrimSuffix(line, ".0")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("want (-), got (+):\n%s", diff)
		}
	})
}
