package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

type ledgerEntry struct{}

func (ledgerEntry) Invoice(ctx context.Context, e *models.LedgerEntry) (*models.Invoice, error) {
	return loaders.One(ctx, models.InvoiceOfEntry, e)
}
