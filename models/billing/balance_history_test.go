package billing_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// TestHistoryOracle holds a history to the entries that it adds up, to the balance
// at each border, and its windows to each other.
func TestHistoryOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ledgers []*billing.Ledger
		for range rapid.IntRange(1, 3).Draw(t, "ledgers") {
			segments, entries := drawLedger(t)
			ledgers = append(ledgers, billing.NewLedger(segments, entries, drawnInvoices))
		}
		mode := rapid.SampledFrom(models.AllInvoiceInclusionMode).Draw(t, "mode")
		borders := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) scalar.DateTime { return scalar.DateTime(rapid.IntRange(-2, 25).Draw(t, "border")) }), 2, 6, rapid.ID).Draw(t, "borders")
		slices.Sort(borders)
		history := billing.NewBalanceHistory(borders, mode)
		for _, ledger := range ledgers {
			if err := history.Add(ledger); err != nil {
				t.Fatal(err)
			}
		}
		for i, w := range history.Windows {
			if w.StartingAt != borders[i] || w.EndingBefore != borders[i+1] {
				t.Fatalf("window %d is %s to %s", i, w.StartingAt, w.EndingBefore)
			}
			want := billing.BalanceHistoryWindow{
				Opening: moved(ledgers, mode, -1000, w.StartingAt, ""), Closing: moved(ledgers, mode, -1000, w.EndingBefore, ""),
				Granted: moved(ledgers, mode, w.StartingAt, w.EndingBefore, "granted"), Used: -moved(ledgers, mode, w.StartingAt, w.EndingBefore, "used"),
				Expired: -moved(ledgers, mode, w.StartingAt, w.EndingBefore, "expired"), Adjusted: moved(ledgers, mode, w.StartingAt, w.EndingBefore, "adjusted"),
			}
			if w.Opening != want.Opening || w.Closing != want.Closing || w.Granted != want.Granted || w.Used != want.Used || w.Expired != want.Expired || w.Adjusted != want.Adjusted {
				t.Fatalf("window %d is %+v, want %+v", i, *w, want)
			}
			if w.Opening+w.Granted-w.Used-w.Expired+w.Adjusted != w.Closing {
				t.Fatalf("window %d does not add up: %+v", i, *w)
			}
			var balance, explained scalar.Decimal
			for _, ledger := range ledgers {
				balance += ledger.Breakdown(w.EndingBefore, mode).Balance
			}
			for _, difference := range w.Differences {
				explained += difference.Amount
			}
			if w.Balance != balance || w.Difference() != balance-w.Closing || explained != w.Difference() {
				t.Fatalf("window %d has balance %d, want %d; %d of the difference %d is explained", i, w.Balance, balance, explained, w.Difference())
			}
		}
	})
}

// moved adds up the entries of a column, or all, from one instant to another.
func moved(ledgers []*billing.Ledger, mode models.InvoiceInclusionMode, from, to scalar.DateTime, column string) (sum scalar.Decimal) {
	columns := map[models.LedgerEntryType]string{
		models.LedgerEntryTypeCreditSegmentStart: "granted", models.LedgerEntryTypeCreditAutomatedInvoiceDeduction: "used", models.LedgerEntryTypeCreditExpiration: "expired",
	}
	for _, ledger := range ledgers {
		for _, e := range ledger.Entries {
			status, at, in := models.InvoiceStatusFinalized, e.Timestamp, columns[e.Type]
			if e.InvoiceID != nil && drawnInvoices[*e.InvoiceID] != "" {
				status = drawnInvoices[*e.InvoiceID]
			}
			if in == "used" {
				at--
				if status == models.InvoiceStatusDraft && mode == models.InvoiceInclusionModeFinalized {
					continue
				}
			}
			if in == "" {
				in = "adjusted"
			}
			if status != models.InvoiceStatusVoid && from <= at && at < to && (column == "" || column == in) {
				sum += e.Amount
			}
		}
	}
	return sum
}
