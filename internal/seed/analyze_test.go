package seed_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestSeedIsAnalyzed holds that the planner has statistics of what is seeded.
func TestSeedIsAnalyzed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if _, err := seed.Run(t.Context(), db, seed.Options{Customers: 3, Seed: 1}); err != nil {
			t.Fatal(err)
		}
		query := "SELECT count(DISTINCT tablename) FROM pg_stats WHERE tablename IN ('customers', 'balance_sums')"
		if db.Name() == "sqlite" {
			query = "SELECT count(DISTINCT tbl) FROM sqlite_stat1 WHERE tbl IN ('customers', 'balance_sums')"
		}
		var analyzed int
		if err := db.Raw(query).Scan(&analyzed).Error; err != nil || analyzed != 2 {
			t.Errorf("%d tables are analyzed, %v", analyzed, err)
		}
	})
}
