package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

type query struct{}

func (query) Customers(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime) (*models.CustomerConnection, error) {
	return loaders.Root(ctx, models.AllCustomers)
}

func (query) Sites(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime) (*models.SiteConnection, error) {
	return loaders.Root(ctx, models.AllSites)
}

func (query) UsageProductInventories(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime) (*models.UsageProductInventoryConnection, error) {
	return loaders.Root(ctx, models.AllUsageProductInventories)
}

func (query) InclusiveUsageBalances(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsageBalances)
}

func (query) Balances(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime, _, _, _ *bool) (*models.BalanceConnection, error) {
	return loaders.Root(ctx, models.AllBalances)
}

func (query) EntitlementBalances(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey, _, _ *string, _, _ *scalar.DateTime) (*models.EntitlementBalanceConnection, error) {
	return loaders.Root(ctx, models.AllEntitlementBalances)
}

func (query) BillRuns(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.BillRunConnection, error) {
	return loaders.Root(ctx, models.AllBillRuns)
}

func (query) UsageProducts(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.UsageProductConnection, error) {
	return loaders.Root(ctx, models.AllUsageProducts)
}

func (query) InclusiveUsagePlans(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.InclusiveUsagePlanConnection, error) {
	return loaders.Root(ctx, models.AllInclusiveUsagePlans)
}

func (query) Entitlements(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.EntitlementConnection, error) {
	return loaders.Root(ctx, models.AllEntitlements)
}

func (query) Contracts(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.ContractConnection, error) {
	return loaders.Root(ctx, models.AllContracts)
}

func (query) Imports(ctx context.Context, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.ImportConnection, error) {
	return loaders.Root(ctx, models.AllImports)
}
