package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// TestRowsStayTheSame holds that rows without a date are those of all releases, to the byte.
func TestRowsStayTheSame(t *testing.T) {
	sum := sha256.Sum256([]byte(strings.Join(dump(t, generate(1, 300)), "\n")))
	if got := hex.EncodeToString(sum[:]); got != "048488a33caabd78a6f480f9d80cadf4eb0028f4ec90f809ed4ec3ecc3da4bf2" {
		t.Errorf("the rows have the digest %s", got)
	}
}

// TestDate ends data on days of all kinds: the last bill run's period ends on the day, each
// period begins after the one before, and nothing else is another than without a date but
// dates, and texts that have them.
func TestDate(t *testing.T) {
	for date, firsts := range map[string][]scalar.Date{
		"2025-09-30": {"2025-04-01", "2025-05-01", "2025-06-01", "2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01"},
		"2026-11-30": {"2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01"},
		"2026-11-12": {"2026-05-13", "2026-06-13", "2026-07-13", "2026-08-13", "2026-09-13", "2026-10-13", "2026-11-13"},
		"2026-03-30": {"2025-10-01", "2025-10-31", "2025-12-01", "2025-12-31", "2026-01-31", "2026-03-01", "2026-03-31"},
		"2028-02-29": {"2027-09-01", "2027-10-01", "2027-11-01", "2027-12-01", "2028-01-01", "2028-02-01", "2028-03-01"},
		"2028-02-28": {"2027-08-29", "2027-09-29", "2027-10-29"},
		"2024-01-01": {"2023-07-02", "2023-08-02"},
	} {
		today, err := Options{Date: scalar.Date(date)}.today()
		if err != nil {
			t.Fatal(err)
		}
		c := newCalendar(today)
		for i, first := range firsts {
			if i == len(c.months) && c.months[i-1].to.Date() != first || i < len(c.months) && c.months[i].first != first {
				t.Errorf("%s: period %d begins on %s, want %s", date, i, c.months[min(i, 5)].first, first)
			}
		}
		for i := range c.months[1:] {
			if c.months[i].to != c.months[i+1].from || c.months[i].from >= c.months[i].to {
				t.Errorf("%s: %v, then %v", date, c.months[i], c.months[i+1])
			}
		}
		b := generateTo(today, 1, 50)
		if got := *b.billRuns[3].PeriodEndDate; got != scalar.Date(date) || len(b.billRuns) != 4 {
			t.Errorf("%s: the last bill run ends on %s", date, got)
		}
		for _, customer := range b.customers {
			if customer.UpdatedAt > today+12*hour {
				t.Errorf("%s: %s was changed at %s", date, customer.ID, customer.UpdatedAt)
			}
		}
		if plain := generate(1, 50); b.rows() != plain.rows() && plain.rows()-b.rows() > 30 {
			t.Errorf("%s: %d rows, not about %d", date, b.rows(), plain.rows())
		}
		if year := strings.Join(dump(t, b), "\n"); date[:4] > "2030" && strings.Contains(year, "2025") {
			t.Errorf("%s: there is 2025", date)
		}
	}
	for _, date := range []scalar.Date{"2025-02-30", "x", "1989-12-31", "2201-01-01"} {
		if _, err := (Options{Customers: 1, Date: date}).today(); err == nil {
			t.Errorf("%s is taken", date)
		}
	}
}

// TestShift moves dates in texts to the same place of data that ends on another day.
func TestShift(t *testing.T) {
	for text, want := range map[string]string{
		`{"asOf": "2025-09-15T00:00:00Z"}`: `{"asOf": "2026-10-28T00:00:00Z"}`, "2025-09-30": "2026-11-12", "2025-10-01": "2026-11-13", "2025-09-01": "2026-10-13",
		"from 2025-06-01 to 2025-07-01": "from 2026-07-13 to 2026-08-13", "2025-01-01": "2026-03-01", "none: 2025-13-01, 12025-01-01": "none: 2025-13-01, 12025-01-01",
	} {
		if got := Shift(text, "2026-11-12"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if got := Shift(text, "2025-09-30"); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
}
