package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

type customer struct{}

func (customer) ExternalIds(ctx context.Context, c *models.Customer) ([]*models.ExternalID, error) {
	ids, err := loaders.Children(ctx, models.ExternalIDsOfCustomer, c)
	return orEmpty(ids), err
}

func (customer) Sites(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.SiteConnection, error) {
	return loaders.Connection(ctx, models.SitesOfCustomer, c)
}

func (customer) UsageProductInventories(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfCustomer, c)
}

func (customer) InclusiveUsageBalances(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfCustomer, c)
}

func (customer) Balances(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _, _ *bool) (*models.BalanceConnection, error) {
	return loaders.Connection(ctx, models.BalancesOfCustomer, c)
}

func (customer) EntitlementBalances(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.EntitlementBalanceConnection, error) {
	return loaders.Connection(ctx, models.EntitlementBalancesOfCustomer, c)
}

func (customer) Contracts(ctx context.Context, c *models.Customer, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.ContractConnection, error) {
	return loaders.Connection(ctx, models.ContractsOfCustomer, c)
}
