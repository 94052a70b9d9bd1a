package billing_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var (
	ledgerCases = flag.Int("ledger-cases", 500, "at how many instants the oracle test of ledgers asks; each 500 have balances of their own")
	ledgerSeed  = flag.Uint64("ledger-seed", 1, "the seed of its first balances")
)

// ledgerTest asks both engines of the same books and compares with the rules.
type ledgerTest struct {
	*testing.T
	*books
	sqlite, postgres apitest.Server
}

// TestLedgerOracle compares balances, breakdowns, ledgers, net balances, lists by
// date and drawdowns with the rules of ledger_rules_test.go and
// ledger_drawdown_test.go. A subtest is named after its
// seed.
func TestLedgerOracle(t *testing.T) {
	const each = 500
	for n := range uint64(max(1, (*ledgerCases+each-1)/each)) {
		t.Run(fmt.Sprintf("ledger-seed=%d", *ledgerSeed+n), func(t *testing.T) {
			t.Parallel()
			test := ledgerTest{T: t, books: newBooks(*ledgerSeed + n)}
			test.sqlite, test.postgres = test.serve(modelstest.SQLite(t)), test.serve(modelstest.Postgres(t))
			instants := make([]time.Time, min(each, *ledgerCases))
			for i := range instants {
				instants[i] = test.instant()
			}
			test.ledgers()
			test.backwards()
			test.now()
			for some := range slices.Chunk(instants, 10) {
				test.balancesAt(some)
				test.breakdownsAt(some)
				test.netBalancesAt(some)
				test.listsAt(some)
				test.drawdownsAt(some)
			}
		})
	}
}

// serve imports the books, invoices before or after the ledgers that name them.
func (test ledgerTest) serve(address string) apitest.Server {
	test.Helper()
	db := modelstest.Open(test, address)
	late := map[bool][]map[string]string{}
	for n := range 12 {
		if id := fmt.Sprint("i", n); test.invoices[id] != "" {
			late[n%2 == 0] = append(late[n%2 == 0], map[string]string{"id": id, "status": test.invoices[id]})
		}
	}
	importInvoices := func(of []map[string]string) {
		text, err := json.Marshal(of)
		if err != nil {
			test.Fatal(err)
		}
		apitest.Import(test.T, db, "invoices", "", string(text))
	}
	importInvoices(late[false])
	for n := range bookCustomers {
		customer := strconv.Itoa(n + 1)
		text, err := test.payload(customer)
		if err != nil {
			test.Fatal(err)
		}
		apitest.Import(test.T, db, "customers", "", `[{"id": `+customer+`, "customerType": "BUSINESS"}]`)
		apitest.Import(test.T, db, "balances", customer, text)
	}
	importInvoices(late[true])
	return apitest.NewServer(test, db, token.APIToken{AllCustomers: true}, "--max-cost=1000000")
}

// data asks both engines, holds them to the same answer without errors, and
// returns its data.
func (test ledgerTest) data(query string) string {
	test.Helper()
	var answers [2]string
	var both sync.WaitGroup
	for i, s := range []apitest.Server{test.sqlite, test.postgres} {
		both.Go(func() {
			_, body := s.Ask(test, query)
			var answer struct{ Data, Errors json.RawMessage }
			if err := json.Unmarshal(body, &answer); err != nil || answer.Errors != nil {
				test.Errorf("%.300s: %v %.500s", query, err, body)
			}
			answers[i] = string(answer.Data)
		})
	}
	if both.Wait(); test.Failed() {
		test.FailNow()
	}
	test.compare("SQLite and PostgreSQL: "+query, answers[0], answers[1])
	return answers[0]
}

// want asks both engines for data that should be as computed.
func (test ledgerTest) want(query, data string) {
	test.Helper()
	test.compare(query, test.data(query), data)
}

// compare shows the first place where two texts differ.
func (test ledgerTest) compare(what, got, want string) {
	test.Helper()
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	if got != want {
		around := func(text string) string { return text[max(0, at-300):min(len(text), at+200)] }
		test.Fatalf("%s\n got …%s…\nwant …%s…", what, around(got), around(want))
	}
}

// everyBalance is a list that leaves no balance out.
const everyBalance = `balances(first: 200, includeContractBalances: true, includeArchived: true`

