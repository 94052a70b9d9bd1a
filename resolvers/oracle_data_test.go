package resolvers_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// texts are what names are drawn from: wildcards, quotes, other alphabets, and
// letters whose lower case is not plain.
var texts = []string{
	"", "a", "A", "ab", "a%b", "a_b", `a\b`, "o'brien", `say "hi"`, "É", "é", "İstanbul", "ΣΊΣΥΦΟΣ", "σίσυφος", "Straße", "STRASSE", "😀", "שלום", "a b", "B a", "0", "1", "~",
}

var (
	dates    = []scalar.Date{"2024-12-31", "2025-01-01", "2025-02-28", "2025-09-30", "2025-10-01"}
	amounts  = []scalar.Decimal{0, 1, 500_000, 1_000_000, 45_200_000, 9_000_000_000_000_000_000, -1_000_000}
	instants = []scalar.DateTime{0, 1, 1_700_000_000_000_000, 1_700_000_000_000_001, 1_750_000_000_000_000}
	ratios   = []float64{0, 0.25, 0.5, 1, 100}
)

// world is made-up rows with many nulls and ties, in a database and as the oracle
// sees them.
type world struct {
	r       *rand.Rand
	records map[string][]record // by the name of the connection

	customers    []models.Customer
	sites        []models.Site
	inventories  []models.UsageProductInventory
	references   []models.ProductReference
	runs         []models.BillRun
	plans        []models.InclusiveUsagePlan
	usage        []models.InclusiveUsageBalance
	assignments  []models.InclusiveUsageAssignment
	components   []models.InclusiveUsageComponent
	balances     []models.Balance
	fields       []models.BalanceCustomField
	segments     []models.AccessSegment
	contracts    []models.Contract
	types        []models.CreditType
	entitlements []models.EntitlementBalance
}

func pick[T any](w *world, from []T) T { return from[w.r.IntN(len(from))] }

// maybe is null for one row of three.
func maybe[T any](w *world, from []T) *T {
	if w.r.IntN(3) == 0 {
		return nil
	}
	return new(pick(w, from))
}

// value is what the oracle sees in a column: nil, a text or a float64.
func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	switch v := any(*p).(type) {
	case scalar.Decimal:
		return float64(v) / 1e6
	case float64, bool:
		return v
	default:
		return fmt.Sprint(v)
	}
}

func newWorld(seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 7)), records: map[string][]record{}}
	for id := range scalar.CustomerID(5) {
		w.customer(id + 1)
	}
	for id := range models.SiteID(12) {
		w.site(id + 1)
	}
	for id := range models.UsageProductInventoryID(20) {
		w.inventory(id + 1)
	}
	for run := range models.BillRunID(3) {
		w.runs = append(w.runs, models.BillRun{ID: run + 1})
		w.plans = append(w.plans, models.InclusiveUsagePlan{ID: models.InclusiveUsagePlanID(run + 1)})
		for _, inventory := range w.inventories {
			if w.r.IntN(3) > 0 {
				w.usageBalance(run+1, inventory)
			}
		}
	}
	for _, id := range []string{"c1", "c2"} {
		w.contracts = append(w.contracts, models.Contract{ID: models.ContractID(id), CustomerID: 1})
		w.types = append(w.types, models.CreditType{ID: id})
	}
	for n := range 20 {
		w.balance(models.BalanceID(fmt.Sprintf("b%02d", n)))
		w.entitlement(models.EntitlementBalanceID(fmt.Sprintf("e%02d", n)))
	}
	return w
}

func (w *world) customer(id scalar.CustomerID) {
	c := models.Customer{
		ID: id, Name: maybe(w, texts), AccountNumber: maybe(w, texts), Type: maybe(w, models.AllCustomerType),
		StartDate: maybe(w, dates), EndDate: maybe(w, dates), UpdatedAt: pick(w, instants),
	}
	w.customers = append(w.customers, c)
	w.add("customers", record{key: id.String(), fields: map[string]any{
		"id": id.String(), "name": value(c.Name), "accountNumber": value(c.AccountNumber), "type": value(c.Type),
		"startDate": value(c.StartDate), "endDate": value(c.EndDate), "updatedAt": value(&c.UpdatedAt),
	}}, "NAME name ACCOUNT_NUMBER accountNumber START_DATE startDate UPDATED_AT updatedAt", int64(id))
}

