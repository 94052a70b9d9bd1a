package resolvers

import (
	"context"
	"maps"
	"slices"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

func (customer) NetBalance(ctx context.Context, c *models.Customer, creditTypeID *string, filters []*billing.NetBalanceFilter, mode *models.InvoiceInclusionMode, asOf *scalar.DateTime) (*billing.NetBalance, error) {
	creditType, err := creditTypeOrDefault(creditTypeID)
	if err != nil {
		return nil, err
	}
	sums, err := netBalances(ctx, c, filters, mode, asOf)
	if err != nil || sums[creditType] != nil {
		return sums[creditType], err
	}
	row := &models.CreditType{ID: creditType}
	if found, err := loaders.One(ctx, models.CreditTypeNamed, row); err != nil {
		return nil, err
	} else if found != nil {
		row = found
	}
	return &billing.NetBalance{CreditType: row, AsOf: asOfOrNow(ctx, asOf)}, nil
}

func (customer) NetBalances(ctx context.Context, c *models.Customer, filters []*billing.NetBalanceFilter, mode *models.InvoiceInclusionMode, asOf *scalar.DateTime) ([]*billing.NetBalance, error) {
	sums, err := netBalances(ctx, c, filters, mode, asOf)
	out := make([]*billing.NetBalance, 0, len(sums))
	for _, creditType := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, sums[creditType])
	}
	return out, err
}

func (query) NetBalance(ctx context.Context, customerID string, creditTypeID *string, filters []*billing.NetBalanceFilter, mode *models.InvoiceInclusionMode, asOf *scalar.DateTime) (*billing.NetBalance, error) {
	found, err := query{}.Customer(ctx, &customerID, nil)
	if err != nil || found == nil {
		return nil, err
	}
	return customer{}.NetBalance(ctx, found, creditTypeID, filters, mode, asOf)
}

// netBalances adds up the customer's live balances that the filters choose, by
// credit type: a sum for each that the customer has live balances of, whether the
// filters choose any of these or not.
func netBalances(ctx context.Context, c *models.Customer, filters []*billing.NetBalanceFilter, mode *models.InvoiceInclusionMode, asOf *scalar.DateTime) (map[string]*billing.NetBalance, error) {
	sums, err := emptyNetBalances(ctx, c, asOfOrNow(ctx, asOf))
	if err != nil {
		return nil, err
	}
	balances, err := accounts(ctx, c, accountFilter{filters: filters})
	if err != nil {
		return nil, err
	}
	for _, b := range balances {
		if b.CreditTypeID == nil {
			continue // of no unit
		}
		account, err := loaders.Account(ctx, b)
		if err != nil {
			return nil, err
		}
		if account != nil {
			if err := sums[*b.CreditTypeID].Add(account, modeOrDefault(mode)); err != nil {
				return nil, err
			}
		}
	}
	return sums, nil
}

// emptyNetBalances are the sums of no balance, one for each credit type that the
// customer has live balances of.
func emptyNetBalances(ctx context.Context, c *models.Customer, at scalar.DateTime) (map[string]*billing.NetBalance, error) {
	balances, err := accounts(ctx, c, accountFilter{})
	if err != nil {
		return nil, err
	}
	sums := map[string]*billing.NetBalance{}
	for _, b := range balances {
		if b.CreditTypeID == nil || sums[*b.CreditTypeID] != nil {
			continue
		}
		creditType, err := loaders.One(ctx, models.CreditTypeOfBalance, b)
		if err != nil {
			return nil, err
		}
		sums[*b.CreditTypeID] = &billing.NetBalance{CreditType: creditType, AsOf: at}
	}
	return sums, nil
}
