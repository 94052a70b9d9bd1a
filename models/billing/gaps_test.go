package billing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

const hour = scalar.DateTime(3600_000_000)

// gapInvoices are the invoices that the ledgers of a gapBook name.
var gapInvoices = map[string]models.InvoiceStatus{"d": models.InvoiceStatusDraft, "f": models.InvoiceStatusFinalized, "v": models.InvoiceStatusVoid}

// gapBook is a balance as a database before migration 00007 holds it.
type gapBook struct {
	id       models.BalanceID
	segments []models.AccessSegment
	entries  []models.LedgerEntry
	sums     []models.BalanceSum
}

// newGapBook makes up a ledger of which some entries name no segment.
func newGapBook(r *rand.Rand, n int) gapBook {
	b := gapBook{id: models.BalanceID(fmt.Sprintf("b%02d", n))}
	at := func() scalar.DateTime { return scalar.DateTime(r.IntN(24)) * hour }
	for i := range r.IntN(4) {
		from := at()
		b.segments = append(b.segments, models.AccessSegment{BalanceID: b.id, ID: fmt.Sprint("s", i), CustomerID: 1, StartingAt: from, EndingBefore: from + scalar.DateTime(1+r.IntN(4))*hour})
	}
	types := []models.LedgerEntryType{models.LedgerEntryTypeCreditManual, models.LedgerEntryTypeCreditManual, models.LedgerEntryTypeCreditAutomatedInvoiceDeduction, models.LedgerEntryTypeCreditExpiration}
	for i := range r.IntN(8) {
		e := models.LedgerEntry{BalanceID: b.id, Number: int64(i + 1), CustomerID: 1, Type: types[r.IntN(len(types))], Amount: scalar.Decimal(r.IntN(200) - 100), Timestamp: at()}
		e.TypeRank = e.Type.Rank()
		if e.TypeRank == models.RankDeduction {
			e.InvoiceID = new([]string{"d", "f", "v"}[r.IntN(3)])
		}
		if len(b.segments) > 0 && r.IntN(3) == 0 {
			e.SegmentID = new(fmt.Sprint("s", r.IntN(len(b.segments)+1))) // the last is missing
		}
		b.entries = append(b.entries, e)
	}
	b.settle()
	return b
}

// settle makes the sums by the rule before: an entry without a segment belongs to the
// first that is active at its time, else to the first of all.
func (b *gapBook) settle() {
	ordered := billing.NewLedger(append([]models.AccessSegment(nil), b.segments...), b.entries, gapInvoices)
	ordered.Settle() // the running balances
	named := append([]models.LedgerEntry(nil), b.entries...)
	for i := range named {
		if named[i].SegmentID != nil || len(ordered.Segments) == 0 {
			continue
		}
		owner := ordered.Segments[0].ID
		for _, s := range ordered.Segments {
			if s.ActiveAt(named[i].Timestamp) {
				owner = s.ID
				break
			}
		}
		named[i].SegmentID = &owner
	}
	b.sums = billing.NewLedger(append([]models.AccessSegment(nil), b.segments...), named, gapInvoices).Settle()
}

// write stores the balances with their sums.
func writeGapBooks(tx *database.Tx, books []gapBook) error {
	invoices := []models.Invoice{}
	for id, status := range gapInvoices {
		invoices = append(invoices, models.Invoice{ID: id, Status: status})
	}
	errs := []error{store.Insert(tx, models.Customers, []models.Customer{{ID: 1}}), store.Insert(tx, models.Invoices, invoices)}
	for _, b := range books {
		errs = append(errs,
			store.Insert(tx, models.Balances, []models.Balance{{ID: b.id, CustomerID: 1, Type: models.BalanceTypeCredit, LedgerDigest: []byte("x")}}),
			store.Insert(tx, models.AccessSegments, b.segments), store.Insert(tx, models.LedgerEntries, b.entries), store.Insert(tx, models.BalanceSums, b.sums))
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestGapsAreSettled migrates a database whose sums were settled by the rule before: they
// are then what the ledgers come to, and the balances that others sums were stored of
// have changed.
func TestGapsAreSettled(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		provider, err := migrations.New(db)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := provider.DownTo(t.Context(), 6); err != nil || len(back) == 0 {
			t.Fatal(back, err)
		}
		r := rand.New(rand.NewPCG(1, 7))
		var books []gapBook
		for n := range 300 {
			books = append(books, newGapBook(r, n))
		}
		if err := database.Write(t.Context(), db, func(tx *database.Tx) error { return writeGapBooks(tx, books) }); err != nil {
			t.Fatal(err)
		}
		before := drifts(t, db, books)
		if _, err := provider.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		after, touched := drifts(t, db, books), 0
		for _, b := range books {
			if len(after[b.id]) > 0 {
				t.Errorf("%s: %v", b.id, after[b.id])
			}
			var row models.Balance
			if err := db.Where("id = ?", b.id).Take(&row).Error; err != nil {
				t.Fatal(err)
			}
			changed := row.UpdatedAt > scalar.Now()-24*hour
			if len(before[b.id]) > 0 && !changed {
				t.Errorf("%s has other sums, and has not changed", b.id)
			}
			if changed {
				touched++
			}
		}
		if n := len(before); n < 30 || touched == len(books) || touched < n {
			t.Errorf("of %d balances %d had other sums, and %d have changed", len(books), n, touched)
		}
	})
}

// drifts is what differs from the ledgers, by balance.
func drifts(t *testing.T, db *gorm.DB, books []gapBook) map[models.BalanceID][]models.Breach {
	t.Helper()
	reader, out := store.NewReader(db, store.Scope{All: true}), map[models.BalanceID][]models.Breach{}
	var ids []models.BalanceID
	for _, b := range books {
		ids = append(ids, b.id)
	}
	ledgers, err := billing.ReadLedgers(t.Context(), reader, ids)
	if err != nil {
		t.Fatal(err)
	}
	sums, err := store.Children(t.Context(), reader, models.SumsOfBalance, ids)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		if found := ledgers[i].Drift(sums[id]); len(found) > 0 {
			out[id] = found
		}
	}
	return out
}
