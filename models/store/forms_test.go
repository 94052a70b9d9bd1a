package store_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// hardInts are keys that signs and bytes may get wrong.
var hardInts = []int64{math.MinInt64, math.MinInt64 + 1, -256, -2, -1, 1, 2, 3, 255, 256, math.MaxInt64}

// hardRows are customers, usage balances and balances with such keys, and some that have
// nothing below them.
func hardRows(tx *database.Tx) error {
	var customers []models.Customer
	var external []models.ExternalID
	for _, id := range hardInts {
		customers = append(customers, models.Customer{ID: scalar.CustomerID(id)})
	}
	var balances []models.Balance
	var segments []models.AccessSegment
	var ledgers []models.LedgerEntry
	for i, text := range store.HardTexts {
		for j := range 3 * (i % 4) {
			external = append(external, models.ExternalID{System: text, Value: store.HardTexts[(i+j)%len(store.HardTexts)], CustomerID: scalar.CustomerID(hardInts[i%3])})
		}
		for j := range i % 4 {
			segments = append(segments, models.AccessSegment{BalanceID: models.BalanceID(text), ID: store.HardTexts[(i*j)%len(store.HardTexts)] + fmt.Sprint(j), CustomerID: 1, StartingAt: scalar.DateTime((j*7 - 9) % 3 * int(time.Second/time.Microsecond))})
		}
		for j := range i % 5 {
			ledgers = append(ledgers, models.LedgerEntry{BalanceID: models.BalanceID(text), Number: int64(j + 1), CustomerID: 1, Type: models.LedgerEntryTypeCreditManual, Timestamp: scalar.DateTime((j*7 - 9) % 3)})
		}
		balances = append(balances, models.Balance{ID: models.BalanceID(text), CustomerID: 1, Type: models.BalanceTypeCredit})
	}
	var inventories []models.UsageProductInventory
	var runs []models.BillRun
	var usage []models.InclusiveUsageBalance
	var assignments []models.InclusiveUsageAssignment
	var components []models.InclusiveUsageComponent
	for i, id := range hardInts {
		inventories = append(inventories, models.UsageProductInventory{ID: models.UsageProductInventoryID(id), CustomerID: 1, SiteID: 1, UsageProductID: 1, StartDate: "2025-01-01"})
		runs = append(runs, models.BillRun{ID: models.BillRunID(id)})
		for j, other := range hardInts {
			if (i+j)%3 == 0 {
				continue
			}
			usage = append(usage, models.InclusiveUsageBalance{BillRunID: models.BillRunID(id), UsageProductInventoryID: models.UsageProductInventoryID(other), CustomerID: 1, SiteID: 1})
			for a := range (i * j) % 8 {
				assignment := models.InclusiveUsageAssignment{
					BillRunID: models.BillRunID(id), UsageProductInventoryID: models.UsageProductInventoryID(other), AssignmentID: hardInts[(i+a)%len(hardInts)],
					CustomerID: 1, AssignmentLevel: models.AssignmentLevelSite,
				}
				assignments = append(assignments, assignment)
				for c := range (i + j + a) % 3 {
					for _, start := range []scalar.LocalDateTime{"1999-12-31T23:59:59", "2025-01-01T00:00:00"} {
						components = append(components, models.InclusiveUsageComponent{
							BillRunID: assignment.BillRunID, UsageProductInventoryID: assignment.UsageProductInventoryID, AssignmentID: assignment.AssignmentID,
							ComponentID: hardInts[(j+4*c)%len(hardInts)], StartDate: start, CustomerID: 1, ChargingType: models.ChargingTypeMb,
						})
					}
				}
			}
		}
	}
	for _, err := range []error{
		store.Insert(tx, models.Customers, customers),
		store.Insert(tx, models.ExternalIDs, external),
		store.Insert(tx, models.Sites, []models.Site{{ID: 1, CustomerID: 1}}),
		store.Insert(tx, models.UsageProducts, []models.UsageProduct{{ID: 1}}),
		store.Insert(tx, models.UsageProductInventories, inventories),
		store.Insert(tx, models.BillRuns, runs),
		store.Insert(tx, models.InclusiveUsageBalances, usage),
		store.Insert(tx, models.InclusiveUsageAssignments, assignments),
		store.Insert(tx, models.InclusiveUsageComponents, components),
		store.Insert(tx, models.Balances, balances),
		store.Insert(tx, models.AccessSegments, segments),
		store.Insert(tx, models.LedgerEntries, ledgers),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// drawHardKeys draws keys of as many columns as kinds has letters: i for an integer, t
// for a text. They are few neighbours, fewest before the last column, so that some make
// ranges, and may be there twice.
func drawHardKeys(t *rapid.T, kinds string) (keys [][]any) {
	columns := make([]*rapid.Generator[any], len(kinds))
	for i, kind := range kinds {
		values := rapid.SliceOfN(rapid.SampledFrom(store.HardTexts).AsAny(), 1, 5).Draw(t, "values")
		if kind == 'i' {
			most := 2
			if i == len(kinds)-1 {
				most = 5
			}
			from := rapid.IntRange(0, len(hardInts)-1).Draw(t, "from")
			values = values[:0]
			for _, id := range hardInts[from:rapid.IntRange(from+1, min(from+most, len(hardInts))).Draw(t, "to")] {
				values = append(values, id)
			}
		}
		columns[i] = rapid.SampledFrom(values)
	}
	for range rapid.IntRange(1, 25).Draw(t, "keys") {
		key := make([]any, len(kinds))
		for i := range key {
			key[i] = columns[i].Draw(t, "value")
		}
		keys = append(keys, key)
	}
	return keys
}

// unique is the keys, each once.
func unique(keys [][]any) (out [][]any) {
	for _, key := range keys {
		if !slices.ContainsFunc(out, func(has []any) bool { return slices.Equal(has, key) }) {
			out = append(out, key)
		}
	}
	return out
}

// TestFormsOfKeys holds that the rows of parents are the same in the same order whether
// their keys are ranges, stand in a list or are asked for one at a time.
func TestFormsOfKeys(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if err := database.Write(t.Context(), db, hardRows); err != nil {
			t.Fatal(err)
		}
		wide := store.NewReader(db, store.Scope{All: true})
		narrow := store.NewReader(db, store.Scope{Customers: []scalar.CustomerID{1, -1}})
		for _, tt := range []struct {
			name    string
			edge    *store.Edge
			kinds   string
			columns []string
		}{
			{"customers", &models.CustomerByID.Edge, "i", []string{"id", "name"}},
			{"external IDs of customers", &models.ExternalIDsOfCustomer.Edge, "i", []string{"value", "system"}},
			{"external IDs", store.AsLookup(&models.ExternalIDByKey.Edge), "tt", []string{"customer_id", "value", "system"}},
			{"segments", &models.SegmentsOfBalance.Edge, "t", []string{"id", "starting_at", "amount", "balance_id"}},
			{"assignments", &models.AssignmentsOfUsageBalance.Edge, "ii", []string{"assignment_level", "assignment_id", "bill_run_id"}},
			{"components of assignments", &models.ComponentsOfAssignment.Edge, "iii", []string{"end_date", "start_date", "component_id", "by_value", "usage_product_inventory_id"}},
			{"components of usage balances", &models.ComponentsOfUsageBalance.Edge, "ii", []string{"component_id", "assignment_id"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				ranges, rows := 0, 0
				rapid.Check(t, func(r *rapid.T) {
					keys := drawHardKeys(r, tt.kinds)
					if tt.edge.OfOneParent() {
						keys = unique(keys)
					}
					columns := rapid.SliceOfNDistinct(rapid.SampledFrom(tt.columns), 1, -1, rapid.ID).Draw(r, "columns")
					reader := rapid.SampledFrom([]*store.Reader{wide, narrow}).Draw(r, "reader")
					read := func(keys [][]any, may bool) [][][]any {
						lists, ranged, err := store.Lists(t.Context(), reader, tt.edge, columns, keys, may)
						if err != nil {
							r.Fatal(err)
						}
						if ranged {
							ranges++
						}
						return lists
					}
					var want [][][]any
					for _, key := range keys {
						want = append(want, read([][]any{key}, false)...)
						rows += len(want[len(want)-1])
					}
					if diff := cmp.Diff(want, read(keys, true)); diff != "" {
						r.Errorf("one at a time (-) and in ranges (+): %v\n%s", keys, diff)
					}
					if diff := cmp.Diff(want, read(keys, false)); diff != "" {
						r.Errorf("one at a time (-) and listed (+): %v\n%s", keys, diff)
					}
				})
				if may := db.Name() == "postgres" && strings.HasSuffix(tt.kinds, "i"); rows == 0 || (ranges > 0) != may {
					t.Errorf("%d rows, and keys were ranges %d times", rows, ranges)
				}
			})
		}
	})
}

