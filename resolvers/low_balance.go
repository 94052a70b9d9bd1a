package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func (query) LowBalances(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _ float64, _ []models.AllowanceKind, _ *string, _ *scalar.DateTime) (*models.LowBalanceConnection, error) {
	return loaders.Root(ctx, models.AllLowBalances)
}

type lowBalance struct{}

func (lowBalance) Customer(ctx context.Context, l *models.LowBalance) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfLowBalance, l)
}

func (lowBalance) Balance(ctx context.Context, l *models.LowBalance) (*models.Balance, error) {
	return loaders.One(ctx, models.BalanceOfLowBalance, l)
}

func (lowBalance) EntitlementBalance(ctx context.Context, l *models.LowBalance) (*models.EntitlementBalance, error) {
	return loaders.One(ctx, models.GrantOfLowBalance, l)
}

func (lowBalance) Component(ctx context.Context, l *models.LowBalance) (*models.InclusiveUsageComponent, error) {
	return loaders.One(ctx, models.ComponentOfLowBalance, l)
}

func (lowBalance) InclusiveUsageBalance(ctx context.Context, l *models.LowBalance) (*models.InclusiveUsageBalance, error) {
	return loaders.One(ctx, models.UsageOfLowBalance, l)
}
