package seed

import "github.com/usagegraph/usagegraph/models"

// A layout is how a customer's plans reach its lines: which products the lines
// are of, and at which level the base plans are assigned.
type layout struct {
	products [sitesEach * inventoriesEach]models.UsageProductID
	pools    []pool
}

// A pool is the assignment of a plan, with the lines that it reaches: one figure
// for all of them.
type pool struct {
	plan  *plan
	level models.AssignmentLevel
	lines []int // in order, counted from 0
}

// layout makes up the lines and assignments of a customer.
func (c *customer) layout() layout {
	var l layout
	switch n := c.IntN(4); {
	case n == 0 && c.id != demo: // one pool for all lines, of any product
		c.anyProducts(&l)
		l.pools = append(l.pools, c.pool(fusionPlan, models.AssignmentLevelCustomer, 0, 1, 2, 3, 4, 5, 6, 7, 8))
	case n == 1 && c.id != demo: // a pool for each site, of any product
		c.anyProducts(&l)
		for s := 0; s < len(l.products); s += inventoriesEach {
			l.pools = append(l.pools, c.pool(fusionPlan, models.AssignmentLevelSite, s, s+1, s+2))
		}
	default: // the first line of each site shares with the other sites, the others in their site or not
		c.mixed(&l)
	}
	for i := range l.products {
		if c.chance(39) {
			l.pools = append(l.pools, c.pool(firstBoltOn+c.IntN(3), models.AssignmentLevelInventory, i))
		}
	}
	return l
}

func (c *customer) pool(plan int, level models.AssignmentLevel, lines ...int) pool {
	return pool{&c.catalogue.plans[plan], level, lines}
}

func (c *customer) anyProducts(l *layout) {
	for i := range l.products {
		l.products[i] = models.UsageProductID(c.between(1, len(c.catalogue.usageProducts)))
	}
}

func (c *customer) mixed(l *layout) {
	plans := c.catalogue.plans
	shared := c.IntN(2) // trunks or seats
	l.pools = append(l.pools, c.pool(shared, models.AssignmentLevelCustomer, 0, 3, 6))
	for s := 0; s < len(l.products); s += inventoriesEach {
		l.products[s] = plans[shared].product
		own := c.between(2, fusionPlan-1)
		l.products[s+1], l.products[s+2] = plans[own].product, plans[own].product
		if c.chance(60) || c.id == demo && s == 0 {
			l.pools = append(l.pools, c.pool(own, models.AssignmentLevelSite, s+1, s+2))
			continue
		}
		l.pools = append(l.pools,
			c.pool(own, models.AssignmentLevelInventory, s+1), c.pool(own, models.AssignmentLevelInventory, s+2))
	}
}

// assignmentsEach bounds the assignments of a customer, for their numbers.
const assignmentsEach = 20

// addUsage adds a balance for each line in each bill run, with what reaches it.
func (c *customer) addUsage(l layout, lines []*models.UsageProductInventory) {
	for r, m := range c.months[2:] {
		for _, line := range lines {
			c.usageBalances = append(c.usageBalances, models.InclusiveUsageBalance{
				BillRunID: models.BillRunID(r + 1), UsageProductInventoryID: line.ID, CustomerID: c.id, SiteID: line.SiteID,
				PeriodStartDate: new(m.first), PeriodEndDate: new(m.last), UpdatedAt: c.updatedAt,
			})
		}
	}
	for i, p := range l.pools {
		row := models.InclusiveUsageAssignment{
			AssignmentID: int64(c.id-1)*assignmentsEach + int64(i+1), CustomerID: c.id,
			AssignmentLevel: p.level, InclusiveUsagePlanID: new(p.plan.id),
			AssignmentStartDate: new(c.dayBetween(c.months[0].from-90*day, c.months[0].to)),
			AssignmentEndDate:   maybe(c.random, 15, c.dayBetween(c.today, c.today+400*day)),
		}
		allowances := [2]int{pick(c.random, p.plan.components[0].allowances), pick(c.random, p.plan.components[1].allowances)}
		for run := range c.months[2:] {
			c.addPool(p, row, run, allowances, lines)
		}
	}
}

// addPool adds an assignment in a bill run to all lines that it reaches, each with
// the same figures.
func (c *customer) addPool(p pool, row models.InclusiveUsageAssignment, run int, allowances [2]int, lines []*models.UsageProductInventory) {
	row.BillRunID = models.BillRunID(run + 1)
	var parts [2]models.InclusiveUsageComponent
	for i, part := range p.plan.components {
		window := c.months[2+run]
		if part.last {
			window = c.months[1+run]
		}
		parts[i] = models.InclusiveUsageComponent{
			BillRunID: row.BillRunID, AssignmentID: row.AssignmentID, ComponentID: part.id, CustomerID: c.id,
			StartDate: window.start, EndDate: maybe(c.random, 97, window.end), ByValue: part.byValue, ChargingType: part.charging,
			Allowance: units(allowances[i]), Remaining: units(c.left(allowances[i])),
		}
	}
	for _, i := range p.lines {
		row.UsageProductInventoryID = lines[i].ID
		c.assignments = append(c.assignments, row)
		for _, part := range parts {
			part.UsageProductInventoryID = row.UsageProductInventoryID
			c.components = append(c.components, part)
		}
	}
}

// left is what may be left of an allowance: often something, sometimes nothing or
// all of it.
func (c *customer) left(allowance int) int {
	switch n := c.IntN(20); {
	case n < 2:
		return 0
	case n < 4:
		return allowance
	case n < 6: // nearly used
		return c.IntN(max(1, allowance/10))
	default:
		return c.IntN(allowance + 1)
	}
}
