package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
)

// A plan is a bundle, and what it includes.
type plan struct {
	id         models.InclusiveUsagePlanID
	name       string
	product    models.UsageProductID // 0: any
	boltOn     bool
	rollover   int // periods that what is left lives on
	components [2]component
}

// A component is an allowance of a plan.
type component struct {
	id         int64
	charging   models.ChargingType
	byValue    bool  // in pence
	allowances []int // of which an assignment has one; seconds, megabytes or events
	last       bool  // the window is that of the month before: what rolled over
}

// The plans by what they are for.
const (
	fusionPlan  = 6 // any product; the other base plans come before it, each for one
	firstBoltOn = 7
)

func plans() []plan {
	const (
		duration = models.ChargingTypeDuration
		mb       = models.ChargingTypeMb
		oneOff   = models.ChargingTypeOneOff
	)
	landline, mobile := []int{60_000, 180_000, 300_000}, []int{30_000, 60_000, 120_000}
	data, texts := []int{5_120, 20_480, 51_200, 102_400}, []int{250, 500, 1_000}
	money := []int{500, 2_500, 5_000, 10_000}
	list := []plan{
		{name: "Trunk 5000", product: 1, components: [2]component{{charging: duration, allowances: landline}, {charging: duration, allowances: mobile}}},
		{name: "Seat unlimited-ish", product: 3, components: [2]component{{charging: duration, allowances: landline}, {charging: duration, byValue: true, allowances: money}}},
		{name: "Mobile minutes & texts", product: 4, components: [2]component{{charging: duration, allowances: mobile}, {charging: oneOff, allowances: texts}}},
		{name: "Data share", product: 5, rollover: 1, components: [2]component{{charging: mb, allowances: data}, {charging: mb, allowances: data, last: true}}},
		{name: "IoT pool", product: 7, components: [2]component{{charging: mb, allowances: []int{50, 100, 250}}, {charging: oneOff, allowances: texts}}},
		{name: "Fibre fair use", product: 8, components: [2]component{{charging: mb, allowances: []int{512_000, 1_024_000}}, {charging: oneOff, allowances: []int{10, 25}}}},
		{name: "Fusion pool", components: [2]component{{charging: duration, allowances: landline}, {charging: mb, allowances: data}}},
		{name: "Bolt-on: Europe", boltOn: true, components: [2]component{{charging: mb, allowances: data}, {charging: duration, allowances: mobile}}},
		{name: "Bolt-on: £25 to spend", boltOn: true, components: [2]component{{charging: duration, byValue: true, allowances: money}, {charging: oneOff, byValue: true, allowances: money}}},
		{name: "Bolt-on: picture messages", boltOn: true, components: [2]component{{charging: oneOff, allowances: texts}, {charging: mb, allowances: []int{100, 512}}}},
	}
	for i := range list {
		p := &list[i]
		p.id = models.InclusiveUsagePlanID(i + 1)
		for j := range p.components {
			p.components[j].id = int64(p.id)*10 + int64(j+1)
			if p.components[j].last {
				p.components[j].id-- // another window of the component before
			}
		}
	}
	return list
}

func (p *plan) row(c *calendar) models.InclusiveUsagePlan {
	row := models.InclusiveUsagePlan{
		ID: p.id, Name: new(p.name), AvailableFrom: new(c.at(2022, time.April, 1).Date()), BoltOn: new(p.boltOn),
		TaxBandID: new(int64(1)), RolloverPeriods: new(p.rollover), Frequency: new("MONTHLY"), UpdatedAt: c.catalogueDate,
	}
	if p.product != 0 {
		row.UsageProductID, row.NominalCode = new(p.product), new("41"+digits(int(p.id), 2))
	}
	return row
}
