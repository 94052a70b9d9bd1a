package seed

import (
	"context"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// DemoCustomers is how many customers the demo has.
const DemoCustomers = 25

// demoKind is the kind of the import that marks a database which was filled for a demo. It
// is the last of those that the demo makes up.
const demoKind = "demo"

// recordDemo makes up the imports of a demo, as if each kind had been read in the morning.
func recordDemo(tx *database.Tx, o Options) error {
	today, err := o.today()
	if err != nil {
		return err
	}
	for i, kind := range []string{
		"customers", "usage-products", "sites", "usage-product-inventories", "bill-runs", "inclusive-usage-plans", "inclusive-usage-balances",
		"invoices", "balances", "entitlement-balances", demoKind,
	} {
		rows := map[string]int{
			"customers": 1, "sites": sitesEach, "usage-product-inventories": sitesEach * inventoriesEach, "inclusive-usage-balances": 4 * sitesEach * inventoriesEach,
			"invoices": 6, "balances": 5, "entitlement-balances": 6, demoKind: 1,
		}[kind] * o.Customers
		if rows == 0 { // is of the catalogue, which all customers share
			rows = map[string]int{"usage-products": len(usageProducts(newCalendar(today))), "bill-runs": 4, "inclusive-usage-plans": len(plans())}[kind]
		}
		began := today + 6*hour + minute*scalar.DateTime(i)
		row := models.Import{Kind: kind, Rows: rows, Changed: rows, StartedAt: began, FinishedAt: began + minute/2}
		if err := models.RecordImport(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// DemoDate is the day on which the data ends that Run filled the database with for a demo,
// "" where it did not, or where something was imported since.
func DemoDate(ctx context.Context, db *gorm.DB) (scalar.Date, error) {
	last, err := models.LastImport(ctx, db)
	if err != nil || last == nil || last.Kind != demoKind {
		return "", err
	}
	return last.StartedAt.Date(), nil
}

// addEndingSoon adds a credit and an entitlement that end within a month.
func (c *customer) addEndingSoon() {
	a := c.newAccount(5, models.BalanceTypeCredit, models.USDCents)
	a.row.Name, a.row.ContractID = new("Autumn credits"), nil
	a.segment(c.months[4].from, c.today+day*scalar.DateTime(c.between(5, 28)), pick(c.random, cents)/10)
	a.finish()
	c.addEntitlement(grant{2, []int{250, 1_000}, 10, 60, c.months[4].from, c.today + day*scalar.DateTime(c.between(5, 28)), 0})
}
