package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

func (customer) UsageSummary(ctx context.Context, c *models.Customer, billRunID *string) ([]*models.UsageSummary, error) {
	return summarizeUsage(ctx, models.UsageBalancesOfCustomer, c, billRunID)
}

func (site) UsageSummary(ctx context.Context, s *models.Site, billRunID *string) ([]*models.UsageSummary, error) {
	return summarizeUsage(ctx, models.UsageBalancesOfSite, s, billRunID)
}

func summarizeUsage[P any, K comparable](ctx context.Context, rel *models.Relation[P, models.InclusiveUsageBalance, K], parent *P, billRunID *string) ([]*models.UsageSummary, error) {
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

func (customer) EntitlementSummary(ctx context.Context, c *models.Customer, asOf *models.DateTime) ([]*models.EntitlementSummary, error) {
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

// usageSummary knows the server's unit of durations.
type usageSummary struct{ duration models.UsageUnit }

func (usageSummary) BillRun(ctx context.Context, s *models.UsageSummary) (*models.BillRun, error) {
	return loaders.One(ctx, models.BillRunOfSummary, s)
}

func (r usageSummary) Unit(_ context.Context, s *models.UsageSummary) (models.UsageUnit, error) {
	return s.Unit(r.duration), nil
}

type entitlementSummary struct{}

func (entitlementSummary) Entitlement(ctx context.Context, s *models.EntitlementSummary) (*models.Entitlement, error) {
	return loaders.One(ctx, models.EntitlementOfSummary, s)
}
