package resolvers

import (
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models"
)

func (customer) DrawdownPreview(ctx context.Context, c *models.Customer, amount models.Decimal, creditTypeID, productID *string, productTags []string, at *models.DateTime) (*models.DrawdownPreview, error) {
	if amount < 0 {
		return nil, apierror.Invalid("amount: %s is below 0", amount)
	}
	creditType, err := creditTypeOrDefault(creditTypeID)
	if err != nil {
		return nil, err
	}
	for _, text := range append(slices.Clone(productTags), orZero(productID)) {
		if err := relay.CheckText(text); err != nil {
			return nil, err
		}
	}
	drawdown := models.NewDrawdown(models.Usage{Amount: amount, ProductID: productID, ProductTags: productTags, At: asOfOrNow(ctx, at)})
	if err := eachAccount(ctx, c, accountFilter{creditType: creditType}, drawdown.Add); err != nil {
		return nil, err
	}
	return drawdown.Preview(), nil
}
