package billing

import (
	"cmp"
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// UsageSummary adds up the inclusive usage of one bill run that is counted alike.
type UsageSummary struct {
	store.Siblings[UsageSummary]

	BillRunID    models.BillRunID
	ChargingType models.ChargingType
	ByValue      bool // the quantities are money
	Allowances   int
	Allowance    scalar.Decimal
	Remaining    scalar.Decimal
}

// BillRunOfSummary is the summary's bill run.
var BillRunOfSummary = store.NewLookup(models.BillRunByID, func(s *UsageSummary) models.BillRunID { return s.BillRunID })

// Used is what was used.
func (s *UsageSummary) Used() scalar.Decimal { return s.Allowance - s.Remaining }

// UsedRatio is the part of the allowance that was used, nil when there is none.
func (s *UsageSummary) UsedRatio() *float64 { return s.Used().Ratio(s.Allowance) }

// Unit is what the quantities count.
func (s *UsageSummary) Unit(duration models.UsageUnit) models.UsageUnit {
	return (&models.InclusiveUsageComponent{ByValue: s.ByValue, ChargingType: s.ChargingType}).Unit(duration)
}

// Summaries are the rows of one parent, or why they can't be added up.
type Summaries[T any] struct {
	Rows []*T
	Err  error
}

// UsageSummaries adds up what the parents' inclusive usage balances have, of one
// bill run or of each: in order of bill run, charging type and unit.
func UsageSummaries[P any, K comparable](ctx context.Context, r *store.Reader, rel *store.Relation[P, models.InclusiveUsageBalance, K], keys []K, run *models.BillRunID) (map[K]Summaries[UsageSummary], error) {
	pools, err := models.UsagePools(ctx, r, rel, keys, models.PoolQuery{BillRun: run})
	if err != nil {
		return nil, err
	}
	out := make(map[K]Summaries[UsageSummary], len(keys))
	var level []*UsageSummary
	for _, key := range keys {
		rows, err := summarize(pools[key])
		out[key] = Summaries[UsageSummary]{rows, err}
		level = append(level, rows...)
	}
	store.Joined(level)
	return out, nil
}

// summarize adds up pools, which are in order of bill run.
func summarize(pools []*models.UsagePool) (rows []*UsageSummary, err error) {
	type group struct {
		run          models.BillRunID
		chargingType models.ChargingType
		byValue      bool
	}
	byGroup := map[group]*UsageSummary{}
	for _, pool := range pools {
		key := group{pool.BillRunID, pool.ChargingType, pool.ByValue}
		row := byGroup[key]
		if row == nil {
			row = &UsageSummary{BillRunID: pool.BillRunID, ChargingType: pool.ChargingType, ByValue: pool.ByValue}
			byGroup[key], rows = row, append(rows, row)
		}
		if !row.Allowance.CanSubtract(-pool.Allowance) || !row.Remaining.CanSubtract(-pool.Remaining) {
			return nil, fault.Invalid("the inclusive usage of bill run %s is past 9.2e12", pool.BillRunID)
		}
		row.Allowances++
		row.Allowance += pool.Allowance
		row.Remaining += pool.Remaining
		if !row.Allowance.CanSubtract(row.Remaining) {
			return nil, fault.Invalid("the inclusive usage of bill run %s is past 9.2e12", pool.BillRunID)
		}
	}
	slices.SortStableFunc(rows, func(a, b *UsageSummary) int {
		return cmp.Or(cmp.Compare(a.BillRunID, b.BillRunID), cmp.Compare(a.ChargingType, b.ChargingType), truth(a.ByValue)-truth(b.ByValue))
	})
	return rows, nil
}
