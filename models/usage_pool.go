package models

import (
	"context"
	"fmt"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// UsagePool is an allowance of inclusive usage, once however many inventories share
// it: a bill run, an assignment, a component and a start. Where the inventories
// disagree, all that it says is of one of them: of the one with the least remaining,
// then with the greatest allowance, then with the lowest ID.
type UsagePool struct {
	store.Siblings[UsagePool] `gorm:"-"`

	BillRunID               BillRunID
	UsageProductInventoryID UsageProductInventoryID // of those that share it
	AssignmentID            int64
	ComponentID             int64
	StartDate               scalar.LocalDateTime
	EndDate                 *scalar.LocalDateTime // last second, included
	ByValue                 bool
	ChargingType            ChargingType
	Allowance               scalar.Decimal
	Remaining               scalar.Decimal
}

// usagePools is what rows of pools are made of, in the order in which UsagePools selects
// it.
var usagePools = store.NewRows[UsagePool]("")

// UsageBalanceOfPool is the balance of the inventory that a pool names.
var UsageBalanceOfPool = store.NewLookup(InclusiveUsageBalanceByKey, func(p *UsagePool) InclusiveUsageBalanceKey {
	return InclusiveUsageBalanceKey{p.BillRunID, p.UsageProductInventoryID}
})

// Component is the pool as one allowance.
func (p *UsagePool) Component() *InclusiveUsageComponent {
	return &InclusiveUsageComponent{
		BillRunID: p.BillRunID, UsageProductInventoryID: p.UsageProductInventoryID, AssignmentID: p.AssignmentID, ComponentID: p.ComponentID,
		StartDate: p.StartDate, EndDate: p.EndDate, ByValue: p.ByValue, ChargingType: p.ChargingType, Allowance: p.Allowance, Remaining: p.Remaining,
	}
}

// The orders of the rows of a pool, of components called c of balances called t of
// bill runs called r. The one that decides is the first.
const (
	// latestRun puts the bill run of the latest period start first, then that of the
	// greatest ID. The period is the one of the balance, or else of the bill run itself.
	// Bill runs without a start come last; among these the latest period end is first.
	latestRun = `COALESCE(t."period_start_date", r."period_start_date", '0001-01-01') DESC,` +
		` CASE WHEN COALESCE(t."period_start_date", r."period_start_date") IS NULL THEN COALESCE(t."period_end_date", r."period_end_date", '0001-01-01') ELSE '0001-01-01' END DESC,` +
		` c."bill_run_id" DESC`
	// leastLeft puts the row that stands for all that disagree first.
	leastLeft = `c."remaining", c."allowance" DESC, c."usage_product_inventory_id"`
)

// PoolQuery chooses pools.
type PoolQuery struct {
	BillRun *BillRunID           // all if nil
	Latest  bool                 // of an assignment, a component and a start only the pool of the latest bill run
	EndFrom scalar.LocalDateTime // those that do not end before it; all if empty. A pool that is not the latest stays left out
}

// UsagePools reads the pools that the parents' inclusive usage balances have, in
// order of bill run, assignment, component and start.
func UsagePools[P any, K comparable](ctx context.Context, r *store.Reader, rel *store.Relation[P, InclusiveUsageBalance, K], keys []K, q PoolQuery) (map[K][]*UsagePool, error) {
	s := r.NewStatement()
	s.Numbered = true
	s.Add(`SELECT c."bill_run_id", c."usage_product_inventory_id", c."assignment_id", c."component_id", c."start_date", c."end_date", c."by_value", c."charging_type", c."allowance", c."remaining", c.n` +
		` FROM (SELECT c.*, p.n, ROW_NUMBER() OVER (PARTITION BY p.n, c."assignment_id", c."component_id", c."start_date"`)
	if q.Latest {
		s.Add(" ORDER BY " + latestRun + ", " + leastLeft)
	} else {
		s.Add(`, c."bill_run_id" ORDER BY ` + leastLeft)
	}
	s.Add(") AS place FROM ")
	store.FromKeys(s, &rel.Edge, keys)
	s.Add(" CROSS JOIN ").From(InclusiveUsageBalances, "t").Add(" JOIN ").From(InclusiveUsageComponents, "c")
	s.Add(` ON c."bill_run_id" = t."bill_run_id" AND c."usage_product_inventory_id" = t."usage_product_inventory_id"`)
	s.Add(" JOIN ").From(BillRuns, "r").Add(` ON r."id" = t."bill_run_id" WHERE ` + rel.OnParent("t"))
	if q.BillRun != nil {
		s.Add(` AND t."bill_run_id" = ?`, *q.BillRun)
	}
	s.Add(") AS c WHERE c.place = 1")
	if q.EndFrom != "" {
		s.Add(` AND (c."end_date" >= ? OR c."end_date" IS NULL)`, q.EndFrom)
	}
	s.Add(` ORDER BY c.n, c."bill_run_id", c."assignment_id", c."component_id", c."start_date"`)
	pools := make(map[K][]*UsagePool, len(keys))
	var level []*UsagePool
	err := store.ReadRows(ctx, r, &rel.Edge, usagePools, s, func(place int, pool *UsagePool) {
		key := keys[place]
		level, pools[key] = append(level, pool), append(pools[key], pool)
	})
	if err != nil {
		return nil, fmt.Errorf("read pools of inclusive usage: %w", err)
	}
	store.Joined(level)
	return pools, nil
}
