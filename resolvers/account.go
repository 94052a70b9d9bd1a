package resolvers

import (
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

// accountFilter chooses the balances that a figure of a customer is made of.
type accountFilter struct {
	creditType string // "" is all, those without one too
	filters    []*models.NetBalanceFilter
}

// creditTypeOrDefault reads the argument creditTypeId.
func creditTypeOrDefault(id *string) (string, error) {
	if id == nil {
		return models.USDCents, nil
	}
	return *id, relay.CheckText(*id)
}

// accounts lists the customer's live balances that the filter chooses, at both
// levels.
func accounts(ctx context.Context, c *models.Customer, filter accountFilter) ([]*models.Balance, error) {
	balances, err := loaders.Children(ctx, models.BalancesOfCustomer, c)
	if err != nil {
		return nil, err
	}
	var out []*models.Balance
	for _, b := range balances {
		if b.ArchivedAt != nil || filter.creditType != "" && (b.CreditTypeID == nil || *b.CreditTypeID != filter.creditType) {
			continue
		}
		var fields []*models.BalanceCustomField
		if slices.ContainsFunc(filter.filters, func(f *models.NetBalanceFilter) bool { return len(f.CustomFields) > 0 }) {
			if fields, err = loaders.Children(ctx, models.CustomFieldsOfBalance, b); err != nil {
				return nil, err
			}
		}
		if models.Matches(filter.filters, b, fields) {
			out = append(out, b)
		}
	}
	return out, nil
}
