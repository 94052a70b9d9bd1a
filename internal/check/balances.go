package check

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/store"
)

// ledgersAtOnce is how many balances are in memory with their ledgers, which may
// be long.
const ledgersAtOnce = 50

func (c *checker) balances(rows []*models.Balance) error {
	ids := make([]models.BalanceID, len(rows))
	for i, b := range rows {
		ids[i] = b.ID
	}
	ledgers, err := billing.ReadLedgers(c.ctx, c.reader, ids)
	if err != nil {
		return err
	}
	sums, err := store.Children(c.ctx, c.reader, models.SumsOfBalance, ids)
	if err != nil {
		return err
	}
	for i, b := range rows {
		if err := c.balance(b, ledgers[i], sums[b.ID]); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) balance(b *models.Balance, ledger *billing.Ledger, sums []*models.BalanceSum) error {
	c.looked(models.RowsBalances, 1)
	c.looked(models.RowsSegments, len(ledger.Segments))
	c.looked(models.RowsEntries, len(ledger.Entries))
	c.looked(models.RowsSums, len(sums))
	breaches := b.Breaches()
	for _, s := range ledger.Segments {
		breaches = append(breaches, s.Breaches()...)
	}
	if b.Type == models.BalanceTypePostpaidCommit {
		breaches = append(breaches, ledger.BreachesOfPostpaid()...)
	}
	breaches = append(breaches, ledger.Breaches(c.now)...)
	return c.found("Balance:"+b.DatabaseID(), append(breaches, ledger.Drift(sums)...))
}

func (c *checker) entitlements(rows []*models.EntitlementBalance) error {
	c.looked(models.RowsEntitlements, len(rows))
	for _, e := range rows {
		if err := c.found("EntitlementBalance:"+e.DatabaseID(), e.Breaches()); err != nil {
			return err
		}
	}
	return nil
}
