package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

func TestRootConnection(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		sitesOf(t, db, 5)
		api := newAPI(t, db, everything)
		cursors := map[string]string{}
		var all struct{ Sites page }
		api.get(&all, "{ sites "+pageFields+" }")
		for _, edge := range all.Sites.Edges {
			cursors[edge.Node.DatabaseID] = edge.Cursor
		}
		if err := db.Exec("DELETE FROM sites WHERE id = 3").Error; err != nil {
			t.Fatal(err)
		}
		tests := []struct{ args, want string }{
			{`first: 2`, "1 2 >"},
			{`first: 4`, "1 2 4 5"},
			{`first: 0`, " >"},
			{`last: 0`, "< "},
			{`last: 3`, "< 2 4 5"},
			{`first: 2, after: ""`, "1 2 >"},
			{`first: 2, after: null`, "1 2 >"},
			{`first: 2, after: "1"`, "< 2 4 >"},
			{`first: 2, after: "3"`, "< 4 5"}, // its row is gone
			{`first: 2, after: "5"`, "< "},
			{`last: 2, before: "5"`, "< 2 4 >"},
			{`last: 2, before: "3"`, "1 2 >"},
			{`last: 2, before: "1"`, " >"},
			{`before: "5"`, "1 2 4 >"},
		}
		for _, tt := range tests {
			args := tt.args
			for key, cursor := range cursors {
				args = strings.ReplaceAll(args, fmt.Sprintf("%q", key), fmt.Sprintf("%q", cursor))
			}
			var got struct{ Sites page }
			api.get(&got, "{ sites("+args+") "+pageFields+" }")
			if got.Sites.String() != tt.want || got.Sites.TotalCount != 4 {
				t.Errorf("sites(%s): got %q of %d, want %q of 4", tt.args, got.Sites, got.Sites.TotalCount, tt.want)
			}
			info := got.Sites.PageInfo
			if n := len(got.Sites.Edges); n == 0 && (info.StartCursor != nil || info.EndCursor != nil) ||
				n > 0 && (*info.StartCursor != got.Sites.Edges[0].Cursor || *info.EndCursor != got.Sites.Edges[n-1].Cursor) {
				t.Errorf("sites(%s): cursors of the page %+v", tt.args, info)
			}
		}
	})
}

// TestNestedConnection pages per parent: each has its own first rows, next page
// and count.
func TestNestedConnection(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		sitesOf(t, db, 4, 0, 2, 1)
		api := newAPI(t, db, everything)
		ask := func(args string) (got []string) {
			var all struct {
				Customers struct{ Nodes []struct{ Sites page } }
			}
			api.get(&all, "{ customers { nodes { sites("+args+") "+pageFields+" } } }")
			for _, customer := range all.Customers.Nodes {
				got = append(got, fmt.Sprintf("%s of %d", customer.Sites, customer.Sites.TotalCount))
			}
			return got
		}
		var root struct{ Sites page }
		api.get(&root, "{ sites "+pageFields+" }")
		after5 := root.Sites.Edges[3].Cursor // sites 1 3 4 5 7 9 13
		for _, tt := range []struct{ args, want string }{
			{`first: 2`, "1 5 > of 4,  of 0, 3 7 of 2, 4 of 1"},
			{`last: 1`, "< 13 of 4,  of 0, < 7 of 2, 4 of 1"},
			{`first: 1, after: "` + after5 + `"`, "< 9 > of 4,  of 0, < 7 of 2, <  of 1"},
			{`last: 1, before: "` + after5 + `"`, "1 > of 4,  of 0, 3 > of 2, 4 of 1"},
		} {
			if got := strings.Join(ask(tt.args), ", "); got != tt.want {
				t.Errorf("sites(%s):\n got %q\nwant %q", tt.args, got, tt.want)
			}
		}
	})
}

func TestAliasesDoNotMix(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		sitesOf(t, db, 3, 3)
		var got struct {
			Customers struct{ Nodes []struct{ A, B, C page } }
		}
		newAPI(t, db, everything).get(&got, `query($n: Int = 3) { customers { nodes { a: sites(first: 1) `+pageFields+` b: sites(first: $n) `+pageFields+` c: sites(last: 1) `+pageFields+` } } }`)
		for i, want := range []string{"1 >|1 3 5|< 5", "2 >|2 4 6|< 6"} {
			node := got.Customers.Nodes[i]
			if s := fmt.Sprintf("%s|%s|%s", node.A, node.B, node.C); s != want {
				t.Errorf("customer %d: got %q, want %q", i+1, s, want)
			}
		}
	})
}

