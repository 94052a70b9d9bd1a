package loaders

import (
	"context"

	"github.com/usagegraph/usagegraph/models"
)

// Account reads what a balance is reckoned from, nil if its ledger was never
// imported.
func Account(ctx context.Context, balance *models.Balance) (*models.Account, error) {
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
	return &models.Account{Segments: segments, Entries: entries, Invoices: invoices}, err
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

// runningOf is the place of RunningBalance.
type runningOf struct{}

// RunningBalance is the sum of the ledger up to the entry.
func RunningBalance(ctx context.Context, entry *models.LedgerEntry) (models.Decimal, error) {
	reader := For(ctx).reader
	balance := func(e *models.LedgerEntry) (models.BalanceID, bool) { return e.BalanceID, true }
	running, err := load(ctx, runningOf{}, entry, balance, func(ctx context.Context, ids []models.BalanceID) (map[models.BalanceID]map[int64]models.Decimal, error) {
		return models.RunningBalances(ctx, reader, ids)
	})
	return running[entry.Number], err
}
