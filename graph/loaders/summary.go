package loaders

import (
	"context"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// what is added up of a relation, by a statement of its own.
type (
	poolsOf     struct{ relation any }
	summariesOf struct{ relation any }
)

// UsagePools reads the parent's pools of inclusive usage.
func UsagePools[P any, K comparable](ctx context.Context, rel *store.Relation[P, models.InclusiveUsageBalance, K], parent *P, query models.PoolQuery) ([]*models.UsagePool, error) {
	reader := For(ctx).reader
	return load(ctx, poolsOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K][]*models.UsagePool, error) {
		return models.UsagePools(ctx, reader, rel, keys, query)
	})
}

// UsageSummary adds up the parent's inclusive usage of one bill run or of each.
func UsageSummary[P any, K comparable](ctx context.Context, rel *store.Relation[P, models.InclusiveUsageBalance, K], parent *P, run *models.BillRunID) ([]*billing.UsageSummary, error) {
	reader := For(ctx).reader
	return rowsOf(load(ctx, summariesOf{rel}, parent, rel.Key, func(ctx context.Context, keys []K) (map[K]billing.Summaries[billing.UsageSummary], error) {
		return billing.UsageSummaries(ctx, reader, rel, keys, run)
	}))
}

// EntitlementSummary adds up what the customer was granted.
func EntitlementSummary(ctx context.Context, customer *models.Customer, at scalar.DateTime) ([]*billing.EntitlementSummary, error) {
	rel := models.EntitlementBalancesOfCustomer
	reader := For(ctx).reader
	return rowsOf(load(ctx, summariesOf{rel}, customer, rel.Key, func(ctx context.Context, keys []scalar.CustomerID) (map[scalar.CustomerID]billing.Summaries[billing.EntitlementSummary], error) {
		return billing.EntitlementSummaries(ctx, reader, keys, at)
	}))
}

// rowsOf are the rows of one parent: that another's can't be added up is none of its
// business.
func rowsOf[T any](of billing.Summaries[T], err error) ([]*T, error) {
	if err != nil {
		return nil, err
	}
	return of.Rows, of.Err
}
