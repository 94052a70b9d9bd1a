package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

type customer struct{}

func (customer) ExternalIds(ctx context.Context, c *models.Customer) ([]*models.ExternalID, error) {
	return loaders.Children(ctx, models.ExternalIDsOfCustomer, c)
}

func (customer) Sites(ctx context.Context, c *models.Customer, first, last *int, after, before *string) (*models.SiteConnection, error) {
	return loaders.Connection(ctx, models.SitesOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (customer) UsageProductInventories(ctx context.Context, c *models.Customer, first, last *int, after, before *string) (*models.UsageProductInventoryConnection, error) {
	return loaders.Connection(ctx, models.InventoriesOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (customer) InclusiveUsageBalances(ctx context.Context, c *models.Customer, first, last *int, after, before *string) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (customer) Balances(ctx context.Context, c *models.Customer, first, last *int, after, before *string, includeContractBalances, includeArchived *bool) (*models.BalanceConnection, error) {
	return loaders.Connection(ctx, models.BalancesOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.BalancesWhere(orZero(includeContractBalances), orZero(includeArchived)))
}

func (customer) EntitlementBalances(ctx context.Context, c *models.Customer, first, last *int, after, before *string) (*models.EntitlementBalanceConnection, error) {
	return loaders.Connection(ctx, models.EntitlementBalancesOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (customer) Contracts(ctx context.Context, c *models.Customer, first, last *int, after, before *string) (*models.ContractConnection, error) {
	return loaders.Connection(ctx, models.ContractsOfCustomer, c, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}