func (w *world) site(id models.SiteID) {
	s := models.Site{
		ID: id, CustomerID: pick(w, w.customers).ID, Name: maybe(w, texts), Reference: maybe(w, texts),
		StartDate: maybe(w, dates), EndDate: maybe(w, dates), UpdatedAt: pick(w, instants),
	}
	w.sites = append(w.sites, s)
	w.add("sites", record{key: id.String(), parent: map[string]string{"customer": s.CustomerID.String()}, fields: map[string]any{
		"id": id.String(), "customerId": s.CustomerID.String(), "name": value(s.Name), "reference": value(s.Reference),
		"startDate": value(s.StartDate), "endDate": value(s.EndDate), "updatedAt": value(&s.UpdatedAt),
	}}, "NAME name REFERENCE reference START_DATE startDate UPDATED_AT updatedAt", int64(id))
}

func (w *world) inventory(id models.UsageProductInventoryID) {
	site := pick(w, w.sites)
	u := models.UsageProductInventory{
		ID: id, CustomerID: site.CustomerID, SiteID: site.ID, UsageProductID: models.UsageProductID(w.r.IntN(3) + 1),
		StartDate: pick(w, dates), EndDate: maybe(w, dates), ServiceID: maybe(w, texts), Billable: w.r.IntN(2) == 0,
		InFlightOrder: w.r.IntN(2) == 0, TripwirePlanID: maybe(w, []int64{1, 2}), UpdatedAt: pick(w, instants),
	}
	w.inventories = append(w.inventories, u)
	names, labels := several{}, several{}
	for range w.r.IntN(3) {
		reference := models.ProductReference{
			ID: models.ProductReferenceID(len(w.references) + 1), CustomerID: u.CustomerID, UsageProductInventoryID: id,
			ProductReference: pick(w, texts), Label: maybe(w, texts),
		}
		w.references = append(w.references, reference)
		names, labels = append(names, reference.ProductReference), append(labels, value(reference.Label))
	}
	w.add("usageProductInventories", record{key: id.String(), parent: map[string]string{"customer": u.CustomerID.String(), "site": u.SiteID.String()}, fields: map[string]any{
		"id": id.String(), "customerId": u.CustomerID.String(), "siteId": u.SiteID.String(), "usageProductId": u.UsageProductID.String(),
		"startDate": value(&u.StartDate), "endDate": value(u.EndDate), "serviceId": value(u.ServiceID), "billable": u.Billable,
		"inFlightOrder": u.InFlightOrder, "usageCapEnabled": false, "tripwirePlanId": value(u.TripwirePlanID), "updatedAt": value(&u.UpdatedAt),
		"productReference": names, "label": labels,
	}}, "START_DATE startDate END_DATE endDate SERVICE_ID serviceId UPDATED_AT updatedAt", int64(id))
	last := &w.records["usageProductInventories"][len(w.records["usageProductInventories"])-1]
	last.order["SITE_ID"], last.order["USAGE_PRODUCT_ID"] = []any{int64(u.SiteID)}, []any{int64(u.UsageProductID)}
}

