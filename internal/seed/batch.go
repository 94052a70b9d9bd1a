package seed

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/store"
)

// A batch holds rows of all tables until they are written together.
type batch struct {
	customers           []models.Customer
	externalIDs         []models.ExternalID
	sites               []models.Site
	usageProducts       []models.UsageProduct
	inventories         []models.UsageProductInventory
	references          []models.ProductReference
	billRuns            []models.BillRun
	plans               []models.InclusiveUsagePlan
	usageBalances       []models.InclusiveUsageBalance
	assignments         []models.InclusiveUsageAssignment
	components          []models.InclusiveUsageComponent
	products            []models.Product
	creditTypes         []models.CreditType
	invoices            []models.Invoice
	contracts           []models.Contract
	balances            []models.Balance
	customFields        []models.BalanceCustomField
	segments            []models.AccessSegment
	entries             []models.LedgerEntry
	sums                []models.BalanceSum
	entitlements        []models.Entitlement
	entitlementBalances []models.EntitlementBalance
}

// part is the rows of one table.
type part struct {
	rows   int
	insert func(*database.Tx) error
	reset  func()
}

func of[T any](t *store.Table[T], rows *[]T) part {
	return part{
		rows:   len(*rows),
		insert: func(tx *database.Tx) error { return store.Insert(tx, t, *rows) },
		reset: func() {
			clear(*rows) // what the rows point at is garbage now
			*rows = (*rows)[:0]
		},
	}
}

// parts are in the order in which rows name each other.
func (b *batch) parts() []part {
	return []part{
		of(models.Customers, &b.customers),
		of(models.ExternalIDs, &b.externalIDs),
		of(models.Sites, &b.sites),
		of(models.UsageProducts, &b.usageProducts),
		of(models.UsageProductInventories, &b.inventories),
		of(models.ProductReferences, &b.references),
		of(models.BillRuns, &b.billRuns),
		of(models.InclusiveUsagePlans, &b.plans),
		of(models.InclusiveUsageBalances, &b.usageBalances),
		of(models.InclusiveUsageAssignments, &b.assignments),
		of(models.InclusiveUsageComponents, &b.components),
		of(models.Products, &b.products),
		of(models.CreditTypes, &b.creditTypes),
		of(models.Invoices, &b.invoices),
		of(models.Contracts, &b.contracts),
		of(models.Balances, &b.balances),
		of(models.BalanceCustomFields, &b.customFields),
		of(models.AccessSegments, &b.segments),
		of(models.LedgerEntries, &b.entries),
		of(models.BalanceSums, &b.sums),
		of(models.Entitlements, &b.entitlements),
		of(models.EntitlementBalances, &b.entitlementBalances),
	}
}

func (b *batch) insert(tx *database.Tx) error {
	for _, p := range b.parts() {
		if err := p.insert(tx); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) rows() (n int64) {
	for _, p := range b.parts() {
		n += int64(p.rows)
	}
	return n
}

// reset empties the batch and keeps its memory.
func (b *batch) reset() {
	for _, p := range b.parts() {
		p.reset()
	}
}
