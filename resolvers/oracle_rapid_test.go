package resolvers_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

func splitWords(s string) []string { return strings.Fields(s) }

// walk is a connection to be walked, and the argument types of its query.
type walk struct {
	connection string // field of Query or of the parent
	filter     string // name of the filter and order types, without Filter and Order
	fields     string // pairs of a filter field and what it compares
	orders     string
	extra      string // other arguments
	parents    string // types whose field it is, too
}

var walks = []walk{
	{"customers", "Customer", "id id name string accountNumber string type customerType startDate date endDate date updatedAt datetime", "ID NAME ACCOUNT_NUMBER START_DATE UPDATED_AT", "", ""},
	{"sites", "Site", "id id customerId id name string reference string startDate date endDate date updatedAt datetime", "ID NAME REFERENCE START_DATE UPDATED_AT", "", "customer"},
	{
		"usageProductInventories", "UsageProductInventory", "id id usageProductId id startDate date endDate date productReference string serviceId string siteId id label string customerId id billable boolean inFlightOrder boolean usageCapEnabled boolean tripwirePlanId id liveOn day updatedAt datetime",
		"ID SITE_ID USAGE_PRODUCT_ID START_DATE END_DATE SERVICE_ID UPDATED_AT", "", "customer site",
	},
	{
		"inclusiveUsageBalances", "InclusiveUsageBalance", "customerId id siteId id usageProductInventoryId id billRunId id assignmentId id inclusiveUsagePlanId id componentId id periodStartDate date periodEndDate date chargingType chargingType assignmentLevel assignmentLevel remaining decimal usedRatio float updatedAt datetime",
		"ID BILL_RUN_ID PERIOD_START_DATE PERIOD_END_DATE USAGE_PRODUCT_INVENTORY_ID UPDATED_AT", "", "customer site usageProductInventory",
	},
	{
		"balances", "Balance", "id balanceId customerId id type balanceType contractId balanceId coveringDate instant startingAt instant effectiveBefore instant creditTypeId balanceId customFields customFields updatedAt datetime",
		"ID CREATED_AT PRIORITY UPDATED_AT", "includeContractBalances: true, includeArchived: true", "customer",
	},
	{
		"entitlementBalances", "EntitlementBalance", "id balanceId customerId id quantity decimal quantityUsed decimal quantityRemaining decimal usedRatio float available flag activeAt instant createdAt datetime activeFrom datetime expiryAt datetime status string updatedAt datetime",
		"ID CREATED_AT QUANTITY QUANTITY_USED ACTIVE_FROM EXPIRY_AT UPDATED_AT", "", "customer",
	},
}

func oneOf[T any](t *rapid.T, label string, from []T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// drawOperand draws a value that a filter of the kind compares with.
func drawOperand(t *rapid.T, kind string) any {
	switch kind {
	case "id":
		return fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "id"))
	case "balanceId":
		return oneOf(t, "id", []string{"b00", "b05", "e03", "c1", "c2", "none"})
	case "string":
		return oneOf(t, "text", texts)
	case "date", "day":
		return string(oneOf(t, "date", dates))
	case "datetime", "instant":
		return oneOf(t, "instant", instants).String()
	case "decimal":
		return number(value(new(oneOf(t, "amount", amounts[:5]))))
	case "float":
		return oneOf(t, "ratio", ratios)
	case "customerType":
		return string(oneOf(t, "type", models.AllCustomerType))
	case "chargingType":
		return string(oneOf(t, "type", models.AllChargingType))
	case "assignmentLevel":
		return string(oneOf(t, "level", models.AllAssignmentLevel))
	case "balanceType":
		return string(oneOf(t, "type", models.AllBalanceType))
	default:
		return rapid.Bool().Draw(t, "flag")
	}
}

var operatorsOf = map[string][]string{
	"id": {"eq", "in", "isNull"}, "balanceId": {"eq", "in", "isNull"}, "string": {"eq", "in", "like", "startsWith", "isNull"},
	"date": {"eq", "lt", "lte", "gt", "gte", "gtOrNull", "isNull"}, "datetime": {"eq", "neq", "lt", "lte", "gt", "gte", "isNull"},
	"decimal": {"eq", "neq", "lt", "lte", "gt", "gte", "isNull"}, "float": {"lt", "lte", "gt", "gte", "isNull"}, "boolean": {"eq"},
	"customerType": {"eq", "in"}, "chargingType": {"eq", "in"}, "assignmentLevel": {"eq", "in"}, "balanceType": {"eq", "in"},
}

