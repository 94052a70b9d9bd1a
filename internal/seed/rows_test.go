package seed

import (
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm/schema"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// sample is large enough for all that is rare.
var sample = generate(1, 1000)

func TestCounts(t *testing.T) {
	for id := range 1000 {
		one := &batch{}
		newCustomer(one, newCatalogue(1, newCalendar(lastDay)), 1, scalar.CustomerID(id+1)).make()
		got := []int{len(one.customers), len(one.sites), len(one.inventories), len(one.usageBalances), len(one.balances), len(one.entitlementBalances)}
		if diff := cmp.Diff([]int{1, 3, 9, 36, 4, 5}, got); diff != "" {
			t.Fatalf("customer %d: %s", id+1, diff)
		}
		if n := len(one.references); n < 9 || n > 18 {
			t.Errorf("customer %d: %d references of 9 inventories", id+1, n)
		}
		if len(one.components) != 2*len(one.assignments) {
			t.Errorf("customer %d: %d components of %d assignments", id+1, len(one.components), len(one.assignments))
		}
	}
	for name, mean := range map[string]struct {
		rows   int
		lo, hi float64
	}{
		"components":     {len(sample.components), 98, 102},
		"ledger entries": {len(sample.entries), 33, 43},
		"all rows":       {int(sample.rows()), 280, 295},
	} {
		if each := float64(mean.rows) / 1000; each < mean.lo || each > mean.hi {
			t.Errorf("%s: %v a customer", name, each)
		}
	}
	if len(sample.usageProducts) != 12 || len(sample.plans) != 10 || len(sample.billRuns) != 4 || len(sample.entitlements) != 6 {
		t.Error("the catalogue is not complete")
	}
}

// TestKeys wants no key twice: that of each table as its struct has it.
func TestKeys(t *testing.T) {
	for _, rows := range sample.slices() {
		list := reflect.ValueOf(rows).Elem()
		parsed, err := schema.Parse(rows, &schemas, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[[5]any]bool{}
		for i := range list.Len() {
			var key [5]any
			for j, field := range parsed.PrimaryFields {
				key[j] = list.Index(i).FieldByIndex(field.StructField.Index).Interface()
			}
			if seen[key] {
				t.Fatalf("%T: key %v twice", rows, key)
			}
			seen[key] = true
		}
	}
}

// TestValuesVary wants each column that may be null to be so now and then and to
// be filled now and then, and each value of an enum to be there.
func TestValuesVary(t *testing.T) {
	never := map[string]bool{ // always there, as the sources have it
		"Customer.Name": true, "Customer.AccountNumber": true, "Customer.Type": true, "Customer.StartDate": true, "Customer.CreatedAt": true,
		"Site.Name": true, "Site.StartDate": true, "Site.CreatedAt": true,
		"InclusiveUsageBalance.PeriodStartDate": true, "InclusiveUsageBalance.PeriodEndDate": true,
		"InclusiveUsageAssignment.AssignmentStartDate": true, "InclusiveUsageAssignment.InclusiveUsagePlanID": true,
		"Balance.ProductID": true, "Balance.CreditTypeID": true, "Balance.CreatedAt": true, "Balance.LedgerDigest": true,
		"EntitlementBalance.EntitlementID": true, "EntitlementBalance.Name": true, "EntitlementBalance.Type": true, "EntitlementBalance.SourceType": true,
		"EntitlementBalance.CreatedAt": true,
	}
	always := map[string]bool{ // digests are of imports; the rest nobody has
		"Site.Address3": true, "Balance.RecurringBalanceID": true, "Customer.SourceKey": true, "Digest": true,
	}
	for _, rows := range []any{
		sample.customers, sample.sites, sample.inventories, sample.references, sample.usageBalances, sample.assignments,
		sample.components, sample.invoices, sample.contracts, sample.balances, sample.entries, sample.entitlementBalances,
	} {
		list := reflect.ValueOf(rows)
		for _, field := range reflect.VisibleFields(list.Type().Elem()) {
			if kind := field.Type.Kind(); kind != reflect.Pointer && kind != reflect.Slice || field.Name == "siblings" {
				continue
			}
			null, filled := 0, 0
			for i := range list.Len() {
				if list.Index(i).FieldByIndex(field.Index).IsNil() {
					null++
				} else {
					filled++
				}
			}
			name := list.Type().Elem().Name() + "." + field.Name
			if null == 0 != never[name] || filled == 0 != (always[name] || always[field.Name]) {
				t.Errorf("%s: null %d times, filled %d times", name, null, filled)
			}
		}
	}
	for _, want := range models.AllLedgerEntryType {
		if !slices.ContainsFunc(sample.entries, func(e models.LedgerEntry) bool { return e.Type == want }) {
			t.Errorf("no entry is a %s", want)
		}
	}
	for _, want := range models.AllCustomerType {
		if !slices.ContainsFunc(sample.customers, func(c models.Customer) bool { return *c.Type == want }) {
			t.Errorf("no customer is a %s", want)
		}
	}
}

// TestDemo wants the first customer, which people see first, to have something of
// everything.
func TestDemo(t *testing.T) {
	for seed := range uint64(20) {
		b := generate(seed, 1)
		if *b.customers[0].Name != "Hollowbrook Bakeries Ltd" || b.customers[0].EndDate != nil || len(b.externalIDs) != 2 {
			t.Errorf("seed %d: %+v", seed, b.customers[0])
		}
		for _, level := range []models.AssignmentLevel{models.AssignmentLevelCustomer, models.AssignmentLevelSite} {
			if !slices.ContainsFunc(b.assignments, func(a models.InclusiveUsageAssignment) bool { return a.AssignmentLevel == level }) {
				t.Errorf("seed %d: no assignment of the %s", seed, level)
			}
		}
	}
}

func TestSlug(t *testing.T) {
	for text, want := range map[string]string{
		"Hollowbrook Bakeries Ltd": "hollowbrook-bakeries-ltd", "O'Dunmarra Café & Sons": "odunmarra-cafe-sons",
		"Müßiggang Hôtel GmbH": "muessiggang-hotel-gmbh", "Fernsby-Wren": "fernsby-wren",
	} {
		if got := slug(text); got != want {
			t.Errorf("slug(%q) = %q, want %q", text, got, want)
		}
	}
}