func (w *world) usageBalance(run models.BillRunID, u models.UsageProductInventory) {
	b := models.InclusiveUsageBalance{
		BillRunID: run, UsageProductInventoryID: u.ID, CustomerID: u.CustomerID, SiteID: u.SiteID,
		PeriodStartDate: maybe(w, dates), PeriodEndDate: maybe(w, dates), UpdatedAt: pick(w, instants),
	}
	w.usage = append(w.usage, b)
	path := []map[string]any{}
	for _, assignment := range w.r.Perm(3)[:w.r.IntN(3)] {
		a := models.InclusiveUsageAssignment{
			BillRunID: run, UsageProductInventoryID: u.ID, AssignmentID: int64(assignment), CustomerID: u.CustomerID,
			AssignmentLevel: pick(w, models.AllAssignmentLevel), InclusiveUsagePlanID: maybe(w, []models.InclusiveUsagePlanID{1, 2, 3}),
		}
		w.assignments = append(w.assignments, a)
		of := map[string]any{"assignmentId": fmt.Sprint(a.AssignmentID), "assignmentLevel": value(&a.AssignmentLevel), "inclusiveUsagePlanId": value(a.InclusiveUsagePlanID)}
		path = append(path, of)
		for component := range w.r.IntN(3) {
			c := models.InclusiveUsageComponent{
				BillRunID: run, UsageProductInventoryID: u.ID, AssignmentID: a.AssignmentID, ComponentID: int64(component), StartDate: "2025-09-01T00:00:00",
				CustomerID: u.CustomerID, ChargingType: pick(w, models.AllChargingType), Allowance: scalar.Decimal(w.r.IntN(5)) * 1_000_000, Remaining: scalar.Decimal(w.r.IntN(4)) * 500_000,
			}
			w.components = append(w.components, c)
			path = append(path, map[string]any{
				"assignmentId": of["assignmentId"], "assignmentLevel": of["assignmentLevel"], "inclusiveUsagePlanId": of["inclusiveUsagePlanId"],
				"componentId": fmt.Sprint(c.ComponentID), "chargingType": value(&c.ChargingType), "remaining": value(&c.Remaining), "usedRatio": value(c.UsedRatio()),
			})
		}
	}
	w.add("inclusiveUsageBalances", record{
		key: b.DatabaseID(), parent: map[string]string{"customer": u.CustomerID.String(), "site": u.SiteID.String(), "usageProductInventory": u.ID.String()},
		paths: map[string][]map[string]any{"usage": path}, fields: map[string]any{
			"customerId": u.CustomerID.String(), "siteId": u.SiteID.String(), "usageProductInventoryId": u.ID.String(), "billRunId": run.String(),
			"periodStartDate": value(b.PeriodStartDate), "periodEndDate": value(b.PeriodEndDate), "updatedAt": value(&b.UpdatedAt),
		},
	}, "PERIOD_START_DATE periodStartDate PERIOD_END_DATE periodEndDate UPDATED_AT updatedAt", int64(run), int64(u.ID))
	last := &w.records["inclusiveUsageBalances"][len(w.records["inclusiveUsageBalances"])-1]
	last.order["BILL_RUN_ID"], last.order["USAGE_PRODUCT_INVENTORY_ID"] = []any{int64(run)}, []any{int64(u.ID)}
}

func (w *world) balance(id models.BalanceID) {
	b := models.Balance{
		ID: id, CustomerID: pick(w, w.customers).ID, Type: pick(w, models.AllBalanceType), ContractID: maybe(w, []models.ContractID{"c1", "c2"}),
		CreditTypeID: maybe(w, []string{"c1", "c2"}), Priority: maybe(w, ratios), CreatedAt: maybe(w, instants), UpdatedAt: pick(w, instants),
	}
	if w.r.IntN(4) == 0 {
		b.ArchivedAt = new(scalar.DateTime(1))
	}
	w.balances = append(w.balances, b)
	fields, segments := several{}, []map[string]any{}
	for _, key := range []string{"k1", "k2"} {
		if w.r.IntN(2) == 0 {
			field := models.BalanceCustomField{BalanceID: id, CustomerID: b.CustomerID, Key: key, Value: pick(w, texts)}
			w.fields = append(w.fields, field)
			fields = append(fields, key+"="+field.Value)
		}
	}
	for n := range w.r.IntN(3) {
		from, to := w.r.IntN(4), w.r.IntN(4)
		segment := models.AccessSegment{BalanceID: id, ID: fmt.Sprint(n), CustomerID: b.CustomerID, StartingAt: instants[min(from, to)], EndingBefore: instants[max(from, to)+1]}
		w.segments = append(w.segments, segment)
		segments = append(segments, map[string]any{"from": value(&segment.StartingAt), "to": value(&segment.EndingBefore)})
	}
	w.add("balances", record{key: id.String(), parent: map[string]string{"customer": b.CustomerID.String()}, paths: map[string][]map[string]any{"segment": segments}, fields: map[string]any{
		"id": id.String(), "customerId": b.CustomerID.String(), "type": value(&b.Type), "contractId": value(b.ContractID), "creditTypeId": value(b.CreditTypeID),
		"customFields": fields, "updatedAt": value(&b.UpdatedAt), "createdAt": value(b.CreatedAt), "priority": value(b.Priority),
		"archived": b.ArchivedAt != nil,
	}}, "CREATED_AT createdAt PRIORITY priority UPDATED_AT updatedAt", id.String())
}

