package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

type usageProductInventory struct{}

func (usageProductInventory) Site(ctx context.Context, u *models.UsageProductInventory) (*models.Site, error) {
	return loaders.One(ctx, models.SiteOfInventory, u)
}

func (usageProductInventory) Customer(ctx context.Context, u *models.UsageProductInventory) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfInventory, u)
}

func (usageProductInventory) UsageProduct(ctx context.Context, u *models.UsageProductInventory) (*models.UsageProduct, error) {
	return loaders.One(ctx, models.ProductOfInventory, u)
}

func (usageProductInventory) ProductReferences(ctx context.Context, u *models.UsageProductInventory) ([]*models.ProductReference, error) {
	return loaders.Children(ctx, models.ReferencesOfInventory, u)
}

func (r usageProductInventory) PrimaryProductReference(ctx context.Context, u *models.UsageProductInventory) (*models.ProductReference, error) {
	references, err := loaders.Children(ctx, models.ReferencesOfInventory, u)
	for _, reference := range references {
		if reference.Primary {
			return reference, err
		}
	}
	return nil, err
}

func (usageProductInventory) Status(ctx context.Context, u *models.UsageProductInventory, on *scalar.Date) (models.UsageProductInventoryStatus, error) {
	if on == nil {
		return u.Status(loaders.For(ctx).Now.Date()), nil
	}
	return u.Status(*on), nil
}

func (usageProductInventory) InclusiveUsageBalances(ctx context.Context, u *models.UsageProductInventory, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.InclusiveUsageBalanceConnection, error) {
	return loaders.Connection(ctx, models.UsageBalancesOfInventory, u)
}
