package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type inclusiveUsagePlan struct{}

func (inclusiveUsagePlan) UsageProduct(ctx context.Context, p *models.InclusiveUsagePlan) (*models.UsageProduct, error) {
	return loaders.One(ctx, models.ProductOfPlan, p)
}
