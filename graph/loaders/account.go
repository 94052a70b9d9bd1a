package loaders

import (
	"context"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
)

// Account reads what a balance is reckoned from, nil if its ledger was never
// imported.
func Account(ctx context.Context, balance *models.Balance) (billing.Account, error) {
	if balance.LedgerDigest == nil {
		return nil, nil
	}
	sums, err := Children(ctx, models.SumsOfBalance, balance)
	if err != nil || sums != nil {
		return sums, err
	}
	return billing.Account{}, nil // a ledger without entries
}

// Ledger reads all that moved a balance, nil if its ledger was never imported.
func Ledger(ctx context.Context, balance *models.Balance) (*billing.Ledger, error) {
	if balance.LedgerDigest == nil {
		return nil, nil
	}
	segments, err := Children(ctx, models.SegmentsOfBalance, balance)
	if err != nil {
		return nil, err
	}
	entries, err := Children(ctx, models.LedgerOfBalance, balance)
	if err != nil {
		return nil, err
	}
	invoices, err := statuses(ctx, entries)
	return &billing.Ledger{Segments: segments, Entries: entries, Invoices: invoices}, err
}

// statuses reads the status of each invoice that the entries name.
func statuses(ctx context.Context, entries []*models.LedgerEntry) (map[string]models.InvoiceStatus, error) {
	out := map[string]models.InvoiceStatus{}
	for _, entry := range entries {
		invoice, err := One(ctx, models.InvoiceOfEntry, entry)
		if err != nil {
			return nil, err
		}
		if invoice != nil {
			out[invoice.ID] = invoice.Status
		}
	}
	return out, nil
}
