package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestAnalyzed holds that an import of 1,000 rows leaves the planner with statistics of them,
// and that one of fewer does not take the time.
func TestAnalyzed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		for _, rows := range []int{999, 1000} {
			var content strings.Builder
			for id := range rows {
				fmt.Fprintf(&content, `{"id": %d, "customerType": "BUSINESS"}`+"\n", id+1)
			}
			file{kind: "customers", content: content.String()}.must(t, db)
			query := "SELECT count(*) FROM pg_stats WHERE tablename = 'customers' AND attname = 'id'"
			if db.Name() == "sqlite" {
				query = "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"
			}
			var analyzed int
			if err := db.Raw(query).Scan(&analyzed).Error; err != nil || (analyzed > 0) != (rows >= 1000) {
				t.Errorf("after %d rows: %d, %v", rows, analyzed, err)
			}
		}
	})
}
