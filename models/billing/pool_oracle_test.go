package billing_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// This file is a second answer to what a pool of inclusive usage is: a plain evaluation
// over rows in memory, which shares no code with models.

var poolCases = flag.Int("pool-cases", 400, "at how many instants the oracle test of pools asks; each 100 have pools of their own")

// poolID is what the rows of a pool have in common, whatever their bill run.
type poolID struct {
	customer, assignment, component int
	start                           string
}

// poolRow is a component in the balance of an inventory in a bill run.
type poolRow struct {
	poolID
	run, site, inventory int
	end                  string // "" is open
	allowance, remaining int
}

// pools are made-up rows of some customers, the same for the same seed.
type pools struct {
	r       *rand.Rand
	periods [6]string // in which the bill runs start, by their number less 1; "" where one has none
	rows    []poolRow
}

const (
	poolCustomers = 4
	local         = "2006-01-02T15:04:05"
)

func newPools(seed uint64) *pools {
	p := &pools{r: rand.New(rand.NewPCG(seed, 7))}
	for run := range p.periods {
		p.periods[run] = pickOf(p.r, "", "2025-08-01", "2025-09-01", "2025-10-01", "2025-11-01")
	}
	for customer := 1; customer <= poolCustomers; customer++ {
		for n := range 3 { // of the customer, of its first site, and of its first inventory
			for component := 1; component <= 2; component++ {
				for range 1 + p.r.IntN(2) {
					p.pool(poolID{customer, 10*customer + n, component, p.second().Format(local)}, n)
				}
			}
		}
	}
	slices.SortFunc(p.rows, func(a, b poolRow) int {
		return cmp.Or(cmp.Compare(a.run, b.run), cmp.Compare(a.inventory, b.inventory))
	})
	return p
}

// pool adds the rows of a pool that does not stand there yet.
func (p *pools) pool(id poolID, level int) {
	if slices.ContainsFunc(p.rows, func(r poolRow) bool { return r.poolID == id }) {
		return
	}
	for run := range p.periods {
		if p.r.IntN(3) == 0 {
			continue
		}
		first := p.copy(poolRow{poolID: id, run: run + 1})
		for n := range []int{4, 2, 1}[level] {
			row := first
			if p.r.IntN(3) == 0 {
				row = p.copy(row)
			}
			if row.site, row.inventory = 10*id.customer+n/2, 100*id.customer+n; p.r.IntN(5) > 0 {
				p.rows = append(p.rows, row)
			}
		}
	}
}

// copy is the row with numbers and an end of its own.
func (p *pools) copy(row poolRow) poolRow {
	row.allowance, row.remaining = pickOf(p.r, 100, 100, 100, 200, 0, -50), pickOf(p.r, 0, 1, 10, 50, 99, 100, -50)
	if row.end = ""; p.r.IntN(8) > 0 {
		row.end = p.second().Format(local)
	}
	return row
}

// second is the first or the last of some day.
func (p *pools) second() time.Time {
	return billingYear.AddDate(0, 8, p.r.IntN(60)).Add(-time.Duration(p.r.IntN(2)) * time.Second)
}

// payloads are the rows as the billing system answers them.
func (p *pools) payloads(t *testing.T) []payload {
	var customers, sites, inventories, balances []any
	for customer := 1; customer <= poolCustomers; customer++ {
		customers = append(customers, map[string]any{"id": customer, "customerName": "C"})
		for n := range 4 {
			if n%2 == 0 {
				sites = append(sites, map[string]any{"id": 10*customer + n/2, "customerId": customer})
			}
			inventory := 100*customer + n
			inventories = append(inventories, map[string]any{
				"id": inventory, "siteId": 10*customer + n/2, "usageProductId": 1, "startDate": "2025-01-01",
				"productReferences": []any{map[string]any{"id": inventory, "productReference": "r"}},
			})
		}
	}
	for rows := p.rows; len(rows) > 0; {
		n := slices.IndexFunc(rows, func(r poolRow) bool { return r.run != rows[0].run || r.inventory != rows[0].inventory })
		if n < 0 {
			n = len(rows)
		}
		balances = append(balances, p.balance(rows[:n]))
		rows = rows[n:]
	}
	var out []payload
	for i, list := range [][]any{customers, sites, inventories, balances} {
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, payload{[]string{"customers", "sites", "usage-product-inventories", "inclusive-usage-balances"}[i], string(text)})
	}
	return out
}

