package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

type site struct{}

func (site) Customer(ctx context.Context, s *models.Site) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfSite, s)
}

func (site) UsageProductInventories(ctx context.Context, s *models.Site, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfSite, s)
}

func (site) InclusiveUsageBalances(ctx context.Context, s *models.Site, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfSite, s)
}
