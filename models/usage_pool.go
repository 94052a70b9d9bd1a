package models

import (
	"context"
	"fmt"
)

// UsagePool is an allowance of inclusive usage, once however many inventories share
// it.
type UsagePool struct {
	Read[UsagePool] `gorm:"-"`

	BillRunID               BillRunID
	UsageProductInventoryID UsageProductInventoryID // the first of those that share it
	AssignmentID            int64
	ComponentID             int64
	StartDate               LocalDateTime
	EndDate                 *LocalDateTime // last second, included
	ByValue                 bool
	ChargingType            ChargingType
	Allowance               Decimal
	Remaining               Decimal // the least, where inventories disagree
	PeriodEndDate           *Date   // of the bill run
}

// usagePools is what rows of pools are made of, in the order in which UsagePools selects
// it.
var usagePools = newTable[UsagePool]("")

// UsageBalanceOfPool is the balance of the inventory that a pool names.
var UsageBalanceOfPool = newLookup(InclusiveUsageBalanceByKey, func(p *UsagePool) InclusiveUsageBalanceKey {
	return InclusiveUsageBalanceKey{p.BillRunID, p.UsageProductInventoryID}
})

// Component is the pool as one allowance.
func (p *UsagePool) Component() *InclusiveUsageComponent {
	return &InclusiveUsageComponent{
		BillRunID: p.BillRunID, UsageProductInventoryID: p.UsageProductInventoryID, AssignmentID: p.AssignmentID, ComponentID: p.ComponentID,
		StartDate: p.StartDate, EndDate: p.EndDate, ByValue: p.ByValue, ChargingType: p.ChargingType, Allowance: p.Allowance, Remaining: p.Remaining,
	}
}

// PoolQuery chooses pools.
type PoolQuery struct {
	BillRun *BillRunID    // all if nil
	EndFrom LocalDateTime // those that do not end before it; all if empty
}

// UsagePools reads the pools that the parents' inclusive usage balances have, in
// order of bill run, assignment, component and start.
func UsagePools[P any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, InclusiveUsageBalance, K], keys []K, q PoolQuery) (map[K][]*UsagePool, error) {
	s := newStatement(r.db, r.scope)
	s.numbered = true
	const key = `c."bill_run_id", c."assignment_id", c."component_id", c."start_date", c."charging_type", c."by_value"`
	s.add(`SELECT c."bill_run_id", MIN(c."usage_product_inventory_id"), c."assignment_id", c."component_id", c."start_date", MAX(c."end_date"), c."by_value", c."charging_type",` +
		` MAX(c."allowance"), MIN(c."remaining"), MAX(t."period_end_date"), p.n FROM `)
	parents(s, rel.columns, keys)
	s.add(" CROSS JOIN ").from(&InclusiveUsageBalances.table, "t").add(" JOIN ").from(&InclusiveUsageComponents.table, "c")
	s.add(` ON c."bill_run_id" = t."bill_run_id" AND c."usage_product_inventory_id" = t."usage_product_inventory_id" WHERE ` + onParent(rel.columns, "t"))
	if q.BillRun != nil {
		s.add(` AND t."bill_run_id" = ?`, *q.BillRun)
	}
	if q.EndFrom != "" {
		s.add(` AND (c."end_date" >= ? OR c."end_date" IS NULL)`, q.EndFrom)
	}
	s.add(" GROUP BY p.n, " + key + " ORDER BY p.n, " + key)
	pools := make(map[K][]*UsagePool, len(keys))
	var level []*UsagePool
	err := r.each(ctx, &Selection{&rel.Edge, usagePools.columns}, s, func(place int, cells [][]byte) error {
		pool, key := &UsagePool{}, keys[place]
		level, pools[key] = append(level, pool), append(pools[key], pool)
		return fill(pool, usagePools.columns, cells, s.postgres)
	})
	if err != nil {
		return nil, fmt.Errorf("read pools of inclusive usage: %w", err)
	}
	joined(level)
	return pools, nil
}