func drawField(t *rapid.T, kind string) any {
	switch kind {
	case "day", "instant", "flag":
		return drawOperand(t, kind)
	case "customFields":
		return []any{map[string]any{"key": oneOf(t, "key", []string{"k1", "k2"}), "value": oneOf(t, "value", texts)}}
	}
	operators := map[string]any{}
	for range rapid.IntRange(1, 2).Draw(t, "operators") {
		switch operator := oneOf(t, "operator", operatorsOf[kind]); operator {
		case "isNull":
			operators[operator] = rapid.Bool().Draw(t, "null")
		case "in":
			members := []any{}
			for range rapid.IntRange(0, 3).Draw(t, "members") {
				members = append(members, drawOperand(t, kind))
			}
			operators[operator] = members
		default:
			operators[operator] = drawOperand(t, kind)
		}
	}
	return operators
}

func drawFilter(t *rapid.T, w walk, depth int) map[string]any {
	filter := map[string]any{}
	fields := splitWords(w.fields)
	for range rapid.IntRange(0, 2).Draw(t, "fields") {
		i := 2 * rapid.IntRange(0, len(fields)/2-1).Draw(t, "field")
		filter[fields[i]] = drawField(t, fields[i+1])
	}
	if depth == 0 {
		return filter
	}
	for _, name := range []string{"and", "or"} {
		if rapid.IntRange(0, 3).Draw(t, name) > 0 {
			continue
		}
		members := []any{}
		for range rapid.IntRange(0, 2).Draw(t, "members") {
			members = append(members, drawFilter(t, w, depth-1))
		}
		filter[name] = members
	}
	if rapid.IntRange(0, 3).Draw(t, "not") == 0 {
		filter["not"] = drawFilter(t, w, depth-1)
	}
	return filter
}

func drawOrder(t *rapid.T, w walk) []map[string]any {
	keys := []map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "keys") {
		key := map[string]any{"field": oneOf(t, "field", splitWords(w.orders)), "direction": oneOf(t, "direction", []string{"ASC", "DESC"})}
		if nulls := oneOf(t, "nulls", []string{"", "FIRST", "LAST"}); nulls != "" {
			key["nulls"] = nulls
		}
		keys = append(keys, key)
	}
	return keys
}

var cases = flag.Int("oracle-cases", 300, "how many cases the oracle test of connections draws")

// TestOracle walks connections by random filters, orders and page sizes, forwards
// and backwards, at the root and inside a parent, and compares with the oracle:
// the same rows in the same order, no repeats, and true page info and counts.
func TestOracle(t *testing.T) {
	if err := flag.Set("rapid.checks", fmt.Sprint(*cases)); err != nil {
		t.Fatal(err)
	}
	const worlds = 4
	modelstest.EachEngine(t, func(t *testing.T, fresh func(testing.TB) string) {
		var all []*world
		var apis []*api
		for seed := range uint64(worlds) {
			db := modelstest.Open(t, fresh(t))
			w := newWorld(seed)
			w.store(t, db)
			all, apis = append(all, w), append(apis, newAPI(t, db, everything))
		}
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(0, worlds-1).Draw(t, "world")
			w := oneOf(t, "connection", walks)
			filter, order := drawFilter(t, w, 3), drawOrder(t, w)
			records, parent := all[n].records[w.connection], ""
			if types := splitWords(w.parents); len(types) > 0 && rapid.Bool().Draw(t, "all parents") {
				together(t, apis[n], all[n], w, oneOf(t, "parent", types), filter, order)
				return
			}
			if types := splitWords(w.parents); len(types) > 0 && rapid.Bool().Draw(t, "nested") {
				parent = oneOf(t, "parent", types)
				key := oneOf(t, "key", all[n].records[parents[parent]]).key
				records = slices.DeleteFunc(slices.Clone(records), func(r record) bool { return r.parent[parent] != key })
				parent += `(id: "` + key + `")`
			}
			var want []string
			for _, r := range inOrder(records, order) {
				if passes(r, filter) {
					want = append(want, r.key)
				}
			}
			check := oracleCase{t, apis[n], w, parent, filter, order, want}
			check.walk(false)
			check.walk(true)
		})
	})
}

