package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type customer struct{}

func (customer) ExternalIds(ctx context.Context, c *models.Customer) ([]*models.ExternalID, error) {
	ids, err := loaders.Children(ctx, models.ExternalIDsOfCustomer, c)
	return orEmpty(ids), err
}

func (customer) Sites(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.SiteConnection, error) {
	return loaders.Connection(ctx, models.SitesOfCustomer, c, connection(first, last, after, before, orderBy, filter))
}

func (customer) UsageProductInventories(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfCustomer, c, connection(first, last, after, before, orderBy, filter))
}

func (customer) InclusiveUsageBalances(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfCustomer, c, connection(first, last, after, before, orderBy, filter))
}

func (customer) Balances(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, includeContractBalances, includeArchived, excludeZeroBalances *bool) (*models.BalanceConnection, error) {
	return loaders.Connection(ctx, models.BalancesOfCustomer, c, connection(first, last, after, before, orderBy, filter, balancesWhere(ctx, includeContractBalances, includeArchived, excludeZeroBalances)))
}

func (customer) EntitlementBalances(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.EntitlementBalanceConnection, error) {
	return loaders.Connection(ctx, models.EntitlementBalancesOfCustomer, c, connection(first, last, after, before, orderBy, filter))
}

func (customer) Contracts(ctx context.Context, c *models.Customer, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.ContractConnection, error) {
	return loaders.Connection(ctx, models.ContractsOfCustomer, c, connection(first, last, after, before, orderBy, filter))
}
