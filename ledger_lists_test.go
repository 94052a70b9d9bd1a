package main

import (
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
			var answer map[string]struct {
				Ledger struct {
					Nodes    json.RawMessage
					PageInfo struct {
						StartCursor                  string
						HasPreviousPage, HasNextPage bool
					}
				}
			}
			if err := json.Unmarshal([]byte(test.data(query+"}")), &answer); err != nil {
				test.Fatal(err)
			}
			more = false
			for i, b := range some {
				got, all := answer[fmt.Sprint("b", i)].Ledger, b.inOrder()
				end := max(0, len(all)-page*size)
				start := max(0, end-size)
				running := b.running(test.invoices)
				test.compare(fmt.Sprintf("page %d of %s", page, b.id), string(got.Nodes), "["+joined(all[start:end], func(e movement) string { return test.entry(b, e, running) })+"]")
				if got.PageInfo.HasPreviousPage != (start > 0) || end > start && got.PageInfo.HasNextPage != (end < len(all)) {
					test.Fatalf("page %d of %s: %+v", page, b.id, got.PageInfo)
				}
				if end > start { // an empty page has no cursor: the one before stays
					before[i] = got.PageInfo.StartCursor
				}
				more = more || start > 0
			}
		}
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
	filters := fmt.Sprintf(`filters: [{types: [%s], customFields: [{key: %q, value: %q}]}, {ids: [%q]}], `, apiType[kind], key, value, one.id)
	query := "{ customers { nodes { " + joined(all, func(m moment) string {
		field := "netBalances(" + filters
		switch m.alias[1:] {
		case "0":
			field = "netBalances("
		case "1":
			field = `netBalance(creditTypeId: "eur", `
		}
		return m.alias + ": " + field + m.arguments() + ") { creditType { id } balance settled pending asOf }"
	}) + " } } }"
	customers := make([]string, bookCustomers)
	for i := range customers {
		customers[i] = strconv.Itoa(i + 1)
	}
	test.want(query, `{"customers":{"nodes":[`+joined(customers, func(customer string) string {
		return "{" + joined(all, func(m moment) string {
			theirs := slices.DeleteFunc(slices.Clone(test.balances), func(b *book) bool { return b.customer != customer || b.archived })
			switch m.alias[1:] {
			case "0":
				return fmt.Sprintf("%q:[%s]", m.alias, test.netBalances(m, theirs))
			case "1":
				return fmt.Sprintf("%q:%s", m.alias, test.netBalance(m, "eur", theirs))
			}
			return fmt.Sprintf("%q:[%s]", m.alias, test.netBalances(m, slices.DeleteFunc(theirs, func(b *book) bool {
				return b != one && (b.kind != kind || b.fields[key] != value)
			})))
		}) + "}"
	})+`]}}`)
}

var apiType = map[string]string{"CREDIT": "CREDIT", "PREPAID": "PREPAID_COMMIT", "POSTPAID": "POSTPAID_COMMIT"}

// netBalances are the sums of balances, one a credit type that they have.
func (test ledgerTest) netBalances(m moment, of []*book) string {
	var sums []string
	for _, creditType := range []string{"eur", "usd"} {
		if slices.ContainsFunc(of, func(b *book) bool { return b.creditType == creditType }) {
			sums = append(sums, test.netBalance(m, creditType, of))
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
