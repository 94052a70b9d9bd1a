package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type site struct{}

func (site) Customer(ctx context.Context, s *models.Site) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfSite, s)
}

func (site) UsageProductInventories(ctx context.Context, s *models.Site, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfSite, s, connection(first, last, after, before, orderBy, filter))
}

func (site) InclusiveUsageBalances(ctx context.Context, s *models.Site, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfSite, s, connection(first, last, after, before, orderBy, filter))
}
