package billing_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// books are made-up balances of some customers, the same for the same seed.
type books struct {
	r        *rand.Rand
	invoices statuses // that a billing system lists
	balances []*book  // in order of ID
	borders  []time.Time
}

const (
	bookCount     = 200
	bookCustomers = 8
)

// billingYear is the year that all borders lie in or near, but those that are ahead.
var billingYear = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func newBooks(seed uint64) *books {
	w := &books{r: rand.New(rand.NewPCG(seed, 25)), invoices: statuses{}}
	for range 8 {
		w.borders = append(w.borders, billingYear.Add(time.Duration(w.r.IntN(365*24))*time.Hour))
	}
	w.borders = append(w.borders, billingYear, billingYear.AddDate(74, 0, 0))
	for n := range 12 {
		if status := pickOf(w.r, "DRAFT", "DRAFT", "FINALIZED", "VOID", "unknown"); status != "unknown" {
			w.invoices[fmt.Sprint("i", n)] = status
		}
	}
	for n := range bookCount {
		w.balances = append(w.balances, w.book(fmt.Sprintf("b%03d", n), fmt.Sprint(n%bookCustomers+1)))
	}
	return w
}

func pickOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// oneIn is true once in n times.
func (w *books) oneIn(n int) bool { return w.r.IntN(n) == 0 }

// instant is one that something may hinge on: a border, a microsecond beside it, or
// any other.
func (w *books) instant() time.Time {
	at := pickOf(w.r, w.borders...)
	switch w.r.IntN(6) {
	case 0:
		return billingYear.Add(time.Duration(w.r.Int64N(400*24*int64(time.Hour)/1000)) * time.Microsecond)
	case 1:
		return at.Add(-time.Microsecond)
	case 2:
		return at.Add(time.Microsecond)
	}
	return at
}

// amount is up to 1000 either way, with up to six decimal places.
func (w *books) amount() decimal.Decimal {
	places := pickOf(w.r, int32(0), 0, 1, 2, 6)
	bound := decimal.New(1000, places).IntPart()
	return decimal.New(w.r.Int64N(2*bound+1)-bound, -places)
}

func (w *books) book(id, customer string) *book {
	b := &book{
		id: id, customer: customer, kind: pickOf(w.r, "CREDIT", "PREPAID", "POSTPAID"), creditType: pickOf(w.r, "eur", "usd"),
		archived: w.oneIn(8), imported: !w.oneIn(12), fields: map[string]string{},
	}
	if w.oneIn(3) {
		b.contract = "contract of " + customer
	}
	b.terms = w.terms(b.kind)
	for _, key := range []string{"k1", "k2"} {
		if w.oneIn(2) {
			b.fields[key] = pickOf(w.r, "v1", "v2")
		}
	}
	segments := w.r.IntN(5)
	if b.kind == "POSTPAID" {
		segments = 1
	}
	for n := range segments {
		from, to := pickOf(w.r, w.borders...), pickOf(w.r, w.borders...)
		if !from.Before(to) {
			from, to = to, from
		}
		if from.Equal(to) {
			to = to.Add(time.Microsecond)
		}
		b.segments = append(b.segments, span{fmt.Sprintf("s%d", segments-n), from, to, w.amount().Abs()})
	}
	slices.SortFunc(b.segments, func(x, y span) int { return cmp.Or(x.start.Compare(y.start), cmp.Compare(x.id, y.id)) })
	if b.imported && !w.oneIn(12) {
		w.enter(b)
	}
	return b
}

// kindsOf are the kinds of entries that a ledger may have many of.
var kindsOf = map[string][]string{
	"CREDIT":   {"MANUAL", "SEAT_BASED_ADJUSTMENT", "AUTOMATED_INVOICE_DEDUCTION", "AUTOMATED_INVOICE_DEDUCTION", "CREDITED", "CANCELED", "ROLLOVER", "EXPIRATION"},
	"POSTPAID": {"MANUAL", "AUTOMATED_INVOICE_DEDUCTION", "AUTOMATED_INVOICE_DEDUCTION", "ROLLOVER", "TRUEUP", "EXPIRATION"},
}

