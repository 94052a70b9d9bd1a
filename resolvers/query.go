package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

type query struct{}

func (query) Customers(ctx context.Context, first, last *int, after, before *string) (*models.CustomerConnection, error) {
	return loaders.Root(ctx, models.AllCustomers, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) Sites(ctx context.Context, first, last *int, after, before *string) (*models.SiteConnection, error) {
	return loaders.Root(ctx, models.AllSites, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) UsageProductInventories(ctx context.Context, first, last *int, after, before *string) (*models.UsageProductInventoryConnection, error) {
	return loaders.Root(ctx, models.AllUsageProductInventories, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) InclusiveUsageBalances(ctx context.Context, first, last *int, after, before *string) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsageBalances, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) Balances(ctx context.Context, first, last *int, after, before *string, includeContractBalances, includeArchived *bool) (*models.BalanceConnection, error) {
	return loaders.Root(ctx, models.AllBalances, relay.Args{First: first, After: after, Last: last, Before: before}, models.BalancesWhere(orZero(includeContractBalances), orZero(includeArchived)))
}

func (query) EntitlementBalances(ctx context.Context, first, last *int, after, before *string) (*models.EntitlementBalanceConnection, error) {
	return loaders.Root(ctx, models.AllEntitlementBalances, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) BillRuns(ctx context.Context, first, last *int, after, before *string) (*models.BillRunConnection, error) {
	return loaders.Root(ctx, models.AllBillRuns, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) UsageProducts(ctx context.Context, first, last *int, after, before *string) (*models.UsageProductConnection, error) {
	return loaders.Root(ctx, models.AllUsageProducts, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) InclusiveUsagePlans(ctx context.Context, first, last *int, after, before *string) (*models.InclusiveUsagePlanConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsagePlans, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) Entitlements(ctx context.Context, first, last *int, after, before *string) (*models.EntitlementConnection, error) {
	return loaders.Root(ctx, models.AllEntitlements, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) Contracts(ctx context.Context, first, last *int, after, before *string) (*models.ContractConnection, error) {
	return loaders.Root(ctx, models.AllContracts, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}

func (query) Imports(ctx context.Context, first, last *int, after, before *string) (*models.ImportConnection, error) {
	return loaders.Root(ctx, models.AllImports, relay.Args{First: first, After: after, Last: last, Before: before}, models.Condition{})
}
