package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// A grant is the shape of an entitlement balance.
type grant struct {
	definition int // place in the catalogue's entitlements
	quantities []int
	lo, hi     int // hundredths that may be used
	from, to   scalar.DateTime
	open       int // so many in a hundred have no end
}

// newGrants are the grants of a customer, one of each: running on for years, expired, nearly
// used up, a feature, and credits. The first two are of one definition as often
// as not.
func (c *calendar) newGrants() [][]grant {
	return [][]grant{
		{
			{0, []int{10_000, 100_000, 1_000_000}, 5, 85, c.months[0].from, c.liveUntil, 20},
			{1, []int{100, 500, 2_000}, 5, 85, c.months[1].from, c.liveLong, 20},
		},
		{
			{0, []int{10_000, 50_000}, 40, 100, c.months[0].from, c.months[midYear].from - 1_000_000, 0},
			{2, []int{1_000, 5_000}, 20, 100, c.months[0].from, c.months[4].from, 0},
		},
		{
			{1, []int{100, 250, 1_000}, 90, 100, c.months[2].from, c.liveUntil, 30},
			{0, []int{25_000}, 92, 99, c.months[midYear].from, c.at(2028, time.January, 1), 10},
		},
		{
			{4, nil, 0, 0, c.months[0].from, c.liveLong, 60},
			{5, []int{0}, 0, 0, c.months[0].from, c.months[4].from, 20},
		},
		{
			{3, []int{50, 100, 500}, 0, 100, c.months[midYear].from, c.liveUntil, 25},
			{2, []int{250, 500}, 0, 60, c.months[3].from, c.at(2029, time.December, 31), 25},
		},
	}
}

// addEntitlements adds the customer's five entitlement balances.
func (c *customer) addEntitlements() {
	for _, shapes := range c.grants {
		c.addEntitlement(pick(c.random, shapes))
	}
}

func (c *customer) addEntitlement(g grant) {
	definition := &c.catalogue.entitlements[g.definition]
	row := models.EntitlementBalance{
		ID: models.EntitlementBalanceID(c.uuid()), CustomerID: c.id, EntitlementID: new(definition.ID),
		ContractID: maybe(c.random, 50, pick(c.random, c.contracts)), ProductID: maybe(c.random, 60, pick(c.random, c.catalogue.products).ID),
		Name: definition.Name, Units: definition.Units, Type: definition.Type,
		ActiveFrom: maybe(c.random, 95, g.from), Event: maybe(c.random, 90, pick(c.random, []string{"Invoice", "Manual"})),
		SourceType: new("Grant"), SourceID: maybe(c.random, 70, c.uuid()), Status: maybe(c.random, 80, pick(c.random, []string{"active", "active", "active", "draft"})),
		CreatedAt: new(c.instantNear(g.from, 10)), UpdatedAt: c.updatedAt,
	}
	if !c.chance(g.open) {
		row.ExpiryAt = new(g.to)
	}
	if inv := pick(c.random, c.invoices); c.chance(25) && inv.status == models.InvoiceStatusFinalized {
		row.InvoiceID, row.InvoiceName, row.InvoiceNumber = new(inv.id), inv.name, inv.number
	}
	if g.quantities != nil {
		granted := pick(c.random, g.quantities)
		used := units(granted*c.between(g.lo, g.hi)) / 100
		if c.chance(30) && used > 0 {
			used -= scalar.Decimal(c.IntN(10)) * 100_000 // tenths of a unit
		}
		row.Quantity, row.QuantityUsed = new(units(granted)), new(max(0, used))
	}
	c.entitlementBalances = append(c.entitlementBalances, row)
}
