package models

import (
	"fmt"
	"maps"
	"slices"
)

// settleAtOnce is how many ledgers are in memory at once.
const settleAtOnce = 100

// SettleBalances reckons the sums and running balances of ledgers anew, from what
// is stored: what they belong to or the status of an invoice has changed.
func SettleBalances(tx *Tx, ids []BalanceID) error {
	for some := range slices.Chunk(ids, settleAtOnce) {
		ledgers, err := readLedgers(tx, some)
		if err != nil {
			return err
		}
		if err := DeleteChildren(tx, SumsOfBalance, some); err != nil {
			return err
		}
		var sums []BalanceSum
		var changed []LedgerEntry
		for _, ledger := range ledgers {
			before := make([]Decimal, len(ledger.Entries))
			for i, entry := range ledger.Entries {
				before[i] = entry.RunningBalance
			}
			sums = append(sums, ledger.Settle()...)
			for i, entry := range ledger.Entries {
				if entry.RunningBalance != before[i] {
					changed = append(changed, *entry)
				}
			}
		}
		if err := Insert(tx, BalanceSums, sums); err != nil {
			return err
		}
		if err := Upsert(tx, LedgerEntries, changed); err != nil {
			return err
		}
	}
	return nil
}

// SettleInvoices is SettleBalances for all ledgers that name one of the invoices.
func SettleInvoices(tx *Tx, invoices []string) error {
	if len(invoices) == 0 {
		return nil
	}
	s := newStatement(tx.DB, Scope{All: true})
	s.add(`SELECT DISTINCT t."balance_id" FROM `)
	parents(s, InvoiceByID.columns, invoices)
	s.add(" CROSS JOIN ").from(&LedgerEntries.table, "t").add(` WHERE t."invoice_id" = p.k1 ORDER BY 1`)
	var ids []BalanceID
	if err := tx.Raw(s.String(), s.args...).Scan(&ids).Error; err != nil {
		return fmt.Errorf("find the ledgers of invoices: %w", err)
	}
	return SettleBalances(tx, ids)
}

func readLedgers(tx *Tx, ids []BalanceID) ([]*Ledger, error) {
	ctx, r := tx.Statement.Context, NewReader(tx.DB, Scope{All: true})
	segments, err := Children(ctx, r, SegmentsOfBalance, ids)
	if err != nil {
		return nil, err
	}
	entries, err := Children(ctx, r, LedgerOfBalance, ids)
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
