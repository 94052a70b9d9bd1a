package seed

import (
	"strconv"
	"strings"
	"time"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// lastDay is the day on which the data was as it is, where no other is asked for: the end
// of the last bill run's period. It is fixed, so that the rows are the same whenever they
// are made; balances run on for years after it.
var lastDay = midnight(2025, time.September, 30)

const (
	hour   scalar.DateTime = 3600 * 1e6
	day                    = 24 * hour
	minute                 = hour / 60
)

// midnight is the start of a day in UTC.
func midnight(year int, month time.Month, day int) scalar.DateTime {
	return scalar.DateTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).UnixMicro())
}

// A month is the period of a bill run, which ends on the day of the month on which the data
// ends, or on the month's last.
type month struct {
	name        string
	from, to    scalar.DateTime // to is the start of the next
	first, last scalar.Date
	start, end  scalar.LocalDateTime // the first and the last second
}

// A calendar is when all that is made up took place.
type calendar struct {
	today   scalar.DateTime // the day of the data
	shifted int             // months from lastDay's to today's
	texts   *strings.Replacer

	// months are those of which there are invoices, April to September as a rule. The bill
	// runs are of the last four.
	months []month

	catalogueDate scalar.DateTime // when the catalogue was last changed

	// Segments are live until one of these, far from the day of the data.
	liveUntil, liveLong scalar.DateTime
	grants              [][]grant
}

// newCalendar ends on a day.
func newCalendar(today scalar.DateTime) *calendar {
	end := time.UnixMicro(int64(today)).UTC()
	c := &calendar{today: today, shifted: (end.Year()-2025)*12 + int(end.Month()-time.September)}
	c.texts = strings.NewReplacer("2025", strconv.Itoa(end.Year()), "2029", strconv.Itoa(end.Year()+4))
	for ago := 5; ago >= 0; ago-- {
		from, to := monthEnd(end, ago+1)+day, monthEnd(end, ago)+day
		first, last := from.Date(), (to - day).Date()
		name := time.Date(end.Year(), end.Month()-time.Month(ago), 1, 0, 0, 0, 0, time.UTC).Format("January 2006")
		c.months = append(c.months, month{
			name: name, from: from, to: to, first: first, last: last,
			start: scalar.LocalDateTime(first) + "T00:00:00", end: scalar.LocalDateTime(last) + "T23:59:59",
		})
	}
	c.catalogueDate = c.at(2025, time.May, 12) + 9*hour
	c.liveUntil, c.liveLong = c.at(2029, time.July, 1), c.at(2031, time.January, 1)
	c.grants = c.newGrants()
	return c
}

// monthEnd is the last day of the period that ended some months before the one that ends
// on a day: the same day of its month, or the month's last.
func monthEnd(end time.Time, ago int) scalar.DateTime {
	last := time.Date(end.Year(), end.Month()-time.Month(ago)+1, 0, 0, 0, 0, 0, time.UTC)
	if end.AddDate(0, 0, 1).Day() == 1 {
		return midnight(last.Year(), last.Month(), last.Day())
	}
	return midnight(last.Year(), last.Month(), min(end.Day(), last.Day()))
}

// at is the day that has the place in the calendar which the given one has where the data
// ends on lastDay.
func (c *calendar) at(year int, month time.Month, day int) scalar.DateTime {
	return midnight(year, month+time.Month(c.shifted), day)
}

// dated is a text of 2025 with the year of the data.
func (c *calendar) dated(text string) string { return c.texts.Replace(text) }

// midYear is the place in months before which segments have ended.
const midYear = 3

// dayBetween is a day from one to another, both included.
func (r random) dayBetween(from, to scalar.DateTime) scalar.Date {
	return (from + day*scalar.DateTime(r.IntN(int((to-from)/day)+1))).Date()
}

// instantNear is an instant of a working day's hours some days before t.
func (r random) instantNear(t scalar.DateTime, days int) scalar.DateTime {
	return t - day*scalar.DateTime(r.between(1, days)) + hour*scalar.DateTime(r.between(8, 17)) +
		scalar.DateTime(r.IntN(int(hour)))
}
