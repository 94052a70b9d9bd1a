package store_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// texts are hard for COPY, for SQL or for both.
var TextColumns = []string{
	"", " ", `\N`, `\.`, `\`, `\\t`, "tab\tnew\nline\rreturn", `'quoted' "twice"`, "?", "$1", "Grünwinkel & D’Łąkowo 🚚", "\u0001\u007f", "a,b;{c}",
}

// TestRowsComeBack holds both ways to write rows to what is read back, for each
// kind of column.
func TestRowsComeBack(t *testing.T) {
	ways := map[string]func(*database.Tx) error{
		"insert": func(tx *database.Tx) error { return write(tx, insert{}) },
		"upsert": func(tx *database.Tx) error { return write(tx, upsert{}) },
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				if err := database.Write(t.Context(), db, way); err != nil {
					t.Fatal(err)
				}
				comesBack(t, db, customers())
				comesBack(t, db, inventories())
				comesBack(t, db, components())
				comesBack(t, db, balances())
				comesBack(t, db, segments())
			})
		})
	}
}

// insert and upsert are the two ways. A method of a type cannot have a type
// parameter of its own, so that each says what it does by its type.
type (
	insert struct{}
	upsert struct{}
)

func write(tx *database.Tx, way any) error {
	for _, err := range []error{
		rows(tx, way, models.Customers, customers()),
		rows(tx, way, models.Sites, []models.Site{{ID: 1, CustomerID: 1}}),
		rows(tx, way, models.UsageProducts, []models.UsageProduct{{ID: 1}}),
		rows(tx, way, models.UsageProductInventories, inventories()),
		rows(tx, way, models.BillRuns, []models.BillRun{{ID: 1}}),
		rows(tx, way, models.InclusiveUsageBalances, []models.InclusiveUsageBalance{{BillRunID: 1, UsageProductInventoryID: 1, CustomerID: 1, SiteID: 1}}),
		rows(tx, way, models.InclusiveUsageAssignments, []models.InclusiveUsageAssignment{{BillRunID: 1, UsageProductInventoryID: 1, AssignmentID: 1, CustomerID: 1}}),
		rows(tx, way, models.InclusiveUsageComponents, components()),
		rows(tx, way, models.Contracts, []models.Contract{{ID: "c", CustomerID: 1}}),
		rows(tx, way, models.Balances, balances()),
		rows(tx, way, models.AccessSegments, segments()),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func rows[T any](tx *database.Tx, way any, t *store.Table[T], list []T) error {
	if _, is := way.(upsert); is {
		return store.Upsert(tx, t, list)
	}
	return store.Insert(tx, t, list)
}

// comesBack reads the table of T whole.
func comesBack[T any](t *testing.T, db *gorm.DB, want []T) {
	t.Helper()
	var got []T
	statement := &gorm.Statement{DB: db}
	if err := statement.Parse(new(T)); err != nil {
		t.Fatal(err)
	}
	for _, name := range statement.Schema.PrimaryFieldDBNames {
		db = db.Order(`"` + name + `"`)
	}
	if err := db.Find(&got).Error; err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(*new(T), "Siblings")); diff != "" {
		t.Errorf("%T: written (-) and read (+) differ:\n%s", want, diff)
	}
}

// customers are more than one statement takes on SQLite.
func customers() (list []models.Customer) {
	instants := []string{"0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2025-03-30T01:30:00.000001Z", "9999-12-31T23:59:59.999999Z"}
	for i := range 600 {
		row := models.Customer{ID: scalar.CustomerID(i + 1), Name: new(TextColumns[i%len(TextColumns)])}
		row.UpdatedAt, _ = scalar.ParseDateTime(instants[i%len(instants)])
		switch i % 3 {
		case 0:
			row.Digest = []byte{0, 1, '\\', '\n', 0xff}
			row.StartDate, row.EndDate = new(scalar.Date("0001-01-01")), new(scalar.Date("9999-12-31"))
		case 1:
			row.Type, row.Email = new(models.CustomerTypeStaffMember), new(fmt.Sprintf("%d@example.test", i))
			row.CreatedAt = new(row.UpdatedAt)
		}
		list = append(list, row)
	}
	return list
}

func inventories() []models.UsageProductInventory {
	return []models.UsageProductInventory{
		{ID: 1, CustomerID: 1, SiteID: 1, UsageProductID: 1, StartDate: "2025-01-01"},
		{
			ID: math.MaxInt64, CustomerID: 1, SiteID: 1, UsageProductID: 1, StartDate: "2024-02-29", EndDate: new(scalar.Date("2025-01-01")),
			SupplierAccountID: new(int64(math.MinInt64)), BillByServiceID: true, Billable: true, InFlightOrder: true, UsageCapEnabled: true,
			DefaultUsageCap: new(scalar.Decimal(0)), OverrideUsageCap: new(scalar.Decimal(-1)), ApplySurcharges: true, TripwirePlanID: new(int64(0)),
		},
	}
}

func components() []models.InclusiveUsageComponent {
	return []models.InclusiveUsageComponent{
		{BillRunID: 1, UsageProductInventoryID: 1, AssignmentID: 1, ComponentID: 1, StartDate: "2025-08-01T00:00:00", CustomerID: 1},
		{
			BillRunID: 1, UsageProductInventoryID: 1, AssignmentID: 1, ComponentID: 1, StartDate: "2025-09-01T00:00:00", CustomerID: 1,
			EndDate: new(scalar.LocalDateTime("2025-09-30T11:59:59")), ByValue: true, ChargingType: models.ChargingTypeMb, Allowance: 1, Remaining: 9_200_000_000_000_000_000,
		},
	}
}

func balances() (list []models.Balance) {
	numbers := []float64{0, 0.1, -1.5, 1e300, 5e-324, 100}
	for i, text := range TextColumns {
		row := models.Balance{
			ID: models.BalanceID(fmt.Sprintf("b%02d", i)), CustomerID: 1, Type: models.BalanceTypeCredit,
			Name: new(text), Priority: new(numbers[i%len(numbers)]),
		}
		if i%2 == 0 {
			row.ContractID, row.RateType = new(models.ContractID("c")), new(models.BalanceRateTypeListRate)
			row.ApplicableProductIds, row.ApplicableProductTags = []string{text, "x"}, []string{}
			row.ApplicableContractIds = []models.ContractID{"c"}
			row.Specifiers = []*models.BalanceSpecifier{{ProductID: new(text), PricingGroupValues: []*models.CustomField{{Key: "k", Value: text}}}}
			row.InvoiceSchedule = &models.InvoiceSchedule{ScheduleItems: []*models.InvoiceScheduleItem{{ID: text, Timestamp: new(scalar.DateTime(1)), Amount: new(scalar.Decimal(1))}}}
			row.HierarchyConfiguration = &models.HierarchyConfiguration{}
			row.LedgerDigest = []byte("x")
		}
		list = append(list, row)
	}
	return list
}

func segments() (list []models.AccessSegment) {
	for i := range 3 {
		list = append(list, models.AccessSegment{
			BalanceID: "b00", ID: fmt.Sprint(i), CustomerID: 1, Amount: scalar.Decimal(i) - 1, StartingAt: scalar.DateTime(i), EndingBefore: 1_760_000_000_000_001,
		})
	}
	return list
}

// TestInsertFails wants the error of the database, and nothing written.
func TestInsertFails(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		err := database.Write(t.Context(), db, func(tx *database.Tx) error {
			return store.Insert(tx, models.Customers, []models.Customer{{ID: 1}, {ID: 1}})
		})
		if err == nil {
			t.Error("a key twice is no error")
		}
		comesBack[models.Customer](t, db, []models.Customer{})
	})
}
