package billing_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// entryFields are compared of each ledger entry.
const entryFields = "{ databaseId timestamp amount runningBalance }"

func (test ledgerTest) entry(b *book, e movement, running map[int]decimal.Decimal) string {
	return fmt.Sprintf(`{"databaseId":"%s/%d","timestamp":%q,"amount":%q,"runningBalance":%q}`, b.id, e.number, stamp(e.at), e.amount, running[e.number])
}

// ledgers compares whole ledgers, and the running balances that a filter shows.
func (test ledgerTest) ledgers() {
	after := test.instant()
	query := "{ " + everyBalance + `) { nodes { ledger { nodes ` + entryFields + ` } some: ledger(last: 3, filter: {timestamp: {gte: ` + literal(after) +
		`}, not: {type: {in: [CREDIT_MANUAL, PREPAID_COMMIT_MANUAL, POSTPAID_COMMIT_MANUAL]}}}) { totalCount nodes ` + entryFields + ` } } } }`
	test.want(query, `{"balances":{"nodes":[`+joined(test.balances, func(b *book) string {
		all, running := b.inOrder(), b.running(test.invoices)
		text := func(e movement) string { return test.entry(b, e, running) }
		some := slices.DeleteFunc(slices.Clone(all), func(e movement) bool { return e.at.Before(after) || e.kind == "MANUAL" })
		return fmt.Sprintf(`{"ledger":{"nodes":[%s]},"some":{"totalCount":%d,"nodes":[%s]}}`,
			joined(all, text), len(some), joined(some[max(0, len(some)-3):], text))
	})+`]}}`)
}

// ledgerPage is a page of a ledger.
type ledgerPage struct {
	Ledger struct {
		Nodes    json.RawMessage
		PageInfo struct {
			StartCursor                  string
			HasPreviousPage, HasNextPage bool
		}
	}
}

// backwards reads ledgers page by page from the end, those of 10 balances at once.
func (test ledgerTest) backwards() {
	const size = 4
	for some := range slices.Chunk(test.balances, 10) {
		before := make([]string, len(some))
		for page, more := 0, true; more; page++ {
			query := "{ "
			for i, b := range some {
				query += fmt.Sprintf(`b%d: balance(id: %q) { ledger(last: %d, before: %q) { nodes %s pageInfo { startCursor hasPreviousPage hasNextPage } } } `, i, b.id, size, before[i], entryFields)
			}
			var answer map[string]ledgerPage
			if err := json.Unmarshal([]byte(test.data(query+"}")), &answer); err != nil {
				test.Fatal(err)
			}
			more = false
			for i, b := range some {
				got, end := answer[fmt.Sprint("b", i)], max(0, len(b.entries)-page*size)
				test.page(b, got, max(0, end-size), end)
				if end > 0 { // an empty page has no cursor: the one before stays
					before[i] = got.Ledger.PageInfo.StartCursor
				}
				more = more || end > size
			}
		}
	}
}

// page compares a page that should have the entries from start to end.
func (test ledgerTest) page(b *book, got ledgerPage, start, end int) {
	test.Helper()
	running := b.running(test.invoices)
	want := joined(b.inOrder()[start:end], func(e movement) string { return test.entry(b, e, running) })
	test.compare(fmt.Sprintf("entries %d to %d of %s", start, end, b.id), string(got.Ledger.Nodes), "["+want+"]")
	info := got.Ledger.PageInfo
	if info.HasPreviousPage != (start > 0) || end > 0 && info.HasNextPage != (end < len(b.entries)) {
		test.Fatalf("entries %d to %d of %s: %+v", start, end, b.id, info)
	}
}

// now compares the lists without zeros. No border is near the present.
func (test ledgerTest) now() {
	now := time.Now()
	for _, flags := range []struct{ contracts, archived bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		var want []*book
		for _, b := range test.balances {
			if (flags.contracts || b.contract == "") && (flags.archived || !b.archived) && (!b.imported || b.left(now, false, test.invoices).IsPositive()) {
				want = append(want, b)
			}
		}
		query := fmt.Sprintf(`{ balances(first: 9, excludeZeroBalances: true, includeContractBalances: %t, includeArchived: %t) { totalCount nodes { databaseId balance } } }`, flags.contracts, flags.archived)
		test.want(query, fmt.Sprintf(`{"balances":{"totalCount":%d,"nodes":[%s]}}`, len(want), joined(want[:min(9, len(want))], func(b *book) string {
			if !b.imported {
				return fmt.Sprintf(`{"databaseId":%q,"balance":null}`, b.id)
			}
			return fmt.Sprintf(`{"databaseId":%q,"balance":%q}`, b.id, b.left(now, false, test.invoices))
		})))
	}
}