func TestPageArgumentsAreChecked(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	sitesOf(t, db, 2)
	api := newAPI(t, db, everything)
	var got struct{ Customers, Sites page }
	api.get(&got, `{ customers `+pageFields+` sites `+pageFields+` }`)
	customer := got.Customers.Edges[0].Cursor
	for query, want := range map[string]fault.Code{
		`{ sites(first: -1) { totalCount } }`:                       fault.BadUserInput,
		`{ sites(first: 1001) { totalCount } }`:                     fault.BadUserInput,
		`{ sites(first: 1, last: 1) { totalCount } }`:               fault.BadUserInput,
		`{ customer(id: 1) { sites(first: 501) { totalCount } } }`:  fault.BadUserInput,
		`{ sites(after: "garbage") { totalCount } }`:                fault.InvalidCursor,
		`{ sites(after: "` + customer + `") { totalCount } }`:       fault.CursorOrderMismatch,
		`{ customer(id: 1) { sites(before: "x") { totalCount } } }`: fault.InvalidCursor,
		`{ site(id: "Customer:1") { id } }`:                         fault.BadUserInput,
		`{ site(id: "ten") { id } }`:                                fault.BadUserInput,
		`{ node(id: "10") { id } }`:                                 fault.BadUserInput,
		`{ inclusiveUsageBalance(id: "7") { id } }`:                 fault.BadUserInput,
		`{ customer { id } }`:                                       fault.BadUserInput,
		`{ customer(id: 1, externalId: "x") { id } }`:               fault.BadUserInput,
		`query($ids: [ID!]!) { nodes(ids: $ids) { id } }`:           fault.BadUserInput,
		`{ customer(externalId: "\u0000") { id } }`:                 fault.BadUserInput,
		`{ balance(id: "a\u0000") { id } }`:                         fault.BadUserInput,
	} {
		if code := api.code(query, "ids", strings.Split(strings.Repeat("Site:1 ", 101), " ")[:101]); code != want {
			t.Errorf("%s: got %s, want %s", query, code, want)
		}
	}
}

func TestNodes(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		sitesOf(t, db, 2, 1)
		api := newAPI(t, db, store.Scope{Customers: []scalar.CustomerID{1}})
		got := api.ask(`{ nodes(ids: ["Site:3", "Customer:1", "Site:99", "Site:1", "Customer:2", "Site:2", "Balance:x", "LedgerEntry:x/1", "InclusiveUsageBalance:7/100", "Site:1"]) { __typename id }
			node(id: "Site:2") { id } site(id: 1) { id databaseId customerId customer { id } } other: site(id: "Site:2") { id } }`)
		want := `{"nodes":[{"__typename":"Site","id":"Site:3"},{"__typename":"Customer","id":"Customer:1"},null,{"__typename":"Site","id":"Site:1"},null,null,null,null,null,{"__typename":"Site","id":"Site:1"}],"node":null,"site":{"id":"Site:1","databaseId":"1","customerId":"Customer:1","customer":{"id":"Customer:1"}},"other":null}`
		if string(got.Data) != want || len(got.Errors) > 0 {
			t.Errorf("got  %s %v\nwant %s", got.Data, got.Errors, want)
		}
	})
}

// TestScope holds that rows of other customers are nowhere: not in lists, counts
// or page info, and not by a cursor of another token.
func TestScope(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		sitesOf(t, db, 3, 3, 3)
		var all struct{ Sites page }
		newAPI(t, db, everything).get(&all, "{ sites "+pageFields+" }")
		api := newAPI(t, db, store.Scope{Customers: []scalar.CustomerID{2}})
		var got struct {
			Customers, Sites, After page
			None                    *struct{ ID string }
		}
		api.get(&got, `query($c: String) { customers `+pageFields+` sites `+pageFields+` after: sites(after: $c) `+pageFields+` none: customer(id: 1) { id } }`, "c", all.Sites.Edges[0].Cursor)
		for what, is := range map[string][2]string{
			"customers": {fmt.Sprint(got.Customers, got.Customers.TotalCount), "2 1"},
			"sites":     {fmt.Sprint(got.Sites, got.Sites.TotalCount), "2 5 8 3"},
			"after 1":   {fmt.Sprint(got.After, got.After.TotalCount), "2 5 8 3"},
		} {
			if is[0] != is[1] {
				t.Errorf("%s: got %q, want %q", what, is[0], is[1])
			}
		}
		if got.None != nil {
			t.Error("customer 1 shows")
		}
		var nobody struct{ Sites page }
		newAPI(t, db, store.Scope{}).get(&nobody, "{ sites "+pageFields+" }")
		if s := fmt.Sprint(nobody.Sites, nobody.Sites.TotalCount); s != " 0" {
			t.Errorf("without customers: %q", s)
		}
	})
}
