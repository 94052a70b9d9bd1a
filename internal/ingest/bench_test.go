package ingest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/models/modelstest"
)

// BenchmarkUsageBalances imports balances of two assignments with two components
// each: seven rows of tables a row of the file.
func BenchmarkUsageBalances(b *testing.B) {
	for _, engine := range []struct {
		name    string
		address func(testing.TB) string
	}{{"sqlite", modelstest.SQLite}, {"postgres", modelstest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			const inventories, runs = 2000, 5
			db := modelstest.Open(b, engine.address(b))
			importSamples(b, db, "customers", "sites")
			file{kind: "usage-product-inventories", content: manyInventories(inventories)}.must(b, db)
			month := 0
			for b.Loop() {
				content := manyUsageBalances(inventories, month, month+runs)
				month += runs
				file{kind: "inclusive-usage-balances", content: content}.must(b, db)
			}
			b.ReportMetric(float64(7*inventories*runs*b.N)/b.Elapsed().Seconds(), "tablerows/s")
		})
	}
}

func manyInventories(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":%d,"siteId":10,"usageProductId":1,"startDate":"2024-01-01","productReferences":[{"id":%d,"productReference":"0770%d","primary":true}]}`+"\n", 1000+i, 1000+i, i)
	}
	return b.String()
}

func manyUsageBalances(inventories, from, to int) string {
	component := func(id int) string {
		return fmt.Sprintf(`{"componentId":%d,"byValue":false,"chargingType":"MB","allowance":500,"remaining":%d.5,"startDate":"2025-08-01 00:00:00","endDate":"2025-08-31 23:59:59"}`, id, id)
	}
	assignment := func(id int) string {
		return fmt.Sprintf(`{"assignmentId":%d,"assignmentLevel":"SITE","assignmentStartDate":"2025-01-01","inclusiveUsagePlanId":%d,"components":[%s,%s]}`, id, id, component(1), component(2))
	}
	var b strings.Builder
	b.WriteByte('[')
	for run := from; run < to; run++ {
		for i := range inventories {
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"billRunId":%d,"periodStartDate":"2025-09-01","periodEndDate":"2025-09-30","usageProductInventoryId":%d,"inclusiveUsageBalanceAssignments":[%s,%s]}`, run+1, 1000+i, assignment(1), assignment(2))
		}
	}
	b.WriteByte(']')
	return b.String()
}
