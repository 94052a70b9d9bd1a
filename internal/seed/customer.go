package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// A customer is one in the making. All numbers of its rows follow from its own,
// so that customers do not depend on each other.
type customer struct {
	random
	*batch
	*calendar
	catalogue *catalogue
	id        scalar.CustomerID
	kind      models.CustomerType
	name      string
	slug      string
	start     scalar.DateTime
	updatedAt scalar.DateTime
	contracts []models.ContractID
	invoices  []invoice
}

// demo is the customer that examples show. Its balances are those of the customer
// as a whole, which a list shows unless it is asked for others.
const demo scalar.CustomerID = 1

func newCustomer(b *batch, c *catalogue, seed uint64, id scalar.CustomerID) *customer {
	// Spread over 30 days, so that a page by time of change has something to choose.
	ago := minute * scalar.DateTime(uint64(id)*7919%43_200)
	return &customer{random: newRandom(seed, id), batch: b, calendar: c.calendar, catalogue: c, id: id, updatedAt: c.today + 12*hour - ago}
}

// make adds all rows of the customer to the batch.
func (c *customer) make() {
	c.addCustomer()
	c.addContracts()
	c.addInvoices()
	var lines []*models.UsageProductInventory
	lay := c.layout()
	for i := range sitesEach {
		lines = append(lines, c.addSite(i, lay)...)
	}
	c.addUsage(lay, lines)
	c.addBalances()
	c.addEntitlements()
}

func (c *customer) addCustomer() {
	c.kind, c.name = c.whoever()
	if c.id == demo {
		c.kind, c.name = models.CustomerTypeBusiness, "Hollowbrook Bakeries Ltd"
	}
	c.slug = slug(c.name)
	c.start = c.at(2019, time.January, 1) + day*scalar.DateTime(c.IntN(6*365))
	row := models.Customer{
		ID: c.id, Name: new(c.name), AccountNumber: new(string(c.kind[:2]) + digits(int(c.id), 6)), Type: new(c.kind),
		StartDate: new(c.start.Date()), CreatedAt: new(c.instantNear(c.start, 30)), UpdatedAt: c.updatedAt,
		Email: maybe(c.random, 92, "billing@"+c.slug+".example"),
	}
	if c.chance(4) && c.id != demo {
		row.EndDate = new(c.dayBetween(c.today, c.today+120*day))
	}
	c.customers = append(c.customers, row)
	if id := c.uuid(); c.chance(90) || c.id == demo {
		c.externalIDs = append(c.externalIDs, models.ExternalID{System: "metronome", Value: id, CustomerID: c.id})
	}
	if id := c.uuid(); c.chance(75) || c.id == demo {
		c.externalIDs = append(c.externalIDs, models.ExternalID{System: "zenskar", Value: id, CustomerID: c.id})
	}
}

// whoever makes up a kind of customer and a name for it.
func (c *customer) whoever() (models.CustomerType, string) {
	company := pick(c.random, houses) + " " + pick(c.random, trades) + " " + pick(c.random, forms)
	person := pick(c.random, given) + " " + pick(c.random, surnames)
	switch n := c.IntN(100); {
	case n < 70:
		return models.CustomerTypeBusiness, company
	case n < 78:
		return models.CustomerTypeReseller, company
	case n < 97:
		return models.CustomerTypeResidential, person
	default:
		return models.CustomerTypeStaffMember, person
	}
}

func (c *customer) addContracts() {
	c.contracts = c.contracts[:0]
	for i := range 1 + c.IntN(2) {
		id := models.ContractID(c.uuid())
		c.contracts = append(c.contracts, id)
		c.batch.contracts = append(c.batch.contracts, models.Contract{
			ID: id, CustomerID: c.id, UpdatedAt: c.updatedAt,
			Name: maybe(c.random, 85, c.dated([]string{"Platform agreement 2025", "Enterprise plan 2025–2029"}[i])),
		})
	}
}
