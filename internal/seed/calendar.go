package seed

import (
	"time"

	"github.com/usagegraph/usagegraph/models"
)

// The day on which the data was as it is: the end of the last bill run's period.
// It is fixed, so that the rows are the same whenever they are made; balances run
// on for years after it, so that a demo shows live ones.
var today = midnight(2025, time.September, 30)

const (
	hour   models.DateTime = 3600 * 1e6
	day                    = 24 * hour
	minute                 = hour / 60
)

// midnight is the start of a day in UTC.
func midnight(year int, month time.Month, day int) models.DateTime {
	return models.DateTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).UnixMicro())
}

// A month of the year in which the usage took place.
type month struct {
	name        string
	from, to    models.DateTime // to is the start of the next
	first, last models.Date
	start, end  models.LocalDateTime // the first and the last second
}

func newMonth(m time.Month) month {
	from, to := midnight(2025, m, 1), midnight(2025, m+1, 1)
	first, last := from.Date(), (to - day).Date()
	return month{
		name: m.String() + " 2025", from: from, to: to, first: first, last: last,
		start: models.LocalDateTime(first) + "T00:00:00", end: models.LocalDateTime(last) + "T23:59:59",
	}
}

// months are those of which there are invoices, April to September. The bill runs
// are of the last four.
var months = []month{
	newMonth(time.April), newMonth(time.May), newMonth(time.June),
	newMonth(time.July), newMonth(time.August), newMonth(time.September),
}

// midYear is the place in months before which segments have ended.
const midYear = 3

// dayBetween is a day from one to another, both included.
func (r random) dayBetween(from, to models.DateTime) models.Date {
	return (from + day*models.DateTime(r.IntN(int((to-from)/day)+1))).Date()
}

// instantNear is an instant of a working day's hours some days before t.
func (r random) instantNear(t models.DateTime, days int) models.DateTime {
	return t - day*models.DateTime(r.between(1, days)) + hour*models.DateTime(r.between(8, 17)) +
		models.DateTime(r.IntN(int(hour)))
}
