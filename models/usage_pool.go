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
	const key = `c."bill_run_id", c."assignment_id", c."component_id", c."start_date", c."charging_type", c."by_value"`
	s.add(`SELECT p.n, ` + key + `, MIN(c."usage_product_inventory_id") AS usage_product_inventory_id, MAX(c."end_date") AS end_date, MAX(t."period_end_date") AS period_end_date,` +
		` MAX(c."allowance") AS allowance, MIN(c."remaining") AS remaining FROM `)
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
	var rows []*struct {
		N int
		UsagePool
	}
	if err := r.find(ctx, &rows, s); err != nil {
		return nil, fmt.Errorf("read pools of inclusive usage: %w", err)
	}
	pools := make(map[K][]*UsagePool, len(keys))
	level := make([]*UsagePool, len(rows))
	for i, row := range rows {
		key := keys[row.N-s.first()]
		level[i] = &row.UsagePool
		pools[key] = append(pools[key], level[i])
	}
	joined(level)
	return pools, nil
}