// balance is the balance of an inventory that has the rows.
func (p *pools) balance(rows []poolRow) map[string]any {
	of := map[int][]any{}
	for _, r := range rows {
		component := map[string]any{"componentId": r.component, "chargingType": chargingType[r.component], "byValue": r.component == 2, "allowance": r.allowance, "remaining": r.remaining, "startDate": r.start}
		if r.end != "" {
			component["endDate"] = r.end
		}
		of[r.assignment] = append(of[r.assignment], component)
	}
	assignments := []any{}
	for id, components := range of {
		assignments = append(assignments, map[string]any{"assignmentId": id, "assignmentLevel": []string{"CUSTOMER", "SITE", "INVENTORY"}[id%10], "components": components})
	}
	row := map[string]any{"billRunId": rows[0].run, "usageProductInventoryId": rows[0].inventory, "inclusiveUsageBalanceAssignments": assignments}
	if start := p.periods[rows[0].run-1]; start != "" {
		row["periodStartDate"] = start
	}
	return row
}

var chargingType = map[int]string{1: "DURATION", 2: "MB"}

// standsFor is the row of those of one bill run that gives the numbers of the pool.
func standsFor(rows []poolRow) poolRow {
	return slices.MinFunc(rows, func(a, b poolRow) int {
		return cmp.Or(cmp.Compare(a.remaining, b.remaining), -cmp.Compare(a.allowance, b.allowance), cmp.Compare(a.inventory, b.inventory))
	})
}

// latest are the rows that stand for the pools in the latest bill run of each.
func (p *pools) latest() (rows []poolRow) {
	pools := map[poolID][]poolRow{}
	for _, r := range p.rows {
		if before := pools[r.poolID]; before != nil {
			switch order := cmp.Or(cmp.Compare(p.periods[r.run-1], p.periods[before[0].run-1]), cmp.Compare(r.run, before[0].run)); {
			case order < 0:
				continue
			case order > 0:
				delete(pools, r.poolID)
			}
		}
		pools[r.poolID] = append(pools[r.poolID], r)
	}
	for _, of := range pools {
		rows = append(rows, standsFor(of))
	}
	return rows
}

func (r poolRow) ratio() float64 { return float64(r.allowance-r.remaining) / float64(r.allowance) }

func (r poolRow) in() string { return fmt.Sprintf("%d/%d", r.run, r.inventory) }

// open reports whether the window is open at an instant: its last second is in it.
func (r poolRow) open(at time.Time) bool {
	return r.start <= at.Format(local) && (r.end == "" || at.Format(local) <= r.end)
}

// low are the values of lowBalances.
func (p *pools) low(at time.Time, usedRatio float64) string {
	var nodes []string
	for _, r := range p.latest() {
		if r.open(at) && r.allowance != 0 && r.ratio() >= usedRatio {
			nodes = append(nodes, fmt.Sprintf("INCLUSIVE_USAGE/%d/%d/%s/%d, %d, %d, %s, %s", r.assignment, r.component, r.start, r.customer, r.allowance, r.remaining, strconv.FormatFloat(r.ratio()+0, 'f', -1, 64), r.in()))
		}
	}
	slices.Sort(nodes)
	return strings.Join(nodes, ", ")
}

// expiring are the values of a customer's expiring.
func (p *pools) expiring(customer int, at time.Time, days int) string {
	last, nodes := at.AddDate(0, 0, days).Format(local), map[string]string{}
	for _, r := range p.latest() {
		if r.customer == customer && r.remaining > 0 && r.end != "" && at.Format(local) <= r.end && r.end <= last {
			nodes[fmt.Sprintf("%s [%d,%d,%q]", r.end, r.assignment, r.component, r.start)] = fmt.Sprintf("%d, %s, %d, %d, %s", r.remaining, r.end, r.component, r.allowance, r.in())
		}
	}
	return inKeyOrder(nodes)
}