// TestKeysAreNotKept holds that the statement of a place, which is kept, does not hold the
// keys that it was first run with.
func TestKeysAreNotKept(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		reader := store.NewReader(db, store.Scope{All: true})
		for _, keys := range [][][]any{{{"one"}}, {{"one"}, {"two"}}} {
			kept, err := store.KeptArgs(t.Context(), reader, &models.SegmentsOfBalance.Edge, keys)
			if err != nil || len(kept) != 1 || kept[0] != nil {
				t.Errorf("of %v it keeps %v, %v", keys, kept, err)
			}
		}
	})
}

// TestReadWithin holds components that are read by the keys of usage balances, and split
// by the assignments, to those that are read by the assignments' own keys.
func TestReadWithin(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if err := database.Write(t.Context(), db, hardRows); err != nil {
			t.Fatal(err)
		}
		reader := store.NewReader(db, store.Scope{All: true})
		columns, rows, empty := []string{"component_id", "start_date"}, 0, 0
		rapid.Check(t, func(r *rapid.T) {
			keys := unique(drawHardKeys(r, "ii"))
			parents, got, err := store.Within(t.Context(), reader, &models.AssignmentsOfUsageBalance.Edge, &models.ComponentsOfAssignment.Edge, columns, keys)
			if err != nil {
				r.Fatal(err)
			}
			if len(parents) == 0 {
				return
			}
			want, _, err := store.Lists(t.Context(), reader, &models.ComponentsOfAssignment.Edge, columns, parents, false)
			if err != nil {
				r.Fatal(err)
			}
			for _, list := range want {
				rows += len(list)
				if len(list) == 0 {
					empty++
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Errorf("by their own keys (-) and within (+): %v\n%s", keys, diff)
			}
		})
		if rows == 0 || empty == 0 {
			t.Errorf("%d rows, and %d parents without any", rows, empty)
		}
		// Components whose assignment has not been read have come since.
		var all [][]any
		for _, run := range hardInts {
			for _, inventory := range hardInts {
				all = append(all, []any{run, inventory})
			}
		}
		for _, id := range hardInts {
			_, _, err := store.Within(t.Context(), reader, &models.AssignmentsOfUsageBalance.Edge, &models.ComponentsOfAssignment.Edge, columns, all, store.Filter{"assignmentId": map[string]any{"neq": id}})
			if err == nil {
				t.Errorf("the components of assignment %d have no parent, and that is no error", id)
			}
		}
	})
}

