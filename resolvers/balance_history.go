package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

func (customer) BalanceHistory(ctx context.Context, c *models.Customer, from, to scalar.DateTime, granularity models.Granularity, timeZone, creditTypeID *string, filters []*billing.NetBalanceFilter, mode *models.InvoiceInclusionMode) ([]*billing.BalanceHistoryWindow, error) {
	zone := "UTC"
	if timeZone != nil {
		zone = *timeZone
	}
	borders, err := models.Borders(from, to, granularity, zone)
	if err != nil {
		return nil, err
	}
	creditType, err := creditTypeOrDefault(creditTypeID)
	if err != nil {
		return nil, err
	}
	balances, err := accounts(ctx, c, accountFilter{creditType, filters})
	if err != nil {
		return nil, err
	}
	history := billing.NewBalanceHistory(borders, modeOrDefault(mode))
	for _, b := range balances {
		ledger, err := loaders.Ledger(ctx, b)
		if err != nil {
			return nil, err
		}
		if ledger == nil {
			continue // as in a net balance
		}
		if err := history.Add(ledger); err != nil {
			return nil, err
		}
	}
	return history.Windows, nil
}