func inKeyOrder(of map[string]string) string {
	var keys []string
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return joinWords(keys, func(key string) string { return of[key] })
}

func joinWords[T any](items []T, text func(T) string) string {
	var texts []string
	for _, item := range items {
		texts = append(texts, text(item))
	}
	return strings.Join(texts, ", ")
}

// summary are the values of the usageSummary of the rows that are chosen.
func (p *pools) summary(chosen func(poolRow) bool) string {
	type key struct {
		poolID
		run int
	}
	of := map[key][]poolRow{}
	for _, r := range p.rows {
		if chosen(r) {
			of[key{r.poolID, r.run}] = append(of[key{r.poolID, r.run}], r)
		}
	}
	type sum struct{ pools, allowance, remaining int }
	sums := map[string]sum{}
	for _, rows := range of {
		r := standsFor(rows)
		group := fmt.Sprintf("BillRun:%d, %s, %s", r.run, chargingType[r.component], []string{"SECOND", "MINOR_CURRENCY"}[r.component-1])
		s := sums[group]
		sums[group] = sum{s.pools + 1, s.allowance + r.allowance, s.remaining + r.remaining}
	}
	nodes := map[string]string{}
	for group, s := range sums {
		nodes[group] = fmt.Sprintf("%s, %d, %d, %d", group, s.pools, s.allowance, s.remaining)
	}
	return inKeyOrder(nodes)
}

// TestPoolOracle compares lowBalances, expiring and usageSummary of pools whose bill
// runs and inventories disagree with the rules above, on both engines.
func TestPoolOracle(t *testing.T) {
	const each = 100
	for n := range uint64(max(1, (*poolCases+each-1)/each)) {
		t.Run(fmt.Sprint("seed=", n+1), func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				p := newPools(n + 1)
				s := serverOf(t, db, p.payloads(t))
				var summaries []example
				for customer := 1; customer <= poolCustomers; customer++ {
					const fields = " { billRunId chargingType unit allowances allowance remaining }"
					summaries = append(summaries,
						example{"customer", fmt.Sprintf("{ customer(id: %d) { usageSummary%s } }", customer, fields), p.summary(func(r poolRow) bool { return r.customer == customer })},
						example{"site", fmt.Sprintf("{ site(id: %d) { usageSummary%s } }", 10*customer, fields), p.summary(func(r poolRow) bool { return r.site == 10*customer })})
				}
				holds(t, s, summaries)
				found := 0
				for range each {
					found += p.compareAt(t, s)
				}
				if found < each {
					t.Errorf("of the pools only %d were found", found)
				}
			})
		})
	}
}

// compareAt compares at an instant, and returns how many pools were found.
func (p *pools) compareAt(t *testing.T, s apitest.Server) (found int) {
	t.Helper()
	at := p.second().Add(pickOf(p.r, 0, -time.Microsecond, time.Microsecond, time.Second-time.Microsecond, time.Second, 7*time.Hour))
	days, ratio := pickOf(p.r, 0, 0, 1, 7, 40), pickOf(p.r, 0, 0.5, 0.9, 1)
	low := example{"low", fmt.Sprintf(`{ lowBalances(first: 1000, usedRatio: %v, asOf: %q) { nodes { key allowance remaining usedRatio inclusiveUsageBalance { databaseId } } } }`, ratio, stamp(at)), p.low(at, ratio)}
	examples, found := []example{low}, strings.Count(low.want, "INCLUSIVE")
	for customer := 1; customer <= poolCustomers; customer++ {
		e := example{"expiring", fmt.Sprintf(`{ customer(id: %d) { expiring(withinDays: %d, asOf: %q) { amount lastSecond component { componentId allowance } inclusiveUsageBalance { databaseId } } } }`, customer, days, stamp(at)), p.expiring(customer, at, days)}
		examples, found = append(examples, e), found+strings.Count(e.want, "/")
	}
	holds(t, s, examples)
	return found
}
