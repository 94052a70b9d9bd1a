package seed

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

const (
	sitesEach       = 3 // of a customer
	inventoriesEach = 3 // of a site
)

// addSite adds a site of the customer, with its inventories.
func (c *customer) addSite(i int, lay layout) []*models.UsageProductInventory {
	where := pick(c.random, towns)
	kind := siteKinds[0]
	if i > 0 {
		kind = pick(c.random, siteKinds[1:])
	}
	start := c.start
	if i > 0 {
		start += day * scalar.DateTime(c.IntN(100))
	}
	site := models.Site{
		ID: models.SiteID(int(c.id-1)*sitesEach + i + 1), CustomerID: c.id, Name: new(where.name + " " + kind),
		Reference: maybe(c.random, 88, where.area+"-"+digits(c.IntN(1000), 3)), StartDate: new(start.Date()),
		CreatedAt: new(c.instantNear(start, 20)), UpdatedAt: c.updatedAt,
	}
	if c.chance(3) {
		site.EndDate = new(c.dayBetween(c.today, c.today+180*day))
	}
	if c.chance(95) {
		c.address(&site, where)
	}
	c.sites = append(c.sites, site)
	var lines []*models.UsageProductInventory
	for j := range inventoriesEach {
		lines = append(lines, c.addInventory(i*inventoriesEach+j, site.ID, where, lay.products[i*inventoriesEach+j]))
	}
	return lines
}

func (c *customer) address(s *models.Site, where town) {
	s.BusinessName = new(c.name)
	s.Address1 = new(digits(c.between(10, 99), 2) + " " + pick(c.random, streets))
	s.Address2 = maybe(c.random, 20, "Unit "+string(rune('A'+c.IntN(8))))
	s.Town, s.Country = new(where.name), new("GB")
	if where.county != "" {
		s.County = new(where.county)
	}
	// No postcode ends in these letters, so none of these is anyone's.
	s.Postcode = new(where.area + digits(c.between(1, 9), 1) + " " + digits(c.IntN(10), 1) + pick(c.random, []string{"CV", "KM", "OI", "VC"}))
}
