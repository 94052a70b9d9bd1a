package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

type query struct{}

func (query) Customers(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime) (*models.CustomerConnection, error) {
	return loaders.Root(ctx, models.AllCustomers, connection(first, last, after, before, orderBy, filter, models.FlatFilter("id", customerID, search, updatedSince, updatedBefore)))
}

func (query) Sites(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime) (*models.SiteConnection, error) {
	return loaders.Root(ctx, models.AllSites, connection(first, last, after, before, orderBy, filter, models.FlatFilter("customerId", customerID, search, updatedSince, updatedBefore)))
}

func (query) UsageProductInventories(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime) (*models.UsageProductInventoryConnection, error) {
	return loaders.Root(ctx, models.AllUsageProductInventories, connection(first, last, after, before, orderBy, filter, models.FlatFilter("customerId", customerID, search, updatedSince, updatedBefore)))
}

func (query) InclusiveUsageBalances(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsageBalances, connection(first, last, after, before, orderBy, filter, models.FlatFilter("customerId", customerID, search, updatedSince, updatedBefore)))
}

func (query) Balances(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime, includeContractBalances, includeArchived, excludeZeroBalances *bool) (*models.BalanceConnection, error) {
	return loaders.Root(ctx, models.AllBalances, connection(first, last, after, before, orderBy, filter, models.FlatFilter("customerId", customerID, search, updatedSince, updatedBefore), balancesWhere(ctx, includeContractBalances, includeArchived, excludeZeroBalances)))
}

func (query) EntitlementBalances(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, customerID, search *string, updatedSince, updatedBefore *models.DateTime) (*models.EntitlementBalanceConnection, error) {
	return loaders.Root(ctx, models.AllEntitlementBalances, connection(first, last, after, before, orderBy, filter, models.FlatFilter("customerId", customerID, search, updatedSince, updatedBefore)))
}

func (query) BillRuns(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.BillRunConnection, error) {
	return loaders.Root(ctx, models.AllBillRuns, connection(first, last, after, before, orderBy, filter))
}

func (query) UsageProducts(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.UsageProductConnection, error) {
	return loaders.Root(ctx, models.AllUsageProducts, connection(first, last, after, before, orderBy, filter))
}

func (query) InclusiveUsagePlans(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.InclusiveUsagePlanConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsagePlans, connection(first, last, after, before, orderBy, filter))
}

func (query) Entitlements(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.EntitlementConnection, error) {
	return loaders.Root(ctx, models.AllEntitlements, connection(first, last, after, before, orderBy, filter))
}

func (query) Contracts(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.ContractConnection, error) {
	return loaders.Root(ctx, models.AllContracts, connection(first, last, after, before, orderBy, filter))
}

func (query) Imports(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey) (*models.ImportConnection, error) {
	return loaders.Root(ctx, models.AllImports, connection(first, last, after, before, orderBy, filter))
}

// connection are the arguments that all connections have.
func connection(first, last *int, after, before *string, orderBy []models.OrderKey, filters ...models.Filter) loaders.Args {
	return loaders.Args{
		Args:    relay.Args{First: first, After: after, Last: last, Before: before},
		OrderBy: orderBy,
		Filters: filters,
	}
}
