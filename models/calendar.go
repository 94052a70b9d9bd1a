package models

import (
	"time"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// MaxWindows bounds the windows of a history.
const MaxWindows = 1000

// Borders cuts the time from one instant to another at the full hours, midnights,
// Mondays or months of a time zone, also where its clocks change. The two instants
// are the first and the last border. The error is BAD_USER_INPUT.
func Borders(from, to scalar.DateTime, granularity Granularity, zone string) ([]scalar.DateTime, error) {
	location, err := scalar.Zone(zone)
	if err != nil {
		return nil, err
	}
	if !granularity.IsValid() {
		return nil, fault.Invalid("granularity: there is no %q", scalar.Cut(string(granularity)))
	}
	if from >= to {
		return nil, fault.Invalid("from: it must be before to")
	}
	borders := []scalar.DateTime{from}
	for at := from; at < to; {
		if len(borders) > MaxWindows {
			return nil, fault.Invalid("granularity: there are more than %d windows from %s to %s", MaxWindows, from, to)
		}
		at = min(to, scalar.DateTime(next(at.Time().In(location), granularity).UnixMicro()))
		borders = append(borders, at)
	}
	return borders, nil
}

// next is the first border after t, in t's zone.
func next(t time.Time, granularity Granularity) time.Time {
	year, month, day := t.Date()
	switch granularity {
	case GranularityHour:
		return nextHour(t)
	case GranularityDay:
		day++
	case GranularityWeek:
		day += 7 - (int(t.Weekday())+6)%7
	case GranularityMonth:
		month, day = month+1, 1
	}
	border := midnight(year, month, day, t.Location())
	if !border.After(t) { // a midnight that comes twice
		border = midnight(year, month, day+1, t.Location())
	}
	return border
}

// nextHour is the next instant at which the clock shows a full hour. It may be less
// than an hour away where the clocks change by less.
func nextHour(t time.Time) time.Time {
	full := t.Add(time.Hour - sinceHour(t))
	if _, change := t.ZoneBounds(); !change.IsZero() && change.Before(full) {
		if sinceHour(change) == 0 {
			return change
		}
		return nextHour(change)
	}
	return full
}

// sinceHour is how long ago the clock showed a full hour.
func sinceHour(t time.Time) time.Duration {
	return time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// midnight is where a day begins: the first instant at which the clock shows its
// midnight, or the one at which the clocks skip it.
func midnight(year int, month time.Month, day int, location *time.Location) time.Time {
	utc := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	before := utc.Add(-36 * time.Hour).In(location) // in every zone a time before that midnight
	for {
		_, offset := before.Zone()
		_, change := before.ZoneBounds()
		at := utc.Add(-time.Duration(offset) * time.Second)
		if change.IsZero() || at.Before(change) {
			if at.Before(before) {
				return before // the change that skipped it
			}
			return at.In(location)
		}
		before = change.In(location)
	}
}
