package billing

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// settleAtOnce is how many ledgers are in memory at once.
const settleAtOnce = 10

// SettleBalances reckons the sums and running balances of ledgers anew, from what
// is stored: what they belong to or the status of an invoice has changed. Balances
// that are others then have changed now.
func SettleBalances(tx *database.Tx, ids []models.BalanceID, now scalar.DateTime) error {
	for some := range slices.Chunk(ids, settleAtOnce) {
		if err := settleSome(tx, some, now); err != nil {
			return err
		}
	}
	return nil
}

func settleSome(tx *database.Tx, ids []models.BalanceID, now scalar.DateTime) error {
	ctx, r := tx.Statement.Context, store.NewReader(tx.DB, store.Scope{All: true})
	ledgers, err := ReadLedgers(ctx, r, ids)
	if err != nil {
		return err
	}
	stored, err := store.Children(ctx, r, models.SumsOfBalance, ids)
	if err != nil {
		return err
	}
	var changed []models.BalanceID
	var sums []models.BalanceSum
	var entries []models.LedgerEntry
	for i, ledger := range ledgers {
		settled, moved := ledger.resettle()
		if len(moved) == 0 && len(differences(stored[ids[i]], settled)) == 0 {
			continue
		}
		changed, sums, entries = append(changed, ids[i]), append(sums, settled...), append(entries, moved...)
	}
	if err := store.DeleteChildren(tx, models.SumsOfBalance, changed); err != nil {
		return err
	}
	if err := store.Insert(tx, models.BalanceSums, sums); err != nil {
		return err
	}
	if err := store.Upsert(tx, models.LedgerEntries, entries); err != nil {
		return err
	}
	return store.Touch(tx, models.BalanceByID, changed, now)
}

// resettle is Settle, and the entries whose running balance was another.
func (l *Ledger) resettle() (sums []models.BalanceSum, moved []models.LedgerEntry) {
	before := make([]scalar.Decimal, len(l.Entries))
	for i, entry := range l.Entries {
		before[i] = entry.RunningBalance
	}
	sums = l.Settle()
	for i, entry := range l.Entries {
		if entry.RunningBalance != before[i] {
			moved = append(moved, *entry)
		}
	}
	return sums, moved
}

// SettleInvoices is SettleBalances for all ledgers that name one of the invoices.
func SettleInvoices(tx *database.Tx, invoices []string, now scalar.DateTime) error {
	if len(invoices) == 0 {
		return nil
	}
	s := store.NewStatement(tx.DB, store.Scope{All: true})
	s.Add(`SELECT DISTINCT t."balance_id" FROM `)
	store.FromKeys(s, &models.InvoiceByID.Edge, invoices)
	s.Add(" CROSS JOIN ").From(models.LedgerEntries, "t").Add(` WHERE t."invoice_id" = p.k1 ORDER BY 1`)
	var ids []models.BalanceID
	if err := tx.Raw(s.String(), s.Args...).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find the ledgers of invoices: %w", err)
	}
	return SettleBalances(tx, ids, now)
}

// ReadLedgers reads the ledgers of balances, in the order of ids.
func ReadLedgers(ctx context.Context, r *store.Reader, ids []models.BalanceID) ([]*Ledger, error) {
	segments, err := store.Children(ctx, r, models.SegmentsOfBalance, ids)
	if err != nil {
		return nil, err
	}
	entries, err := store.Children(ctx, r, models.EntriesByBalance, ids)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, ledger := range entries {
		for _, entry := range ledger {
			if entry.InvoiceID != nil {
				named[*entry.InvoiceID] = true
			}
		}
	}
	invoices, err := store.Children(ctx, r, models.InvoiceByID, slices.Collect(maps.Keys(named)))
	if err != nil {
		return nil, err
	}
	statuses := make(map[string]models.InvoiceStatus, len(invoices))
	for id, rows := range invoices {
		statuses[id] = rows[0].Status
	}
	var ledgers []*Ledger
	for _, id := range ids {
		ledgers = append(ledgers, &Ledger{Segments: segments[id], Entries: entries[id], Invoices: statuses})
	}
	return ledgers, nil
}