// TestReadBelow holds segments that are read with a page of balances, which is selected
// twice, to those that are read by the balances' keys. A page that changes in between is an
// error, or makes no difference.
func TestReadBelow(t *testing.T) {
	db := modelstest.Open(t, modelstest.Postgres(t))
	if err := database.Write(t.Context(), db, hardRows); err != nil {
		t.Fatal(err)
	}
	reader := store.NewReader(db, store.Scope{All: true})
	pages, moved, same := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		page := store.Page{Limit: rapid.IntRange(0, len(store.HardTexts)+1).Draw(r, "limit"), Backward: rapid.Bool().Draw(r, "backward")}
		read := func(between func()) error {
			balances, got, err := store.Below(t.Context(), reader, &models.BalancesOfCustomer.Edge, &models.SegmentsOfBalance.Edge, int64(1), page, between)
			if err != nil || len(balances) == 0 {
				return err
			}
			pages++
			want, _, err := store.Lists(t.Context(), reader, &models.SegmentsOfBalance.Edge, []string{"id"}, balances, false)
			if err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Errorf("by keys (-) and below (+): %s", diff)
			}
			return nil
		}
		if err := read(nil); err != nil {
			r.Fatal(err)
		}
		goes := rapid.SampledFrom(store.HardTexts).Draw(r, "comes or goes")
		err := read(func() {
			if err := db.Exec(`UPDATE balances SET customer_id = -customer_id WHERE id = ?`, goes).Error; err != nil {
				r.Fatal(err)
			}
		})
		if err == nil {
			same++
		} else if moved++; !strings.Contains(err.Error(), "a page has changed") {
			r.Fatal(err)
		}
	})
	if pages == 0 || moved == 0 || same == 0 {
		t.Errorf("%d pages, of which %d changed and %d did not", pages, moved, same)
	}
}

// TestReadShort holds ledgers of a page of balances that are read as one range, if they are
// short, to those that are read balance by balance.
func TestReadShort(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		if err := database.Write(t.Context(), db, hardRows); err != nil {
			t.Fatal(err)
		}
		var entries int64
		if err := db.Model(&models.LedgerEntry{}).Count(&entries).Error; err != nil {
			t.Fatal(err)
		}
		reader := store.NewReader(db, store.Scope{All: true})
		short, long := 0, 0
		rapid.Check(t, func(r *rapid.T) {
			draw := func(name string, most int) store.Page {
				return store.Page{Limit: rapid.IntRange(0, most).Draw(r, name), Backward: rapid.Bool().Draw(r, name+" from the end")}
			}
			balances, ledger := draw("balances", len(store.HardTexts)+1), draw("entries", 5)
			want, got, cut, err := store.Short(t.Context(), reader, &models.BalancesOfCustomer.Edge, &models.LedgerOfBalance.Edge, int64(1), balances, ledger, "number")
			if err != nil {
				r.Fatal(err)
			}
			most := balances.Limit * (ledger.Limit + 1)
			switch {
			case cut && (most == 0 || most > int(entries)):
				r.Errorf("of %d entries not all of %d are read", entries, most)
			case cut:
				long++
			default:
				short++
				if diff := cmp.Diff(want, got); diff != "" {
					r.Errorf("balance by balance (-) and as one range (+): %s", diff)
				}
			}
		})
		if short == 0 || long == 0 {
			t.Errorf("%d times the ledgers were short and %d times too long", short, long)
		}
	})
}
