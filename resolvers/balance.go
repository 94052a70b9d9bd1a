package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

type balance struct{}

func (balance) Customer(ctx context.Context, b *models.Balance) (*models.Customer, error) {
	return loaders.One(ctx, models.CustomerOfBalance, b)
}

func (balance) Contract(ctx context.Context, b *models.Balance) (*models.Contract, error) {
	return loaders.One(ctx, models.ContractOfBalance, b)
}

func (balance) Product(ctx context.Context, b *models.Balance) (*models.Product, error) {
	return loaders.One(ctx, models.ProductOfBalance, b)
}

func (balance) CreditType(ctx context.Context, b *models.Balance) (*models.CreditType, error) {
	return loaders.One(ctx, models.CreditTypeOfBalance, b)
}

func (balance) AccessSchedule(ctx context.Context, b *models.Balance) ([]*models.AccessSegment, error) {
	return loaders.Children(ctx, models.SegmentsOfBalance, b)
}

func (balance) Balance(ctx context.Context, b *models.Balance, asOf *scalar.DateTime, mode *models.InvoiceInclusionMode) (*scalar.Decimal, error) {
	account, err := loaders.Account(ctx, b)
	if err != nil || account == nil {
		return nil, err
	}
	left := account.Balance(asOfOrNow(ctx, asOf), modeOrDefault(mode))
	return &left, nil
}

func (balance) Breakdown(ctx context.Context, b *models.Balance, asOf *scalar.DateTime, mode *models.InvoiceInclusionMode) (*billing.BalanceBreakdown, error) {
	ledger, err := loaders.Ledger(ctx, b)
	if err != nil || ledger == nil {
		return nil, err
	}
	return ledger.Breakdown(asOfOrNow(ctx, asOf), modeOrDefault(mode)), nil
}

func (balance) Ledger(ctx context.Context, b *models.Balance, _, _ *int, _, _ *string, _ store.Filter, _ []store.OrderKey) (*models.LedgerEntryConnection, error) {
	return loaders.Connection(ctx, models.LedgerOfBalance, b)
}

func (balance) CustomFields(ctx context.Context, b *models.Balance) ([]*models.CustomField, error) {
	rows, err := loaders.Children(ctx, models.CustomFieldsOfBalance, b)
	fields := make([]*models.CustomField, len(rows))
	for i, row := range rows {
		fields[i] = &models.CustomField{Key: row.Key, Value: row.Value}
	}
	return fields, err
}

func asOfOrNow(ctx context.Context, asOf *scalar.DateTime) scalar.DateTime {
	if asOf == nil {
		return loaders.For(ctx).Now
	}
	return *asOf
}

func modeOrDefault(mode *models.InvoiceInclusionMode) models.InvoiceInclusionMode {
	if mode == nil {
		return models.InvoiceInclusionModeFinalizedAndDraft
	}
	return *mode
}
