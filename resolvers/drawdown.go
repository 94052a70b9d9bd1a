package resolvers

import (
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

func (customer) DrawdownPreview(ctx context.Context, c *models.Customer, amount scalar.Decimal, creditTypeID, productID *string, productTags []string, at *scalar.DateTime) (*billing.DrawdownPreview, error) {
	if amount < 0 {
		return nil, fault.Invalid("amount: %s is below 0", amount)
	}
	creditType, err := creditTypeOrDefault(creditTypeID)
	if err != nil {
		return nil, err
	}
	for _, text := range append(slices.Clone(productTags), orZero(productID)) {
		if err := scalar.CheckText(text); err != nil {
			return nil, err
		}
	}
	drawdown := billing.NewDrawdown(billing.Usage{Amount: amount, ProductID: productID, ProductTags: productTags, At: asOfOrNow(ctx, at)})
	if err := eachAccount(ctx, c, accountFilter{creditType: creditType}, drawdown.Add); err != nil {
		return nil, err
	}
	return drawdown.Preview(), nil
}
