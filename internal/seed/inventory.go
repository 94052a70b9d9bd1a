package seed

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// addInventory adds the customer's line of that number, counted from 0, with its
// references.
func (c *customer) addInventory(i int, site models.SiteID, where town, product models.UsageProductID) *models.UsageProductInventory {
	n := int(c.id-1)*sitesEach*inventoriesEach + i + 1
	row := models.UsageProductInventory{
		ID: models.UsageProductInventoryID(n), CustomerID: c.id, SiteID: site, UsageProductID: product,
		StartDate:                     c.dayBetween(c.start, c.months[1].from),
		SupplierAccountID:             maybe(c.random, 70, int64(c.between(1, 8))),
		BillByServiceID:               c.chance(5),
		ServiceID:                     maybe(c.random, 80, "SVC"+digits(n, 8)),
		Billable:                      !c.chance(3),
		ExternalOrderReference:        maybe(c.random, 30, "PO-"+digits(c.IntN(100_000), 5)),
		ExternalNetworkOrderReference: maybe(c.random, 15, "ONEA"+digits(c.IntN(100_000_000), 8)),
		ApplySurcharges:               c.chance(10),
		TripwirePlanID:                maybe(c.random, 25, int64(c.between(1, 4))),
		UpdatedAt:                     c.updatedAt,
	}
	if c.chance(6) {
		row.EndDate = new(c.dayBetween(c.today, c.today+365*day))
	}
	if c.chance(4) {
		row.InFlightOrder = true
		if row.EndDate == nil {
			row.PendingEndDate = maybe(c.random, 50, c.dayBetween(c.today+10*day, c.today+90*day))
		}
	}
	if c.chance(35) {
		row.UsageCapEnabled = true
		row.DefaultUsageCap = maybe(c.random, 90, units(c.between(2, 40)*500))
		row.OverrideUsageCap = maybe(c.random, 15, units(c.between(20, 60)*500))
	}
	c.inventories = append(c.inventories, row)
	for j := range 1 + c.IntN(4)/3 { // every fourth has two
		c.addReference(2*n-1+j, j == 0, &row, where)
	}
	return &row
}

func (c *customer) addReference(id int, primary bool, line *models.UsageProductInventory, where town) {
	number := where.number
	switch line.UsageProductID {
	case 4, 5, 6, 7: // mobiles
		number = "07700900"
	case 9: // freephone
		number = "08081570"
	}
	number += digits(c.IntN(1000), 3)
	ref := models.ProductReference{
		ID: models.ProductReferenceID(id), CustomerID: c.id, UsageProductInventoryID: line.ID, ProductReference: number,
		Primary: primary && !c.chance(2), Label: maybe(c.random, 75, pick(c.random, labels)),
		CostCentreCode: maybe(c.random, 40, "CC"+digits(c.between(100, 999), 3)), DepartmentCode: maybe(c.random, 30, pick(c.random, departments)),
		StartDate: maybe(c.random, 60, line.StartDate), EndDate: line.EndDate,
	}
	if c.chance(30) {
		first := pick(c.random, given)
		ref.UserID, ref.UserEmail = new("u"+number[5:]), new(slug(first)+"@"+c.slug+".example")
	}
	if c.chance(3) {
		ref.Notes = new("Ported in; keep the “old” number until " + string(c.dayBetween(c.today, c.today+60*day)) + ".")
	}
	c.references = append(c.references, ref)
}

// units is a whole number as a Decimal.
func units(n int) scalar.Decimal { return scalar.Decimal(n) * 1_000_000 }
