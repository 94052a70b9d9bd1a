package models

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// settleAtOnce is how many ledgers are in memory at once.
const settleAtOnce = 10

// SettleBalances reckons the sums and running balances of ledgers anew, from what
// is stored: what they belong to or the status of an invoice has changed. Balances
// that are others then have changed now.
func SettleBalances(tx *Tx, ids []BalanceID, now DateTime) error {
	for some := range slices.Chunk(ids, settleAtOnce) {
		if err := settleSome(tx, some, now); err != nil {
			return err
		}
	}
	return nil
}

func settleSome(tx *Tx, ids []BalanceID, now DateTime) error {
	ctx, r := tx.Statement.Context, NewReader(tx.DB, Scope{All: true})
	ledgers, err := ReadLedgers(ctx, r, ids)
	if err != nil {
		return err
	}
	stored, err := Children(ctx, r, SumsOfBalance, ids)
	if err != nil {
		return err
	}
	var changed []BalanceID
	var sums []BalanceSum
	var entries []LedgerEntry
	for i, ledger := range ledgers {
		settled, moved := ledger.resettle()
		if len(moved) == 0 && len(differences(stored[ids[i]], settled)) == 0 {
			continue
		}
		changed, sums, entries = append(changed, ids[i]), append(sums, settled...), append(entries, moved...)
	}
	if err := DeleteChildren(tx, SumsOfBalance, changed); err != nil {
		return err
	}
	if err := Insert(tx, BalanceSums, sums); err != nil {
		return err
	}
	if err := Upsert(tx, LedgerEntries, entries); err != nil {
		return err
	}
	return Touch(tx, BalanceByID, changed, now)
}

// resettle is Settle, and the entries whose running balance was another.
func (l *Ledger) resettle() (sums []BalanceSum, moved []LedgerEntry) {
	before := make([]Decimal, len(l.Entries))
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
func SettleInvoices(tx *Tx, invoices []string, now DateTime) error {
	if len(invoices) == 0 {
		return nil
	}
	s := newStatement(tx.DB, Scope{All: true})
	s.add(`SELECT DISTINCT t."balance_id" FROM `)
	parents(s, &InvoiceByID.Edge, invoices)
	s.add(" CROSS JOIN ").from(LedgerEntries, "t").add(` WHERE t."invoice_id" = p.k1 ORDER BY 1`)
	var ids []BalanceID
	if err := tx.Raw(s.String(), s.args...).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find the ledgers of invoices: %w", err)
	}
	return SettleBalances(tx, ids, now)
}

// ReadLedgers reads the ledgers of balances, in the order of ids.
func ReadLedgers(ctx context.Context, r *Reader, ids []BalanceID) ([]*Ledger, error) {
	segments, err := Children(ctx, r, SegmentsOfBalance, ids)
	if err != nil {
		return nil, err
	}
	entries, err := Children(ctx, r, EntriesByBalance, ids)
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
	invoices, err := Children(ctx, r, InvoiceByID, slices.Collect(maps.Keys(named)))
	if err != nil {
		return nil, err
	}
	statuses := make(map[string]InvoiceStatus, len(invoices))
	for id, rows := range invoices {
		statuses[id] = rows[0].Status
	}
	var ledgers []*Ledger
	for _, id := range ids {
		ledgers = append(ledgers, &Ledger{Segments: segments[id], Entries: entries[id], Invoices: statuses})
	}
	return ledgers, nil
}
