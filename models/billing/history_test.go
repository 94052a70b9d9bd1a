package billing_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestBalanceHistory has worked examples of the ledger rules, window by window. The
// rule itself has an oracle in models.
func TestBalanceHistory(t *testing.T) {
	history := func(arguments string) string {
		return `{ customer(id: 1) { balanceHistory(` + arguments + `) { opening granted used expired adjusted closing balance difference differences { reason amount } } } }`
	}
	from := func(from, to, granularity string) string {
		return history(`from: "` + day(from) + `", to: "` + day(to) + `", granularity: ` + granularity)
	}
	scenes := []struct {
		name     string
		grants   []grant
		examples []example
	}{
		{"M1b", []grant{{
			id: "b", kind: "CREDIT", segments: []string{"2024-09-01 2024-10-01 10000"},
			entries: []string{"AUTOMATED_INVOICE_DEDUCTION -6300 2024-10-01 0", "EXPIRATION -3700 2024-10-01 0"},
		}}, []example{
			{"months", from("2024-08-01", "2024-11-01", "MONTH"), "0, 0, 0, 0, 0, 0, 3700, 3700, LATER_ENTRIES, 3700, " +
				"0, 10000, 6300, 0, 0, 3700, 0, -3700, ENDED_SEGMENTS, -3700, " +
				"3700, 0, 0, 3700, 0, 0, 0, 0"},
			{"within", from("2024-09-02", "2024-09-30", "MONTH"), "10000, 0, 0, 0, 0, 10000, 3700, -6300, LATER_ENTRIES, -6300"},
			{"the settled part", history(`from: "2024-09-02T00:00:00Z", to: "2024-09-03T00:00:00Z", granularity: DAY, invoiceInclusionMode: FINALIZED`), "10000, 0, 0, 0, 0, 10000, 3700, -6300, LATER_ENTRIES, -6300"},
			{"of another kind", history(`from: "2024-09-02T00:00:00Z", to: "2024-09-03T00:00:00Z", granularity: DAY, filters: [{types: [PREPAID_COMMIT]}]`), "0, 0, 0, 0, 0, 0, 0, 0"},
			{"of another currency", history(`from: "2024-09-02T00:00:00Z", to: "2024-09-03T00:00:00Z", granularity: DAY, creditTypeId: "eur"`), "0, 0, 0, 0, 0, 0, 0, 0"},
		}},
		{"M4", []grant{{id: "x", kind: "CREDIT", segments: []string{"01-01 2099-01-01 10000"}, entries: []string{"AUTOMATED_INVOICE_DEDUCTION -8000 02-01 0", "MANUAL -5000 02-01 0"}}}, []example{
			{"months", from("01-01", "03-01", "MONTH"), "0, 10000, 8000, 0, 0, 2000, 0, -2000, BELOW_ZERO, 3000, LATER_ENTRIES, -5000, " +
				"2000, 0, 0, 0, -5000, -3000, 0, 3000, BELOW_ZERO, 3000"},
		}},
		{"M11", []grant{
			{
				id: "source", kind: "PREPAID", segments: []string{"01-01 07-01 100000"}, extra: `"rollover_fraction":0.25,`,
				entries: []string{"AUTOMATED_INVOICE_DEDUCTION -60000 06-01 0 i", "ROLLOVER -10000 07-01 0", "EXPIRATION -30000 07-01 0"},
			},
			{id: "rolled", kind: "PREPAID", segments: []string{"07-01 2026-01-01 10000"}, extra: `"rolled_over_from":{"commit_id":"source","contract_id":"c"},`},
		}, []example{
			{"the transition", from("06-01", "08-01", "MONTH"), "40000, 0, 0, 0, 0, 40000, 10000, -30000, ENDED_SEGMENTS, -40000, LATER_ENTRIES, 10000, " +
				"40000, 10000, 0, 30000, -10000, 10000, 10000, 0"},
			{
				"the ledger", `{ balance(id: "source") { ledger(last: 2) { nodes { type amount runningBalance } } before: balance(asOf: "2025-06-30T23:59:59Z") end: balance(asOf: "2025-07-01T00:00:00Z") } }`,
				"PREPAID_COMMIT_ROLLOVER, -10000, 30000, PREPAID_COMMIT_EXPIRATION, -30000, 0, 40000, 0",
			},
			{"the new commit", `{ balance(id: "rolled") { rolledOverFrom { balanceId contractId } balance(asOf: "2025-07-01T00:00:00Z") } }`, "Balance:source, Contract:c, 10000"},
		}},
		{"entries at borders and a segment ahead", []grant{{id: "b", kind: "CREDIT", segments: []string{"01-03 01-05 100"}, entries: []string{"MANUAL 5 01-01 0", "MANUAL -1 01-04 0"}}}, []example{
			{"days", from("01-01", "01-06", "DAY"), "0, 0, 0, 0, 5, 5, 0, -5, UPCOMING_SEGMENTS, -5, " +
				"5, 0, 0, 0, 0, 5, 104, 99, LATER_ENTRIES, 99, " +
				"5, 100, 0, 0, 0, 105, 104, -1, LATER_ENTRIES, -1, " +
				"105, 0, 0, 0, -1, 104, 0, -104, ENDED_SEGMENTS, -104, " +
				"104, 0, 0, 0, 0, 104, 0, -104, ENDED_SEGMENTS, -104"},
		}},
		{"clocks", []grant{{id: "b", kind: "CREDIT", segments: []string{"01-01 2026-01-01 100"}, entries: []string{"MANUAL -1 03-30 0"}}}, []example{
			{
				"the day of 23 hours", `{ customer(id: 1) { balanceHistory(from: "2025-03-30T00:00:00Z", to: "2025-04-01T00:00:00+01:00", granularity: DAY, timeZone: "Europe/London") { startingAt endingBefore adjusted } } }`,
				"2025-03-30T00:00:00.000000Z, 2025-03-30T23:00:00.000000Z, -1, 2025-03-30T23:00:00.000000Z, 2025-03-31T23:00:00.000000Z, 0",
			},
			{"no such zone", history(`from: "2025-03-30T00:00:00Z", to: "2025-04-01T00:00:00Z", granularity: DAY, timeZone: "Mars/Olympus"`), "BAD_USER_INPUT: timeZone: there is no IANA time zone of this name, such as Europe/London"},
			{"backwards", from("01-02", "01-01", "DAY"), "BAD_USER_INPUT: from: it must be before to"},
			{"too many", from("01-01", "03-01", "HOUR"), "BAD_USER_INPUT: granularity: there are more than 1000 windows from 2025-01-01T00:00:00.000000Z to 2025-03-01T00:00:00.000000Z"},
		}},
		{"too large", []grant{live("a", "CREDIT", "9000000000000", ""), live("b", "CREDIT", "9000000000000", "")}, []example{
			{"said", from("01-01", "03-01", "MONTH"), "BAD_USER_INPUT: the history is past 9.2e12"},
		}},
	}
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				holds(t, serverOf(t, db, balancesOf(scene.grants...)), scene.examples)
			})
		})
	}
}
