package billing_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// terms are what decides when a balance is drawn on. Costs are those of the invoices
// of a commit, nil where it has no schedule.
type terms struct {
	priority, basis *float64
	costs           []string // amounts, or quantity times unit price
	uninvoiced      bool
	products        int // that it is for; 0 is all
	created         *time.Time
}

func (w *books) terms(kind string) (t terms) {
	if !w.oneIn(3) {
		t.priority = new(pickOf(w.r, 1.0, 1, 2, 2.5))
	}
	if w.oneIn(5) {
		t.basis = new(pickOf(w.r, 0, 0.5, 1))
	}
	if w.oneIn(3) {
		t.products = 1 + w.r.IntN(2)
	}
	if w.oneIn(2) {
		t.created = new(pickOf(w.r, w.borders...))
	}
	if kind == "CREDIT" {
		return t
	}
	t.costs = pickOf(w.r, nil, []string{}, []string{"0"}, []string{"5", "-5"}, []string{"-2*3", "6"}, []string{"0*7"}, []string{"0.000001"}, []string{"9000000000000", "9000000000000"}, []string{"-1", "2*0.75"}, []string{"?"})
	t.uninvoiced = t.costs != nil && w.oneIn(6)
	return t
}

// write adds the terms to the balance as the billing system writes it.
func (t terms) write(row map[string]any) {
	if t.priority != nil {
		row["priority"] = *t.priority
	}
	if t.basis != nil {
		row["cost_basis"] = *t.basis
	}
	if t.created != nil {
		row["created_at"] = *t.created
	}
	for n := range t.products {
		ids, _ := row["applicable_product_ids"].([]string)
		row["applicable_product_ids"] = append(ids, fmt.Sprint("p", n))
	}
	if t.costs == nil {
		return
	}
	items := []any{}
	for n, cost := range t.costs {
		item := map[string]any{"id": fmt.Sprint("n", n), "timestamp": billingYear}
		switch quantity, price, product := strings.Cut(cost, "*"); {
		case product:
			item["quantity"], item["unit_price"] = json.Number(quantity), json.Number(price)
		case cost != "?":
			item["amount"] = json.Number(cost)
		}
		items = append(items, item)
	}
	row["invoice_schedule"] = map[string]any{"schedule_items": items, "do_not_invoice": t.uninvoiced}
}

// paid reports whether the balance cost something.
func (b *book) paid() bool {
	if b.terms.basis != nil {
		return *b.terms.basis > 0
	}
	var total decimal.Decimal
	for _, cost := range b.terms.costs {
		if cost == "?" {
			return !b.terms.uninvoiced
		}
		product := decimal.New(1, 0)
		for _, factor := range strings.Split(cost, "*") {
			product = product.Mul(decimal.RequireFromString(factor))
		}
		total = total.Add(product)
	}
	return total.IsPositive() && !b.terms.uninvoiced
}

// draw is a segment that usage may draw on.
type draw struct {
	*book
	span
	left decimal.Decimal
}

// drawRules are the rules of the order by reason, of which the first that differs decides.
var drawRules = []struct {
	reason string
	key    func(draw) float64
}{
	{"GROUP", func(d draw) float64 { return yes(d.kind == "POSTPAID") }},
	{"PRIORITY", func(d draw) float64 {
		if d.terms.priority == nil {
			return math.Inf(1)
		}
		return *d.terms.priority
	}},
	{"CONTRACT_LEVEL", func(d draw) float64 { return yes(d.contract == "") }},
	{"COST_BASIS", func(d draw) float64 { return yes(d.paid()) }},
	{"PRODUCTS", func(d draw) float64 { return float64(cmp.Or(d.terms.products, 9)) }},
	{"ENDING_BEFORE", func(d draw) float64 { return float64(d.end.UnixMicro()) }},
	{"STARTING_AT", func(d draw) float64 { return float64(d.start.UnixMicro()) }},
	{"CREATED_AT", func(d draw) float64 {
		if d.terms.created == nil {
			return math.Inf(1)
		}
		return float64(d.terms.created.UnixMicro())
	}},
}

func yes(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// before compares two draws, and says why.
func (d draw) before(other draw) (int, string) {
	for _, rule := range drawRules {
		if order := cmp.Compare(rule.key(d), rule.key(other)); order != 0 {
			return order, rule.reason
		}
	}
	return cmp.Or(cmp.Compare(d.book.id, other.book.id), cmp.Compare(d.span.id, other.span.id)), "ID"
}

// drawdownsAt compares what usage of product p0 draws on.
func (test ledgerTest) drawdownsAt(instants []time.Time) {
	amounts := make([]decimal.Decimal, len(instants))
	query := "{ customers { nodes { "
	for i, at := range instants {
		amounts[i] = decimal.New(test.r.Int64N(5000_000000), -6)
		query += fmt.Sprintf(`d%d: drawdownPreview(amount: %q, creditTypeId: "eur", productId: "p0", productTags: [], at: %s) { steps { balance { databaseId } segmentId amount remaining reason } uncovered } `, i, amounts[i], literal(at))
	}
	var want []string
	for n := range bookCustomers {
		var fields []string
		for i, at := range instants {
			fields = append(fields, fmt.Sprintf(`"d%d":%s`, i, test.drawdown(fmt.Sprint(n+1), amounts[i], at)))
		}
		want = append(want, "{"+strings.Join(fields, ",")+"}")
	}
	test.want(query+"} } }", `{"customers":{"nodes":[`+strings.Join(want, ",")+`]}}`)
}

func (test ledgerTest) drawdown(customer string, amount decimal.Decimal, at time.Time) string {
	var draws []draw
	for _, b := range test.balances {
		if b.customer != customer || b.creditType != "eur" || b.archived || !b.imported {
			continue
		}
		for _, s := range b.segments {
			if left := b.raw(s, at, false, test.invoices); s.covers(at) && left.IsPositive() {
				draws = append(draws, draw{b, s, left})
			}
		}
	}
	slices.SortFunc(draws, func(a, b draw) int { order, _ := a.before(b); return order })
	var steps []string
	for i, d := range draws {
		if amount.IsZero() {
			break
		}
		reason := "FIRST"
		if i > 0 {
			_, reason = draws[i-1].before(d)
		}
		drawn := decimal.Min(d.left, amount)
		amount = amount.Sub(drawn)
		steps = append(steps, fmt.Sprintf(`{"balance":{"databaseId":%q},"segmentId":%q,"amount":%q,"remaining":%q,"reason":%q}`, d.book.id, d.span.id, drawn, d.left.Sub(drawn), reason))
	}
	return `{"steps":[` + strings.Join(steps, ",") + `],"uncovered":` + strconv.Quote(amount.String()) + "}"
}
