package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

type inclusiveUsageAssignment struct{}

func (inclusiveUsageAssignment) InclusiveUsagePlan(ctx context.Context, a *models.InclusiveUsageAssignment) (*models.InclusiveUsagePlan, error) {
	return loaders.One(ctx, models.PlanOfAssignment, a)
}

func (inclusiveUsageAssignment) Components(ctx context.Context, a *models.InclusiveUsageAssignment, _ store.Filter) ([]*models.InclusiveUsageComponent, error) {
	return loaders.List(ctx, models.ComponentsOfAssignment, a)
}
