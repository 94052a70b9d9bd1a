package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type inclusiveUsageAssignment struct{}

func (inclusiveUsageAssignment) InclusiveUsagePlan(ctx context.Context, a *models.InclusiveUsageAssignment) (*models.InclusiveUsagePlan, error) {
	return loaders.One(ctx, models.PlanOfAssignment, a)
}

func (inclusiveUsageAssignment) Components(ctx context.Context, a *models.InclusiveUsageAssignment, _ models.Filter) ([]*models.InclusiveUsageComponent, error) {
	return loaders.List(ctx, models.ComponentsOfAssignment, a)
}
