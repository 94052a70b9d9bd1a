package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

type site struct{}

func (site) Customer(ctx context.Context, s *models.Site) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfSite, s)
}

func (site) UsageProductInventories(ctx context.Context, s *models.Site, first, last *int, after, before *string) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfSite, s, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (site) InclusiveUsageBalances(ctx context.Context, s *models.Site, first, last *int, after, before *string) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfSite, s, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}
