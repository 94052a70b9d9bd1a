package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func (customer) UsageSummary(ctx context.Context, c *models.Customer, billRunID *string) ([]*billing.UsageSummary, error) {
	return summarizeUsage(ctx, models.UsageBalancesOfCustomer, c, billRunID)
}

func (site) UsageSummary(ctx context.Context, s *models.Site, billRunID *string) ([]*billing.UsageSummary, error) {
	return summarizeUsage(ctx, models.UsageBalancesOfSite, s, billRunID)
}

func summarizeUsage[P any, K comparable](ctx context.Context, rel *store.Relation[P, models.InclusiveUsageBalance, K], parent *P, billRunID *string) ([]*billing.UsageSummary, error) {
	var run *models.BillRunID
	if billRunID != nil {
		id, err := models.BillRunByID.Parse(*billRunID)
		if err != nil {
			return nil, err
		}
		run = &id
	}
	rows, err := loaders.UsageSummary(ctx, rel, parent, run)
	return orEmpty(rows), err
}

func (customer) EntitlementSummary(ctx context.Context, c *models.Customer, asOf *scalar.DateTime) ([]*billing.EntitlementSummary, error) {
	rows, err := loaders.EntitlementSummary(ctx, c, asOfOrNow(ctx, asOf))
	return orEmpty(rows), err
}

// orEmpty is the list of what may be nothing, but is known.
func orEmpty[T any](rows []T) []T {
	if rows == nil {
		return []T{}
	}
	return rows
}

// usageSummary has the server's unit of durations.
type usageSummary struct{ duration models.UsageUnit }

func (usageSummary) BillRun(ctx context.Context, s *billing.UsageSummary) (*models.BillRun, error) {
	return loaders.One(ctx, billing.BillRunOfSummary, s)
}

func (r usageSummary) Unit(_ context.Context, s *billing.UsageSummary) (models.UsageUnit, error) {
	return s.Unit(r.duration), nil
}

type entitlementSummary struct{}

func (entitlementSummary) Entitlement(ctx context.Context, s *billing.EntitlementSummary) (*models.Entitlement, error) {
	return loaders.One(ctx, billing.EntitlementOfSummary, s)
}
