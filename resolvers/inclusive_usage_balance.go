package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

type inclusiveUsageBalance struct{}

func (inclusiveUsageBalance) BillRun(ctx context.Context, b *models.InclusiveUsageBalance) (*models.BillRun, error) {
	return loaders.One(ctx, models.BillRunOfUsageBalance, b)
}

func (inclusiveUsageBalance) UsageProductInventory(ctx context.Context, b *models.InclusiveUsageBalance) (*models.UsageProductInventory, error) {
	return loaders.One(ctx, models.InventoryOfUsageBalance, b)
}

func (inclusiveUsageBalance) Site(ctx context.Context, b *models.InclusiveUsageBalance) (*models.Site, error) {
	return loaders.One(ctx, models.SiteOfUsageBalance, b)
}

func (inclusiveUsageBalance) Customer(ctx context.Context, b *models.InclusiveUsageBalance) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfUsageBalance, b)
}

func (inclusiveUsageBalance) Assignments(ctx context.Context, b *models.InclusiveUsageBalance, _ store.Filter) ([]*models.InclusiveUsageAssignment, error) {
	return loaders.List(ctx, models.AssignmentsOfUsageBalance, b)
}

func (inclusiveUsageBalance) Components(ctx context.Context, b *models.InclusiveUsageBalance, _ store.Filter) ([]*models.InclusiveUsageComponent, error) {
	return loaders.List(ctx, models.ComponentsOfUsageBalance, b)
}
