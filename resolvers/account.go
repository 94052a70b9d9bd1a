package resolvers

import (
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// accountFilter chooses the balances that a figure of a customer is made of.
type accountFilter struct {
	creditType string // "" is all, those without one too
	filters    []*billing.NetBalanceFilter
}

// creditTypeOrDefault reads the argument creditTypeId.
func creditTypeOrDefault(id *string) (string, error) {
	if id == nil {
		return models.USDCents, nil
	}
	return *id, scalar.CheckText(*id)
}

// accounts lists the customer's live balances that the filter chooses, at both
// levels.
func accounts(ctx context.Context, c *models.Customer, filter accountFilter) ([]*models.Balance, error) {
	balances, err := loaders.Children(ctx, models.BalancesOfCustomer, c)
	if err != nil {
		return nil, err
	}
	byFields := slices.ContainsFunc(filter.filters, func(f *billing.NetBalanceFilter) bool { return len(f.CustomFields) > 0 })
	var out []*models.Balance
	for _, b := range balances {
		if b.ArchivedAt != nil || filter.creditType != "" && (b.CreditTypeID == nil || *b.CreditTypeID != filter.creditType) {
			continue
		}
		var fields []*models.BalanceCustomField
		if byFields {
			if fields, err = loaders.Children(ctx, models.CustomFieldsOfBalance, b); err != nil {
				return nil, err
			}
		}
		if billing.Matches(filter.filters, b, fields) {
			out = append(out, b)
		}
	}
	return out, nil
}

// eachAccount hands on each balance that accounts lists, with its segments and what
// it is reckoned from, nil if its ledger was never imported.
func eachAccount(ctx context.Context, c *models.Customer, filter accountFilter, do func(*models.Balance, []*models.AccessSegment, billing.Account)) error {
	balances, err := accounts(ctx, c, filter)
	if err != nil {
		return err
	}
	for _, b := range balances {
		segments, err := loaders.Children(ctx, models.SegmentsOfBalance, b)
		if err != nil {
			return err
		}
		account, err := loaders.Account(ctx, b)
		if err != nil {
			return err
		}
		do(b, segments, account)
	}
	return nil
}
