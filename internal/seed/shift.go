package seed

import (
	"regexp"
	"time"

	"github.com/usagegraph/usagegraph/models/scalar"
)

var dates = regexp.MustCompile(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}`)

// Shift moves the dates in a text from data without a date to data that ends on one: each
// to a day of the same bill run's period, or as many months on.
func Shift(text string, date scalar.Date) string {
	today, err := Options{Date: date}.today()
	if err != nil {
		return text
	}
	from, to := newCalendar(lastDay), newCalendar(today)
	return dates.ReplaceAllStringFunc(text, func(found string) string {
		at, err := time.Parse(time.DateOnly, found)
		if err != nil {
			return found
		}
		return string(to.moved(scalar.DateTime(at.UnixMicro()), from).Date())
	})
}

// moved is a day of another calendar in this one: as far from the end of its period, but for
// the first of one.
func (c *calendar) moved(at scalar.DateTime, other *calendar) scalar.DateTime {
	for i, m := range other.months {
		if m.from <= at && at < m.to {
			if at == m.from {
				return c.months[i].from
			}
			return max(c.months[i].to-(m.to-at), c.months[i].from)
		}
	}
	if end := len(c.months) - 1; at == other.months[end].to {
		return c.months[end].to
	}
	there := time.UnixMicro(int64(at)).UTC()
	return c.at(there.Year(), there.Month(), there.Day())
}
