package resolvers

import (
	"context"
	"math"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

func (query) LowBalances(ctx context.Context, first, last *int, after, before *string, filter models.Filter, orderBy []models.OrderKey, usedRatio float64, kinds []models.AllowanceKind, customerID *string, asOf *models.DateTime) (*models.LowBalanceConnection, error) {
	if usedRatio < 0 || math.IsNaN(usedRatio) {
		return nil, apierror.Invalid("usedRatio: it is below 0")
	}
	low := models.Filter{"usedRatio": map[string]any{"gte": usedRatio}}
	if kinds != nil {
		low["kind"] = map[string]any{"in": kinds}
	}
	args := connection(first, last, after, before, orderBy, filter, low)
	args.At = asOfOrNow(ctx, asOf)
	if customerID != nil {
		only, err := models.CustomerByID.Parse(*customerID)
		if err != nil {
			return nil, err
		}
		args.Only = &only
	}
	return loaders.Root(ctx, models.AllLowBalances, args)
}

type lowBalance struct{}

func (lowBalance) Customer(ctx context.Context, l *models.LowBalance) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfLowBalance, l)
}

func (lowBalance) Balance(ctx context.Context, l *models.LowBalance) (*models.Balance, error) {
	return loaders.One(ctx, models.BalanceOfLowBalance, l)
}

func (lowBalance) EntitlementBalance(ctx context.Context, l *models.LowBalance) (*models.EntitlementBalance, error) {
	return loaders.One(ctx, models.GrantOfLowBalance, l)
}

func (lowBalance) Component(ctx context.Context, l *models.LowBalance) (*models.InclusiveUsageComponent, error) {
	return loaders.One(ctx, models.ComponentOfLowBalance, l)
}

func (lowBalance) InclusiveUsageBalance(ctx context.Context, l *models.LowBalance) (*models.InclusiveUsageBalance, error) {
	return loaders.One(ctx, models.UsageOfLowBalance, l)
}
