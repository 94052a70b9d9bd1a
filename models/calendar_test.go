package models

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// TestBorders cuts days on which clocks change, in zones of all sorts.
func TestBorders(t *testing.T) {
	tests := []struct {
		name, zone  string
		granularity Granularity
		from, to    string
		want        string // instants in UTC, the year left out
	}{
		{"days in UTC", "UTC", GranularityDay, "2025-03-01T00:00:00Z", "2025-03-03T00:00:00Z", "03-01T00:00 03-02T00:00 03-03T00:00"},
		{"parts at both ends", "UTC", GranularityDay, "2025-03-01T11:00:00Z", "2025-03-02T12:00:00Z", "03-01T11:00 03-02T00:00 03-02T12:00"},
		{"a day of 23 hours", "Europe/London", GranularityDay, "2025-03-30T00:00:00Z", "2025-04-01T00:00:00+01:00", "03-30T00:00 03-30T23:00 03-31T23:00"},
		{"a day of 25 hours", "Europe/London", GranularityDay, "2025-10-26T00:00:00+01:00", "2025-10-28T00:00:00Z", "10-25T23:00 10-27T00:00 10-28T00:00"},
		{"an hour that comes twice", "Europe/London", GranularityHour, "2025-10-26T00:30:00+01:00", "2025-10-26T02:00:00Z", "10-25T23:30 10-26T00:00 10-26T01:00 10-26T02:00"},
		{"an hour that is skipped", "America/New_York", GranularityHour, "2025-03-09T01:00:00-05:00", "2025-03-09T04:00:00-04:00", "03-09T06:00 03-09T07:00 03-09T08:00"},
		{"half an hour back", "Australia/Lord_Howe", GranularityHour, "2025-04-05T14:00:00Z", "2025-04-05T16:30:00Z", "04-05T14:00 04-05T15:00 04-05T15:30 04-05T16:30"},
		{"half an hour on", "Australia/Lord_Howe", GranularityHour, "2025-10-04T14:30:00Z", "2025-10-04T17:00:00Z", "10-04T14:30 10-04T15:30 10-04T16:00 10-04T17:00"},
		{"hours of a zone of 45 minutes", "Asia/Kathmandu", GranularityHour, "2025-01-01T00:00:00Z", "2025-01-01T02:00:00Z", "01-01T00:00 01-01T00:15 01-01T01:15 01-01T02:00"},
		{"a midnight that is skipped", "America/Havana", GranularityDay, "2025-03-08T12:00:00Z", "2025-03-10T12:00:00Z", "03-08T12:00 03-09T05:00 03-10T04:00 03-10T12:00"},
		{"a midnight that comes twice", "America/Havana", GranularityDay, "2025-11-01T12:00:00Z", "2025-11-03T12:00:00Z", "11-01T12:00 11-02T04:00 11-03T05:00 11-03T12:00"},
		{"a day that is skipped", "Pacific/Apia", GranularityDay, "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z", "12-29T10:00 12-30T10:00 12-31T10:00 01-01T10:00"},
		{"weeks begin on Monday", "UTC", GranularityWeek, "2025-01-01T00:00:00Z", "2025-01-14T00:00:00Z", "01-01T00:00 01-06T00:00 01-13T00:00 01-14T00:00"},
		{"a week from Monday", "UTC", GranularityWeek, "2025-01-06T00:00:00Z", "2025-01-13T00:00:00Z", "01-06T00:00 01-13T00:00"},
		{"months", "Europe/Berlin", GranularityMonth, "2024-12-31T23:00:00Z", "2025-05-01T00:00:00+02:00", "12-31T23:00 01-31T23:00 02-28T23:00 03-31T22:00 04-30T22:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from, _ := scalar.ParseDateTime(tt.from)
			to, _ := scalar.ParseDateTime(tt.to)
			borders, err := Borders(from, to, tt.granularity, tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(borders))
			for i, border := range borders {
				got[i] = border.Time().Format("01-02T15:04")
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), tt.want)
			}
		})
	}
}

// TestBordersOfAnyZone holds what borders are: they ascend, all but the ends show a
// full hour or the first time of a day, and no full hour or day lacks one.
func TestBordersOfAnyZone(t *testing.T) {
	zones := []string{"UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Antarctica/Troll", "America/Sao_Paulo"}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		granularity := rapid.SampledFrom([]Granularity{GranularityHour, GranularityDay}).Draw(t, "granularity")
		from := scalar.DateTime(rapid.Int64Range(0, 1_900_000_000).Draw(t, "from") * 1e6)
		to := from + scalar.DateTime(rapid.Int64Range(1, 900*3600).Draw(t, "seconds")*1e6)
		borders, err := Borders(from, to, granularity, zone)
		if err != nil {
			t.Fatal(err)
		}
		for i, border := range borders[1:] {
			if border <= borders[i] {
				t.Fatalf("%s does not come after %s", border, borders[i])
			}
			here := border.Time().In(location)
			just := here.Add(-time.Microsecond)
			if full := sinceHour(here) == 0; granularity == GranularityHour && !full && border != to {
				t.Fatalf("%s is no full hour", here)
			}
			if granularity == GranularityDay && border != to && here.YearDay() == just.YearDay() {
				t.Fatalf("%s begins no day", here)
			}
			if last := borders[i].Time().In(location); granularity == GranularityDay && just.Year()*1000+just.YearDay() > last.Year()*1000+last.YearDay() {
				t.Fatalf("from %s to %s is more than a day", last, just)
			}
			if granularity == GranularityHour && border-borders[i] > 3600*1e6 {
				t.Fatalf("from %s to %s is more than an hour", borders[i], border)
			}
		}
	})
}

// TestBordersRefuse wants clear errors for what can't be cut.
func TestBordersRefuse(t *testing.T) {
	for want, test := range map[string]struct {
		from, to scalar.DateTime
		zone     string
	}{
		"timeZone": {0, 1, "Local"}, "no IANA": {0, 1, ""}, "of this name": {0, 1, "../etc/passwd"}, "before to": {1, 1, "UTC"}, "more than 1000": {0, 1001 * 3600 * 1e6, "UTC"},
	} {
		if _, err := Borders(test.from, test.to, GranularityHour, test.zone); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", test, err, want)
		}
	}
	if borders, err := Borders(0, 1000*3600*1e6, GranularityHour, "UTC"); err != nil || len(borders) != 1001 {
		t.Errorf("1,000 windows: %d borders, %v", len(borders), err)
	}
}
