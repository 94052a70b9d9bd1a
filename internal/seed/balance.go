package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Amounts of balances, in cents.
var cents = []int{50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000}

// addBalances adds the customer's four balances: a prepaid commit, a postpaid
// commit, a credit, and one that differs from customer to customer.
func (c *customer) addBalances() {
	moved := c.addPrepaid()
	c.addPostpaid(2, models.USDCents)
	c.addCredit(3, models.USDCents)
	if moved != nil {
		c.addRolledOver(moved)
		return
	}
	switch c.IntN(8) {
	case 0, 1:
		c.addEuroCommit()
	case 2:
		c.addCredit(4, euroCents)
	case 3:
		c.addPostpaid(4, euroCents)
	case 4, 5:
		c.addSeatCredit()
	case 6:
		c.addOverdrawn()
	default:
		c.addArchived()
	}
}

// rolled is what a commit left to the next.
type rolled struct {
	from     models.BalanceID
	contract *models.ContractID
	amount   scalar.Decimal
}

func (c *customer) addPrepaid() *rolled {
	a := c.newAccount(1, models.BalanceTypePrepaidCommit, models.USDCents)
	a.commercial(35)
	amount := pick(c.random, cents)
	begin := c.IntN(2)
	first := a.segment(c.months[begin].from, c.months[midYear].from, amount)
	a.use(first, begin, midYear)
	if c.chance(25) {
		a.adjust(first)
	}
	if len(c.contracts) > 1 && c.chance(40) {
		a.row.RolloverFraction = new(pick(c.random, []float64{0.25, 0.5, 1}))
	}
	moved := a.end(first, first.to, a.row.RolloverFraction, c.contracts[len(c.contracts)-1])
	second := a.segment(c.months[midYear].from, c.liveUntil, amount)
	a.use(second, midYear, len(c.months))
	if c.chance(40) {
		a.adjust(second)
	}
	if c.chance(10) {
		a.add(seats, second, a.part(second.amount, 5, 20), c.months[4].from)
	}
	if c.chance(12) {
		a.segment(c.at(2027, time.January, 1), c.liveLong, amount)
	}
	a.schedule(false)
	a.finish()
	if moved == 0 {
		return nil
	}
	return &rolled{a.row.ID, a.row.ContractID, moved}
}

func (c *customer) addRolledOver(moved *rolled) {
	a := c.newAccount(4, models.BalanceTypePrepaidCommit, models.USDCents)
	a.row.Name, a.row.CreatedAt = new(c.dated("Rollover 2025")), new(c.months[midYear].from)
	a.row.ContractID = new(c.contracts[len(c.contracts)-1])
	a.row.RolledOverFromBalanceID, a.row.RolledOverFromContractID = new(moved.from), moved.contract
	s := a.segment(c.months[midYear].from, c.liveUntil, int(moved.amount/units(1)))
	a.use(s, midYear, len(c.months))
	a.finish()
}

// addPostpaid adds a commit that runs on for years, or one that has ended.
func (c *customer) addPostpaid(n int, creditType string) {
	a := c.newAccount(n, models.BalanceTypePostpaidCommit, creditType)
	a.commercial(60)
	amount := pick(c.random, cents) * 2
	if c.chance(14) {
		s := a.segment(c.months[0].from, c.months[midYear].from, amount)
		a.use(s, 0, midYear)
		a.settle(s)
	} else {
		s := a.segment(c.months[0].from, c.liveUntil, amount)
		a.use(s, 0, len(c.months))
		if c.chance(45) {
			a.adjust(s)
		}
	}
	a.schedule(true)
	a.finish()
}

// settle ends a postpaid commit: the rest is invoiced, forgiven or moved on.
func (a *account) settle(s *segment) {
	switch last := &a.invoices[0]; {
	case s.left <= 0:
	case a.chance(60):
		for i := range a.invoices {
			if a.invoices[i].month < midYear && a.invoices[i].status == models.InvoiceStatusFinalized {
				last = &a.invoices[i]
			}
		}
		a.onInvoice(a.add(trueup, s, -s.left, s.to), last)
	case a.chance(50):
		a.end(s, s.to, new(0.5), a.contracts[len(a.contracts)-1])
	default:
		a.end(s, s.to, nil, "")
	}
}

func (c *customer) addCredit(n int, creditType string) {
	a := c.newAccount(n, models.BalanceTypeCredit, creditType)
	amount := pick(c.random, cents) / 2
	begin := c.IntN(2)
	first := a.segment(c.months[begin].from, c.months[midYear].from, amount)
	a.use(first, begin, midYear)
	if c.chance(20) {
		a.adjust(first)
	}
	var rollover *float64
	if len(c.contracts) > 1 && c.chance(5) {
		rollover = new(0.5)
	}
	a.end(first, first.to, rollover, c.contracts[len(c.contracts)-1])
	second := a.segment(c.months[midYear].from, pick(c.random, []scalar.DateTime{c.liveUntil, c.liveLong}), amount)
	a.use(second, midYear, len(c.months))
	if c.chance(40) {
		a.adjust(second)
	}
	if c.chance(25) { // a gift for a summer
		third := a.segment(c.months[midYear].from, c.months[midYear+1].to, amount/10)
		a.end(third, third.to, nil, "")
	}
	a.finish()
}

func (c *customer) addEuroCommit() {
	a := c.newAccount(4, models.BalanceTypePrepaidCommit, euroCents)
	a.commercial(50)
	amount := pick(c.random, cents)
	for i := range 2 { // two years at once
		s := a.segment(c.months[3*i].from, c.liveUntil, amount)
		a.use(s, 3*i, 3*i+3)
		if c.chance(30) {
			a.adjust(s)
		}
	}
	a.schedule(false)
	a.finish()
}

func (c *customer) addSeatCredit() {
	a := c.newAccount(4, models.BalanceTypeCredit, models.USDCents)
	a.row.Name = new("Seat credits")
	a.row.SubscriptionConfig = &models.SubscriptionConfig{
		Allocation: new(pick(c.random, []string{"INDIVIDUAL", "POOLED"})), SubscriptionID: new(c.uuid()),
		ApplySeatIncreaseConfig: &models.SeatIncreaseConfig{IsProrated: new(c.chance(50))},
	}
	s := a.segment(c.months[0].from, c.liveUntil, pick(c.random, cents))
	for i := range c.between(1, 3) {
		a.add(seats, s, a.part(s.amount, 5, 15), a.instantNear(c.months[i+1].to, 25))
	}
	a.use(s, 0, len(c.months))
	a.finish()
}

// addOverdrawn adds a credit from which more was taken by hand than was left: what
// may be used of it is 0, not less.
func (c *customer) addOverdrawn() {
	a := c.newAccount(4, models.BalanceTypeCredit, models.USDCents)
	s := a.segment(c.months[0].from, c.liveUntil, pick(c.random, cents))
	a.use(s, 0, len(c.months))
	a.add(manual, s, -s.left-a.part(s.amount, 1, 30), a.instantNear(c.today+40*day, 30)).Reason = new("Written off: “fair use” exceeded")
	a.finish()
}

// addArchived adds a credit that was ended before its time.
func (c *customer) addArchived() {
	a := c.newAccount(4, models.BalanceTypeCredit, models.USDCents)
	a.row.ArchivedAt = new(a.instantNear(c.months[4].to, 20))
	s := a.segment(c.months[0].from, c.liveUntil, pick(c.random, cents))
	a.use(s, 0, midYear)
	a.end(s, *a.row.ArchivedAt, nil, "")
	a.finish()
}