func init() { kindsOf["PREPAID"] = kindsOf["CREDIT"] }

// enter makes up the ledger of a balance.
func (w *books) enter(b *book) {
	begins := "SEGMENT_START"
	if b.kind == "POSTPAID" {
		begins = "INITIAL_BALANCE"
	}
	for _, s := range b.segments {
		b.entries = append(b.entries, movement{kind: begins, segment: s.id, amount: s.amount, at: s.start})
	}
	for range w.r.IntN(16) {
		b.entries = append(b.entries, w.movement(b))
	}
	for _, s := range b.segments { // what nothing may be left of
		if rest := b.raw(s, s.end, false, w.invoices); w.oneIn(3) {
			b.entries = append(b.entries, movement{kind: pickOf(w.r, "ROLLOVER", "EXPIRATION"), segment: s.id, amount: rest.Neg(), at: pickOf(w.r, s.end, s.end, w.instant())})
		}
	}
	w.r.Shuffle(len(b.entries), func(i, j int) { b.entries[i], b.entries[j] = b.entries[j], b.entries[i] })
	for i := range b.entries {
		b.entries[i].number = i + 1
	}
}

func (w *books) movement(b *book) movement {
	e := movement{kind: pickOf(w.r, kindsOf[b.kind]...), amount: w.amount(), at: w.instant()}
	if len(b.segments) > 0 && !w.oneIn(4) {
		s := pickOf(w.r, b.segments...)
		e.segment, e.at = s.id, pickOf(w.r, e.at, s.start, s.end, s.end.Add(-time.Microsecond))
		if e.kind == "MANUAL" && w.oneIn(3) {
			e.untimed, e.at = true, s.start
		}
	}
	if w.oneIn(40) && !e.untimed {
		e.segment = "a segment that is not there"
	}
	switch e.kind {
	case "AUTOMATED_INVOICE_DEDUCTION", "CREDITED", "CANCELED", "TRUEUP":
		e.invoice = fmt.Sprint("i", w.r.IntN(12))
	}
	return e
}

// payload is what the billing system answers for a customer.
func (w *books) payload(customer string) (string, error) {
	rows := []any{}
	for _, b := range w.balances {
		if b.customer == customer {
			rows = append(rows, b.row())
		}
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

// row is the balance as the billing system writes it, its segments in another order.
func (b *book) row() map[string]any {
	items := []any{}
	for _, s := range slices.Backward(b.segments) {
		items = append(items, map[string]any{"id": s.id, "starting_at": s.start, "ending_before": s.end, "amount": json.Number(s.amount.String())})
	}
	row := map[string]any{
		"id": b.id, "type": b.kind, "product": map[string]any{"id": "p"}, "custom_fields": b.fields,
		"access_schedule": map[string]any{"credit_type": map[string]any{"id": b.creditType}, "schedule_items": items},
	}
	if b.contract != "" {
		row["contract"] = map[string]any{"id": b.contract}
	}
	if b.archived {
		row["archived_at"] = billingYear
	}
	b.terms.write(row)
	if b.imported {
		row["ledger"] = b.ledger()
	}
	return row
}

// apiType is the type of a balance in the API, with which its entries begin.
var apiType = map[string]string{"CREDIT": "CREDIT", "PREPAID": "PREPAID_COMMIT", "POSTPAID": "POSTPAID_COMMIT"}

func (b *book) ledger() []any {
	ledger := []any{}
	for _, e := range b.entries {
		entry := map[string]any{"type": apiType[b.kind] + "_" + e.kind, "amount": json.Number(e.amount.String())}
		for name, text := range map[string]string{"segment_id": e.segment, "invoice_id": e.invoice} {
			if text != "" {
				entry[name] = text
			}
		}
		if !e.untimed {
			entry["timestamp"] = e.at
		}
		ledger = append(ledger, entry)
	}
	return ledger
}
