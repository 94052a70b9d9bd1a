package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type contract struct{}

func (contract) Customer(ctx context.Context, c *models.Contract) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfContract, c)
}
