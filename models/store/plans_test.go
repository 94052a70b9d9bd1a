package store_test

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/seed"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

var planCustomers = flag.Int("plan-customers", 300, "how many customers the test of query plans seeds")

// TestPlans reads the plans of pages that an index must serve: each order as it
// is, its second page, and each equality on an ID, a date, a reference or a
// service ID with the default order. None may read a whole table or sort it.
func TestPlans(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if _, err := seed.Run(t.Context(), db, seed.Options{Customers: *planCustomers, Seed: 1}); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec("ANALYZE").Error; err != nil {
			t.Fatal(err)
		}
		plansOf(t, db, models.AllCustomers, "ID NAME ACCOUNT_NUMBER START_DATE UPDATED_AT", "id 7 startDate 2021-05-01 endDate 2025-01-31")
		plansOf(t, db, models.AllSites, "ID NAME REFERENCE START_DATE UPDATED_AT", "id 7 customerId 7 reference X startDate 2021-05-01 endDate 2025-01-31")
		plansOf(t, db, models.AllUsageProductInventories, "ID SITE_ID USAGE_PRODUCT_ID START_DATE END_DATE SERVICE_ID UPDATED_AT",
			"id 7 siteId 7 customerId 7 tripwirePlanId 77 startDate 2021-05-01 endDate 2025-01-31 serviceId SVC00000001 productReference 01134960001")
		plansOf(t, db, models.AllInclusiveUsageBalances, "ID BILL_RUN_ID PERIOD_START_DATE PERIOD_END_DATE USAGE_PRODUCT_INVENTORY_ID UPDATED_AT",
			"customerId 7 siteId 7 usageProductInventoryId 7 billRunId 2 assignmentId 7 periodStartDate 2020-01-01 periodEndDate 2020-01-31")
		plansOf(t, db, models.AllBalances, "ID CREATED_AT PRIORITY UPDATED_AT", "id x customerId 7 contractId x")
		plansOf(t, db, models.AllEntitlementBalances, "ID CREATED_AT QUANTITY QUANTITY_USED ACTIVE_FROM EXPIRY_AT UPDATED_AT", "id x customerId 7 contractId x")
	})
}

func plansOf[T any](t *testing.T, db *gorm.DB, all *store.Relation[store.Root, T, struct{}], orders, equal string) {
	t.Helper()
	reader := store.NewReader(db, store.Scope{All: true})
	// An incremental sort orders only the ties that an index left.
	unordered, unsearched := regexp.MustCompile(`(?m)Seq Scan|(->  |^)Sort|TEMP B-TREE FOR ORDER`), regexp.MustCompile(`Seq Scan|SCAN t\b`)
	explain := func(what string, bad *regexp.Regexp, request store.Request) {
		t.Helper()
		q, err := all.Prepare(request)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := store.Explain(t.Context(), reader, all, []struct{}{{}}, q)
		if err != nil {
			t.Fatal(err)
		}
		if found := bad.FindString(plan); found != "" {
			t.Errorf("%s: the plan has %q:\n%s", what, found, plan)
		}
	}
	for _, field := range strings.Fields(orders) {
		for _, direction := range []string{"ASC", "DESC"} {
			orderBy := []store.OrderKey{{"field": field, "direction": direction}}
			what := fmt.Sprintf("%T by %s %s", *new(T), field, direction)
			q := store.Request{Page: store.ArgsOf(store.Page{Limit: 50}), OrderBy: orderBy}
			if direction == "DESC" && db.Name() == "sqlite" && field != "ID" {
				continue // the key ascends: SQLite sorts mixed directions, as the docs say
			}
			explain(what, unordered, q)
			prepared, err := all.Prepare(q)
			if err != nil {
				t.Fatal(err)
			}
			pages, err := store.Pages(t.Context(), reader, all, []struct{}{{}}, prepared)
			if err != nil {
				t.Fatal(err)
			}
			rows := pages[struct{}{}].Rows
			q.Page.After = new(prepared.Cursor(rows[len(rows)-1]))
			explain(what+", second page", unsearched, q)
		}
	}
	for pair := range slices.Chunk(strings.Fields(equal), 2) {
		explain(fmt.Sprintf("%T with %s", *new(T), pair[0]), unsearched, store.Request{
			Page: store.ArgsOf(store.Page{Limit: 50}), Filters: []store.Filter{{pair[0]: map[string]any{"eq": pair[1]}}},
		})
	}
}

// TestPlanOfLedgers holds that a page of each ledger, from either end, is read by an
// index that has its order: SQLite would else read and sort whole ledgers.
func TestPlanOfLedgers(t *testing.T) {
	reader := store.NewReader(modelstest.Open(t, modelstest.SQLite(t)), store.Scope{All: true})
	for _, backward := range []bool{false, true} {
		for _, keys := range [][]models.LedgerKey{{{CustomerID: 1, BalanceID: "a"}}, {{CustomerID: 1, BalanceID: "a"}, {CustomerID: 1, BalanceID: "b"}}} {
			q, err := models.LedgerOfBalance.Prepare(store.Request{Page: store.ArgsOf(store.Page{Limit: 10, Backward: backward})})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := store.Explain(t.Context(), reader, models.LedgerOfBalance, keys, q)
			if err != nil {
				t.Fatal(err)
			}
			// The one sort is that of several pages.
			if !strings.Contains(plan, "ledger_entries_order (customer_id=? AND balance_id=?)") || strings.Count(plan, "TEMP B-TREE") != len(keys)-1 {
				t.Errorf("backward %v, %d parents: the plan is\n%s", backward, len(keys), plan)
			}
		}
	}
}
