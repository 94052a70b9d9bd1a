package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// BenchmarkLongLedgers reads a page of 50 balances, each with what is left of it and
// its newest 10 ledger entries: of customer 1, whose 100 balances have 10,000
// entries each, and of customer 2, whose 100 have 100 each. The two take turns, and
// ratio is the median of the first over that of the second.
func BenchmarkLongLedgers(b *testing.B) {
	for engine, fresh := range map[string]func(testing.TB) string{"sqlite": modelstest.SQLite, "postgres": modelstest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			db := modelstest.Open(b, fresh(b))
			if err := store.Fill(b.Context(), db, longLedgers); err != nil {
				b.Fatal(err)
			}
			s := apitest.NewServer(b, db, token.APIToken{AllCustomers: true})
			page := func(customer int) time.Duration {
				start := time.Now()
				_, answer := s.Ask(b, fmt.Sprintf(`{ customer(id: %d) { balances(first: 50) { nodes { balance ledger(last: 10) { nodes { type amount timestamp runningBalance } } } } } }`, customer))
				took := time.Since(start)
				if n := strings.Count(string(answer), "runningBalance"); n != 500 {
					b.Fatalf("%d entries, want 500: %.300s", n, answer)
				}
				return took
			}
			page(1)
			page(2)
			var long, short []time.Duration
			for b.Loop() {
				long, short = append(long, page(1)), append(short, page(2))
			}
			median := func(of []time.Duration) float64 {
				slices.Sort(of)
				return float64(of[len(of)/2].Microseconds()) / 1000
			}
			b.ReportMetric(median(long), "ms/10000-entries")
			b.ReportMetric(median(short), "ms/100-entries")
			b.ReportMetric(median(long)/median(short), "ratio")
		})
	}
}

// longLedgers writes the balances of customer 1 and customer 2.
func longLedgers(tx *database.Tx) error {
	if err := store.Insert(tx, models.Customers, []models.Customer{{ID: 1}, {ID: 2}}); err != nil {
		return err
	}
	for n := range 100 {
		for customer, entries := range map[scalar.CustomerID]int{1: 10_000, 2: 100} {
			if err := longLedger(tx, customer, n, entries); err != nil {
				return err
			}
		}
	}
	return nil
}

// longLedger writes a balance of twelve segments, a month each, and a ledger of as
// many entries: starts, deductions one after the other, and expirations.
func longLedger(tx *database.Tx, customer scalar.CustomerID, n, entries int) error {
	id := models.BalanceID(fmt.Sprintf("%d-%03d", customer, n))
	month := func(n int) scalar.DateTime {
		return scalar.DateTime(time.Date(2025, time.Month(n+1), 1, 0, 0, 0, 0, time.UTC).UnixMicro())
	}
	var segments []models.AccessSegment
	var ledger []models.LedgerEntry
	for m := range 12 {
		segment := fmt.Sprintf("s%02d", m)
		segments = append(segments, models.AccessSegment{BalanceID: id, ID: segment, CustomerID: customer, Amount: 1e12, StartingAt: month(m), EndingBefore: month(m + 1)})
		add := func(kind models.LedgerEntryType, amount scalar.Decimal, at scalar.DateTime) {
			ledger = append(ledger, models.LedgerEntry{
				BalanceID: id, Number: int64(len(ledger) + 1), CustomerID: customer, Type: kind, TypeRank: kind.Rank(), Amount: amount, Timestamp: at, SegmentID: &segment,
			})
		}
		add(models.LedgerEntryTypeCreditSegmentStart, 1e12, month(m))
		deductions := (entries*(m+1))/12 - len(ledger) - 1
		for d := range deductions {
			add(models.LedgerEntryTypeCreditAutomatedInvoiceDeduction, -1e6, month(m)+scalar.DateTime(d+1)*1e6)
		}
		add(models.LedgerEntryTypeCreditExpiration, scalar.Decimal(deductions)*1e6-1e12, month(m+1))
	}
	sums := billing.NewLedger(segments, ledger, nil).Settle()
	if err := store.Insert(tx, models.Balances, []models.Balance{{ID: id, CustomerID: customer, Type: models.BalanceTypeCredit, LedgerDigest: []byte{1}}}); err != nil {
		return err
	}
	if err := store.Insert(tx, models.AccessSegments, segments); err != nil {
		return err
	}
	if err := store.Insert(tx, models.LedgerEntries, ledger); err != nil {
		return err
	}
	return store.Insert(tx, models.BalanceSums, sums)
}
