package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type entitlementBalance struct{}

func (entitlementBalance) Entitlement(ctx context.Context, e *models.EntitlementBalance) (*models.Entitlement, error) {
	return loaders.One(ctx, models.EntitlementOfBalance, e)
}

func (entitlementBalance) Customer(ctx context.Context, e *models.EntitlementBalance) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfEntitlementBalance, e)
}

func (entitlementBalance) Contract(ctx context.Context, e *models.EntitlementBalance) (*models.Contract, error) {
	return loaders.One(ctx, models.ContractOfEntitlementBalance, e)
}

func (entitlementBalance) Product(ctx context.Context, e *models.EntitlementBalance) (*models.Product, error) {
	return loaders.One(ctx, models.ProductOfEntitlementBalance, e)
}

func (entitlementBalance) Invoice(ctx context.Context, e *models.EntitlementBalance) (*models.Invoice, error) {
	row, err := loaders.One(ctx, models.InvoiceOfEntitlementBalance, e)
	if row == nil || err != nil {
		return nil, err
	}
	return &models.Invoice{ID: row.ID, Status: row.Status, Name: row.Name, Number: row.Number}, nil
}
