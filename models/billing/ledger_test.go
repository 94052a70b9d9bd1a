package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// naive is the balance at an instant, by the letter of the rule and without sums:
// the oracle of Settle, Account.Balance and Breakdown.
func naive(segments []models.AccessSegment, entries []models.LedgerEntry, invoices map[string]models.InvoiceStatus, t scalar.DateTime, mode models.InvoiceInclusionMode) scalar.Decimal {
	var balance scalar.Decimal
	for _, s := range segments {
		if t < s.StartingAt || s.EndingBefore <= t {
			continue
		}
		var raw scalar.Decimal
		for _, e := range entries {
			if e.SegmentID == nil || *e.SegmentID != s.ID {
				continue
			}
			status := models.InvoiceStatusFinalized
			if e.InvoiceID != nil && invoices[*e.InvoiceID] != "" {
				status = invoices[*e.InvoiceID]
			}
			counts := status != models.InvoiceStatusVoid
			switch e.Type {
			case models.LedgerEntryTypeCreditAutomatedInvoiceDeduction:
				counts = counts && (status != models.InvoiceStatusDraft || mode == models.InvoiceInclusionModeFinalizedAndDraft)
			case models.LedgerEntryTypeCreditExpiration, models.LedgerEntryTypeCreditRollover, models.LedgerEntryTypePostpaidCommitTrueup:
				counts = counts && e.Timestamp <= t
			}
			if counts {
				raw += e.Amount
			}
		}
		balance += max(0, raw)
	}
	return balance
}

// drawnInvoices are those that drawn ledgers name, and one that is not known.
var drawnInvoices = map[string]models.InvoiceStatus{"draft": models.InvoiceStatusDraft, "void": models.InvoiceStatusVoid, "final": models.InvoiceStatusFinalized}

// drawLedger draws the rows of a ledger, with instants from 0 to 21.
func drawLedger(t *rapid.T) (segments []models.AccessSegment, entries []models.LedgerEntry) {
	types := []models.LedgerEntryType{
		models.LedgerEntryTypeCreditSegmentStart, models.LedgerEntryTypeCreditManual, models.LedgerEntryTypeCreditSeatBasedAdjustment,
		models.LedgerEntryTypeCreditAutomatedInvoiceDeduction, models.LedgerEntryTypeCreditCredited, models.LedgerEntryTypeCreditCanceled,
		models.LedgerEntryTypeCreditRollover, models.LedgerEntryTypePostpaidCommitTrueup, models.LedgerEntryTypeCreditExpiration,
	}
	instant := rapid.Custom(func(t *rapid.T) scalar.DateTime { return scalar.DateTime(rapid.IntRange(0, 10).Draw(t, "instant")) })
	for n := range rapid.IntRange(1, 3).Draw(t, "segments") { // they may touch and overlap
		from := instant.Draw(t, "from")
		segments = append(segments, models.AccessSegment{ID: fmt.Sprint(n), StartingAt: from, EndingBefore: from + 1 + instant.Draw(t, "length")})
	}
	for n := range rapid.IntRange(0, 20).Draw(t, "entries") {
		entry := models.LedgerEntry{
			Number: int64(n + 1), Type: rapid.SampledFrom(types).Draw(t, "type"), Timestamp: instant.Draw(t, "timestamp"),
			Amount:    scalar.Decimal(rapid.IntRange(-5, 5).Draw(t, "amount")),
			SegmentID: new(rapid.SampledFrom(segments).Draw(t, "segment").ID),
		}
		entry.TypeRank = entry.Type.Rank()
		if invoice := rapid.SampledFrom([]string{"", "draft", "void", "final", "unknown"}).Draw(t, "invoice"); invoice != "" {
			entry.InvoiceID = &invoice
		}
		entries = append(entries, entry)
	}
	return segments, entries
}

func TestSettledLedgers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segments, entries := drawLedger(t)
		ledger := billing.NewLedger(segments, entries, drawnInvoices)
		sums := ledger.Settle()
		slices.SortFunc(sums, func(a, b models.BalanceSum) int { return strings.Compare(a.SegmentID, b.SegmentID) })
		account := make(billing.Account, len(sums))
		for i := range sums {
			account[i] = &sums[i]
		}
		for at := scalar.DateTime(-1); at < 25; at++ {
			for _, mode := range models.AllInvoiceInclusionMode {
				want := naive(segments, entries, drawnInvoices, at, mode)
				if got := account.Balance(at, mode); got != want {
					t.Fatalf("at %d, %s: balance %d, want %d", at, mode, got, want)
				}
				if got := ledger.Breakdown(at, mode); got.Balance != want {
					t.Fatalf("at %d, %s: breakdown %d, want %d", at, mode, got.Balance, want)
				}
			}
		}
		var running scalar.Decimal
		for _, entry := range ledger.Entries {
			if entry.InvoiceID == nil || *entry.InvoiceID != "void" {
				running += entry.Amount
			}
			if entry.RunningBalance != running {
				t.Fatalf("entry %d: running balance %d, want %d", entry.Number, entry.RunningBalance, running)
			}
		}
	})
}
