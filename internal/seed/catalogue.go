package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// The catalogue is what all customers share.
type catalogue struct {
	*calendar
	usageProducts []models.UsageProduct
	plans         []plan
	billRuns      []models.BillRun
	products      []models.Product
	creditTypes   []models.CreditType
	entitlements  []models.Entitlement
}

func newCatalogue(seed uint64, c *calendar) *catalogue {
	r := newRandom(seed, 0)
	return &catalogue{
		calendar:      c,
		usageProducts: usageProducts(c),
		plans:         plans(),
		billRuns:      billRuns(c),
		products:      products(r),
		creditTypes:   []models.CreditType{{ID: models.USDCents, Name: new("USD (cents)")}, {ID: euroCents, Name: new("EUR (cents)")}},
		entitlements:  entitlements(c, r),
	}
}

// euroCents is the other credit type.
const euroCents = "8f1c5b0e-6f0a-4b57-9d2e-3a41c7e0d952"

func (c *catalogue) addTo(b *batch) {
	b.usageProducts, b.billRuns, b.products = c.usageProducts, c.billRuns, c.products
	b.creditTypes, b.entitlements = c.creditTypes, c.entitlements
	for _, p := range c.plans {
		b.plans = append(b.plans, p.row(c.calendar))
	}
}

func usageProducts(c *calendar) (rows []models.UsageProduct) {
	for i, p := range []struct {
		name      string
		category  int64
		direction string // "" where both
		end       *scalar.Date
		byRange   bool
	}{
		{"SIP trunk", 1, "OUTBOUND", nil, true},
		{"SIP trunk inbound", 1, "INBOUND", nil, true},
		{"Hosted seat", 1, "OUTBOUND", nil, false},
		{"Mobile voice", 2, "OUTBOUND", nil, false},
		{"Mobile data", 2, "", nil, false},
		{"Text messages", 2, "OUTBOUND", nil, false},
		{"IoT SIM", 3, "", nil, false},
		{"Fibre broadband", 4, "", nil, false},
		{"Freephone number", 1, "INBOUND", nil, true},
		{"Conference bridge", 1, "INBOUND", nil, false},
		{"Analogue line", 1, "OUTBOUND", new(c.at(2025, time.December, 31).Date()), false},
		{"Café Wi-Fi", 4, "", nil, false},
	} {
		row := models.UsageProduct{
			ID: models.UsageProductID(i + 1), Name: new(p.name), UsageProductCategoryID: new(p.category),
			AvailableFrom: new(c.at(2021, time.January, 1).Date()), AvailableTo: p.end,
			ProductReferenceCanBeRange: new(p.byRange), ServiceIDRequired: new(p.category == 4), UpdatedAt: c.catalogueDate,
		}
		if p.direction != "" {
			row.Direction, row.NominalCode = new(p.direction), new("40"+digits(i+1, 2))
		}
		rows = append(rows, row)
	}
	return rows
}

func billRuns(c *calendar) (rows []models.BillRun) {
	status := []models.BillRunStatus{
		models.BillRunStatusFinalized, models.BillRunStatusFinalized, models.BillRunStatusClosed, models.BillRunStatusOpen,
	}
	for i, m := range c.months[2:] {
		row := models.BillRun{
			ID: models.BillRunID(i + 1), Name: new(m.name), BillingCycleID: new(int64(1)),
			PeriodStartDate: new(m.first), PeriodEndDate: new(m.last), Status: new(status[i]),
			InvoiceDate: new((m.to + 2*day).Date()), IncludeUsageUntilDate: new(m.last),
			Parallel: new(false), Paused: new(false), CreatedAt: new(m.from + 6*hour), UpdatedAt: min(m.to+3*day, c.today+12*hour),
		}
		if status[i] != models.BillRunStatusOpen {
			row.SummaryStatus = new("FINISHED")
		}
		rows = append(rows, row)
	}
	return rows
}

func products(r random) (rows []models.Product) {
	for _, name := range []string{"Platform commit", "Usage credits", "API access", "Storage", "Support", "Analytics"} {
		rows = append(rows, models.Product{ID: r.uuid(), Name: new(name)})
	}
	return rows
}

func entitlements(c *calendar, r random) (rows []models.Entitlement) {
	for _, e := range []struct {
		name, description, units string
		kind                     models.EntitlementType
		active                   bool
	}{
		{"API calls", "Calls of the public API", "calls", models.EntitlementTypeQuantity, true},
		{"Storage", "Space for recordings", "GB", models.EntitlementTypeQuantity, true},
		{"Text messages", "Messages to any network", "messages", models.EntitlementTypeQuantity, true},
		{"Promotional credits", "Off the next invoices", "USD", models.EntitlementTypeCredits, true},
		{"Priority support", "An answer within the hour", "", models.EntitlementTypeFeature, true},
		{"Call recording (old)", "", "", models.EntitlementTypeFeature, false},
	} {
		row := models.Entitlement{
			ID: models.EntitlementID(r.uuid()), Name: new(e.name), Type: new(e.kind), IsActive: new(e.active), UpdatedAt: c.catalogueDate,
		}
		if e.description != "" {
			row.Description = new(e.description)
		}
		if e.units != "" {
			row.Units = new(e.units)
		}
		rows = append(rows, row)
	}
	return rows
}