// together reads a page of every parent in one query and compares each with the
// oracle.
func together(t *rapid.T, api *api, of *world, w walk, parent string, filter map[string]any, order []map[string]any) {
	size, backward := rapid.IntRange(0, 5).Draw(t, "size"), rapid.Bool().Draw(t, "backward")
	paging := "first: $n"
	if backward {
		paging = "last: $n"
	}
	query := fmt.Sprintf("query($f: %[1]sFilter, $o: [%[1]sOrder!], $n: Int) { all: %[2]s(first: 1000) { nodes { databaseId page: %[3]s(filter: $f, orderBy: $o, %[4]s, %[5]s) %[6]s } } }",
		w.filter, parents[parent], w.connection, paging, w.extra, pageFields)
	answer := api.ask(query, "f", filter, "o", order, "n", size)
	var got struct {
		All struct {
			Nodes []struct {
				DatabaseID string
				Page       page
			}
		}
	}
	if err := json.Unmarshal(answer.Data, &got); err != nil || len(answer.Errors) > 0 || len(got.All.Nodes) != len(of.records[parents[parent]]) {
		t.Fatalf("%s: %v %+v", query, err, answer.Errors)
	}
	for _, node := range got.All.Nodes {
		var want []string
		for _, r := range inOrder(of.records[w.connection], order) {
			if r.parent[parent] == node.DatabaseID && passes(r, filter) {
				want = append(want, r.key)
			}
		}
		total, more := len(want), len(want) > size
		if backward {
			want = want[max(0, total-size):]
		} else {
			want = want[:min(total, size)]
		}
		var keys []string
		for _, edge := range node.Page.Edges {
			keys = append(keys, edge.Node.DatabaseID)
		}
		info := node.Page.PageInfo
		if !slices.Equal(keys, want) || node.Page.TotalCount != total || info.HasNextPage != (more && !backward) || info.HasPreviousPage != (more && backward) {
			filter, _ := json.Marshal(filter)
			t.Fatalf("%s\nfilter %s\norderBy %v\n%s %s, size %d: got %q of %d %+v, want %q of %d", query, filter, order, parent, node.DatabaseID, size, keys, node.Page.TotalCount, info, want, total)
		}
	}
}

var parents = map[string]string{"customer": "customers", "site": "sites", "usageProductInventory": "usageProductInventories"}

type oracleCase struct {
	t      *rapid.T
	api    *api
	walkOf walk
	parent string
	filter map[string]any
	order  []map[string]any
	want   []string
}

// walk reads the whole list page by page and compares.
func (c oracleCase) walk(backward bool) {
	size := rapid.IntRange(1, 7).Draw(c.t, "size")
	query, near := c.query("first: $n, after: $c"), 0
	if backward {
		query = c.query("last: $n, before: $c")
	}
	cursor, seen := "", 0
	for {
		got := c.page(query, size, cursor)
		rest := c.want[seen:]
		if backward {
			rest = c.want[:len(c.want)-seen]
		}
		page, more := rest[:min(size, len(rest))], len(rest) > size
		if backward {
			page = rest[max(0, len(rest)-size):]
		}
		var keys []string
		for _, edge := range got.Edges {
			keys = append(keys, edge.Node.DatabaseID)
		}
		next, previous := more, near > 0
		if backward {
			next, previous = previous, next
		}
		if !slices.Equal(keys, page) || got.TotalCount != len(c.want) || got.PageInfo.HasNextPage != next || got.PageInfo.HasPreviousPage != previous {
			c.fail(query, size, cursor, fmt.Sprintf("got  %q of %d %+v\nwant %q of %d, next %v, previous %v", keys, got.TotalCount, got.PageInfo, page, len(c.want), next, previous))
		}
		if !more {
			return
		}
		near += len(page)
		seen += len(page)
		cursor = *got.PageInfo.EndCursor
		if backward {
			cursor = *got.PageInfo.StartCursor
		}
	}
}

func (c oracleCase) query(paging string) string {
	field := c.walkOf.connection + "(filter: $f, orderBy: $o, " + paging + ", " + c.walkOf.extra + ") " + pageFields
	if c.parent != "" {
		field = c.parent + " { " + field + " }"
	}
	return fmt.Sprintf("query($f: %[1]sFilter, $o: [%[1]sOrder!], $n: Int, $c: String) { %[2]s }", c.walkOf.filter, field)
}

func (c oracleCase) page(query string, size int, cursor string) (got page) {
	answer := c.api.ask(query, "f", c.filter, "o", c.order, "n", size, "c", cursor)
	if len(answer.Errors) > 0 {
		c.fail(query, size, cursor, fmt.Sprint(answer.Errors))
	}
	data := answer.Data
	for range 1 + min(1, len(c.parent)) {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(data, &fields); err != nil {
			c.fail(query, size, cursor, err.Error())
		}
		for _, field := range fields {
			data = field
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		c.fail(query, size, cursor, err.Error())
	}
	return got
}

func (c oracleCase) fail(query string, size int, cursor, message string) {
	filter, _ := json.Marshal(c.filter)
	order, _ := json.Marshal(c.order)
	c.t.Fatalf("%s\nfilter %s\norderBy %s\nsize %d, cursor %q\n%s", query, filter, order, size, cursor, message)
}