func (w *world) entitlement(id models.EntitlementBalanceID) {
	e := models.EntitlementBalance{
		ID: id, CustomerID: pick(w, w.customers).ID, Quantity: maybe(w, amounts[:5]), QuantityUsed: maybe(w, amounts[:5]), ActiveFrom: maybe(w, instants),
		ExpiryAt: maybe(w, instants), Status: maybe(w, texts), CreatedAt: maybe(w, instants), UpdatedAt: pick(w, instants),
	}
	w.entitlements = append(w.entitlements, e)
	w.add("entitlementBalances", record{key: id.String(), parent: map[string]string{"customer": e.CustomerID.String()}, fields: map[string]any{
		"id": id.String(), "customerId": e.CustomerID.String(), "entitlementId": nil, "contractId": nil, "productId": nil, "quantity": value(e.Quantity),
		"quantityUsed": value(e.QuantityUsed), "quantityRemaining": value(e.QuantityRemaining()), "usedRatio": value(e.UsedRatio()), "createdAt": value(e.CreatedAt),
		"activeFrom": value(e.ActiveFrom), "expiryAt": value(e.ExpiryAt), "status": value(e.Status), "updatedAt": value(&e.UpdatedAt),
	}}, "CREATED_AT createdAt QUANTITY quantity QUANTITY_USED quantityUsed ACTIVE_FROM activeFrom EXPIRY_AT expiryAt UPDATED_AT updatedAt", id.String())
}

// add adds a record. orders are pairs of an order field and the filter field that
// holds its value.
func (w *world) add(connection string, r record, orders string, key ...any) {
	r.order = map[string][]any{"ID": key}
	for pair := range slices.Chunk(splitWords(orders), 2) {
		r.order[pair[0]] = []any{r.fields[pair[1]]}
	}
	w.records[connection] = append(w.records[connection], r)
}

// store writes the world into a database.
func (w *world) store(t testing.TB, db *gorm.DB) {
	t.Helper()
	products := []models.UsageProduct{{ID: 1}, {ID: 2}, {ID: 3}}
	err := database.Write(t.Context(), db, func(tx *database.Tx) error {
		for _, err := range []error{
			store.Insert(tx, models.Customers, w.customers), store.Insert(tx, models.Sites, w.sites), store.Insert(tx, models.UsageProducts, products),
			store.Insert(tx, models.UsageProductInventories, w.inventories), store.Insert(tx, models.ProductReferences, w.references),
			store.Insert(tx, models.BillRuns, w.runs), store.Insert(tx, models.InclusiveUsagePlans, w.plans),
			store.Insert(tx, models.InclusiveUsageBalances, w.usage), store.Insert(tx, models.InclusiveUsageAssignments, w.assignments),
			store.Insert(tx, models.InclusiveUsageComponents, w.components), store.Insert(tx, models.Contracts, w.contracts), store.Insert(tx, models.CreditTypes, w.types),
			store.Insert(tx, models.Balances, w.balances), store.Insert(tx, models.BalanceCustomFields, w.fields), store.Insert(tx, models.AccessSegments, w.segments),
			store.Insert(tx, models.EntitlementBalances, w.entitlements),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