// netBalancesAt compares the sums of all customers: of all balances, of one credit
// type, and of the balances that filters choose.
func (test ledgerTest) netBalancesAt(instants []time.Time) {
	all := moments(instants)
	kind, key, value, one := pickOf(test.r, "CREDIT", "PREPAID", "POSTPAID"), pickOf(test.r, "k1", "k2"), pickOf(test.r, "v1", "v2"), pickOf(test.r, test.balances...)
	fields := map[string]string{
		"0": "netBalances(", "1": `netBalance(creditTypeId: "eur", `,
		"": fmt.Sprintf(`netBalances(filters: [{types: [%s], customFields: [{key: %q, value: %q}]}, {ids: [%q]}], `, apiType[kind], key, value, one.id),
	}
	sums := func(m moment, of []*book) string {
		switch m.alias[1:] {
		case "0":
			return "[" + test.netBalances(m, of, of) + "]"
		case "1":
			return test.netBalance(m, "eur", of)
		}
		chosen := slices.DeleteFunc(slices.Clone(of), func(b *book) bool { return b != one && (b.kind != kind || b.fields[key] != value) })
		return "[" + test.netBalances(m, of, chosen) + "]"
	}
	query := "{ customers { nodes { " + joined(all, func(m moment) string {
		return m.alias + ": " + cmp.Or(fields[m.alias[1:]], fields[""]) + m.arguments() + ") { creditType { id } balance settled pending asOf }"
	}) + " } } }"
	var want []string
	for n := range bookCustomers {
		theirs := slices.DeleteFunc(slices.Clone(test.balances), func(b *book) bool { return b.customer != fmt.Sprint(n+1) || b.archived })
		want = append(want, "{"+joined(all, func(m moment) string { return strconv.Quote(m.alias) + ":" + sums(m, theirs) })+"}")
	}
	test.want(query, `{"customers":{"nodes":[`+strings.Join(want, ",")+`]}}`)
}

// netBalances are the sums of those balances that were chosen, one a credit type that
// the customer has.
func (test ledgerTest) netBalances(m moment, of, chosen []*book) string {
	var sums []string
	for _, creditType := range []string{"eur", "usd"} {
		if slices.ContainsFunc(of, func(b *book) bool { return b.creditType == creditType }) {
			sums = append(sums, test.netBalance(m, creditType, chosen))
		}
	}
	return strings.Join(sums, ",")
}

func (test ledgerTest) netBalance(m moment, creditType string, of []*book) string {
	var settled, withDrafts decimal.Decimal
	for _, b := range of {
		if b.creditType == creditType {
			settled = settled.Add(b.left(m.at, true, test.invoices))
			withDrafts = withDrafts.Add(b.left(m.at, false, test.invoices))
		}
	}
	balance := withDrafts
	if m.final {
		balance = settled
	}
	return fmt.Sprintf(`{"creditType":{"id":%q},"balance":%q,"settled":%q,"pending":%q,"asOf":%q}`, creditType, balance, settled, settled.Sub(withDrafts), stamp(m.at))
}

// listsAt compares which balances filters by date choose.
func (test ledgerTest) listsAt(instants []time.Time) {
	var want []string
	query := "{ "
	for i, at := range instants[:(len(instants)+1)/2] {
		names, dates := []string{"coveringDate", "startingAt", "effectiveBefore"}, make([]*time.Time, 3)
		dates[i%3] = &at
		if other := test.instant(); i%2 == 0 {
			dates[test.r.IntN(3)] = &other
		}
		var conditions []string
		for n, name := range names {
			if dates[n] != nil {
				conditions = append(conditions, name+": "+literal(*dates[n]))
			}
		}
		filter, not := strings.Join(conditions, ", "), test.oneIn(4)
		if not {
			filter = "not: {" + filter + "}"
		}
		query += fmt.Sprintf("l%d: %s, filter: {%s}) { nodes { databaseId } } ", i, everyBalance, filter)
		chosen := slices.DeleteFunc(slices.Clone(test.balances), func(b *book) bool { return b.chosen(dates[0], dates[1], dates[2]) == not })
		want = append(want, fmt.Sprintf(`"l%d":{"nodes":[%s]}`, i, joined(chosen, func(b *book) string { return fmt.Sprintf(`{"databaseId":%q}`, b.id) })))
	}
	test.want(query+"}", "{"+strings.Join(want, ",")+"}")
}