func literal(at time.Time) string {
	zone := time.FixedZone("", 3600*(at.Nanosecond()/1000%3))
	return strconv.Quote(at.In(zone).Format(time.RFC3339Nano))
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000Z") }

// modes are whether only finalized invoices count.
var modes = map[bool]string{false: "FINALIZED_AND_DRAFT", true: "FINALIZED"}

// moment is an alias of a field at an instant and in a mode.
type moment struct {
	alias string
	at    time.Time
	final bool
}

func (m moment) arguments() string {
	return "asOf: " + literal(m.at) + ", invoiceInclusionMode: " + modes[m.final]
}

func moments(instants []time.Time) (all []moment) {
	for i, at := range instants {
		all = append(all, moment{fmt.Sprint("d", i), at, false}, moment{fmt.Sprint("f", i), at, true})
	}
	return all
}

// joined are the texts of items between commas.
func joined[T any](items []T, text func(T) string) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = text(item)
	}
	return strings.Join(texts, ",")
}

// balancesAt compares the balances of all books.
func (test ledgerTest) balancesAt(instants []time.Time) {
	all := moments(instants)
	query := "{ " + everyBalance + ") { nodes { databaseId " +
		joined(all, func(m moment) string { return m.alias + ": balance(" + m.arguments() + ")" }) + " } } }"
	test.want(query, `{"balances":{"nodes":[`+joined(test.balances, func(b *book) string {
		return fmt.Sprintf(`{"databaseId":%q,`, b.id) + joined(all, func(m moment) string {
			if !b.imported {
				return fmt.Sprintf("%q:null", m.alias)
			}
			return fmt.Sprintf("%q:%q", m.alias, b.left(m.at, m.final, test.invoices))
		}) + "}"
	})+`]}}`)
}

// breakdownsAt compares the breakdowns of some books, in a mode by turns.
func (test ledgerTest) breakdownsAt(instants []time.Time) {
	start := 10 * test.r.IntN(bookCount/10)
	some := test.balances[start : start+10]
	all := moments(instants)
	all = slices.DeleteFunc(all, func(m moment) bool { return m.final == (test.r.IntN(2) == 0) })
	query := "{ " + everyBalance + ", filter: {id: {in: [" + joined(some, func(b *book) string { return strconv.Quote(b.id) }) + "]}}) { nodes { databaseId " +
		joined(all, func(m moment) string {
			return m.alias + ": breakdown(" + m.arguments() + ") { asOf balance segments { segment { id } active sum balance entries { reason counted entry { databaseId } } } }"
		}) + " } } }"
	test.want(query, `{"balances":{"nodes":[`+joined(some, func(b *book) string {
		return fmt.Sprintf(`{"databaseId":%q,`, b.id) + joined(all, func(m moment) string {
			if !b.imported {
				return fmt.Sprintf("%q:null", m.alias)
			}
			return fmt.Sprintf(`%q:{"asOf":%q,"balance":%q,"segments":[%s]}`, m.alias, stamp(m.at), b.left(m.at, m.final, test.invoices),
				joined(b.segments, func(s span) string { return test.segment(b, s, m) }))
		}) + "}"
	})+`]}}`)
}

// segment is the breakdown of a segment: what is counted of it is its sum.
func (test ledgerTest) segment(b *book, s span, m moment) string {
	var raw, counted decimal.Decimal
	if s.covers(m.at) {
		raw = b.raw(s, m.at, m.final, test.invoices)
	}
	var entries []string
	for _, e := range b.inOrder() {
		if b.owner(e) != s.id {
			continue
		}
		reason := s.reason(e, m.at, m.final, test.invoices)
		if reason == "COUNTED" {
			counted = counted.Add(e.amount)
		}
		entries = append(entries, fmt.Sprintf(`{"reason":%q,"counted":%t,"entry":{"databaseId":"%s/%d"}}`, reason, reason == "COUNTED", b.id, e.number))
	}
	if !counted.Equal(raw) {
		test.Fatalf("%s, %s at %s: the rules count %s of %s", b.id, s.id, m.at, counted, raw)
	}
	return fmt.Sprintf(`{"segment":{"id":%q},"active":%t,"sum":%q,"balance":%q,"entries":[%s]}`,
		s.id, s.covers(m.at), raw, decimal.Max(decimal.Zero, raw), strings.Join(entries, ","))
}
