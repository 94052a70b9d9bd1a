package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// searchPieces are what the texts and the words of searches are made of: what patterns take
// for wildcards, what lower cases differ in, and what is one character or many bytes.
var searchPieces = []string{"a", "B", "7", "ab", "abc", "%", "_", `\`, "'", `"`, "?", "$1", "İ", "ß", "Σ", "ς", "ö", "Ö", "日本語", "😀", "x%y", `\_`, ".", "0800"}

func somePieces(random *rand.Rand, most int) (text string) {
	for range 1 + random.IntN(most) {
		text += searchPieces[random.IntN(len(searchPieces))]
	}
	return text
}

// searchable are rows, and what a search finds them by.
type searchable struct {
	texts map[string][]string // of a list, by the ID of a row and its customer
}

func (s *searchable) add(list, id string, customer int, texts ...*string) {
	key := fmt.Sprintf("%s %d %s", list, customer, id)
	for _, text := range texts {
		if text != nil {
			s.texts[key] = append(s.texts[key], strings.ToLower(*text))
		}
	}
	if s.texts[key] == nil {
		s.texts[key] = []string{}
	}
}

// found are the IDs of a list's rows of customers that hold each word.
func (s *searchable) found(list string, customers []int, text string) []string {
	ids := []string{}
	for key, texts := range s.texts {
		var name, id string
		var customer int
		if _, err := fmt.Sscanf(key, "%s %d %s", &name, &customer, &id); err != nil || name != list || !slices.Contains(customers, customer) {
			continue
		}
		all := true
		for _, word := range strings.Fields(strings.ToLower(text)) {
			all = all && slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, word) })
		}
		if all {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// fillSearchable writes rows of three customers.
func fillSearchable(t *testing.T, db *gorm.DB, random *rand.Rand) *searchable {
	t.Helper()
	s := &searchable{map[string][]string{}}
	text := func() *string {
		if random.IntN(4) == 0 {
			return nil
		}
		text := somePieces(random, 3)
		if random.IntN(3) == 0 {
			text += " \t" + somePieces(random, 2)
		}
		return &text
	}
	var customers []models.Customer
	var sites []models.Site
	var inventories []models.UsageProductInventory
	var references []models.ProductReference
	var usage []models.InclusiveUsageBalance
	var balances []models.Balance
	var entitlements []models.Entitlement
	var grants []models.EntitlementBalance
	for id := range 9 {
		row := models.Entitlement{ID: models.EntitlementID(fmt.Sprint(id)), Description: text()}
		entitlements = append(entitlements, row)
	}
	for n := range 120 {
		customer, id := n%3+1, fmt.Sprint(n+1)
		if n < 3 {
			row := models.Customer{ID: scalar.CustomerID(customer), Name: text(), AccountNumber: text()}
			customers = append(customers, row)
			s.add("customers", id, customer, row.Name, row.AccountNumber)
		}
		site := models.Site{ID: models.SiteID(n + 1), CustomerID: scalar.CustomerID(customer), Name: text(), Reference: text()}
		sites = append(sites, site)
		s.add("sites", id, customer, site.Name, site.Reference)
		line := models.UsageProductInventory{ID: models.UsageProductInventoryID(n + 1), CustomerID: site.CustomerID, SiteID: site.ID, UsageProductID: 1, StartDate: "2025-01-01", ServiceID: text()}
		inventories = append(inventories, line)
		found := []*string{line.ServiceID}
		for range random.IntN(4) {
			row := models.ProductReference{ID: models.ProductReferenceID(len(references) + 1), CustomerID: site.CustomerID, UsageProductInventoryID: line.ID, ProductReference: cmp.Or(*orText(text()), "x"), Label: text()}
			references = append(references, row)
			found = append(found, &row.ProductReference, row.Label)
		}
		s.add("inventories", id, customer, found...)
		usage = append(usage, models.InclusiveUsageBalance{BillRunID: 1, UsageProductInventoryID: line.ID, CustomerID: site.CustomerID, SiteID: site.ID})
		s.add("usage", id, customer, found...)
		balance := models.Balance{ID: models.BalanceID(id), CustomerID: site.CustomerID, Type: models.BalanceTypeCredit, Name: text(), Description: text()}
		balances = append(balances, balance)
		s.add("balances", id, customer, balance.Name, balance.Description)
		grant := models.EntitlementBalance{ID: models.EntitlementBalanceID(id), CustomerID: site.CustomerID, Name: text()}
		found = []*string{grant.Name}
		if of := random.IntN(12); of < len(entitlements) {
			grant.EntitlementID = &entitlements[of].ID
			found = append(found, entitlements[of].Description)
		}
		grants = append(grants, grant)
		s.add("grants", id, customer, found...)
	}
	err := database.Write(t.Context(), db, func(tx *database.Tx) error {
		for _, err := range []error{
			store.Insert(tx, models.Customers, customers), store.Insert(tx, models.Sites, sites), store.Insert(tx, models.UsageProducts, []models.UsageProduct{{ID: 1}}),
			store.Insert(tx, models.UsageProductInventories, inventories), store.Insert(tx, models.ProductReferences, references),
			store.Insert(tx, models.BillRuns, []models.BillRun{{ID: 1}}), store.Insert(tx, models.InclusiveUsageBalances, usage), store.Insert(tx, models.Balances, balances),
			store.Insert(tx, models.Entitlements, entitlements), store.Insert(tx, models.EntitlementBalances, grants), store.Analyze(tx),
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
	return s
}

func orText(text *string) *string {
	if text == nil {
		text = new(string)
	}
	return text
}

// searchLists search the lists, each by its name.
var searchLists = map[string]func(*testing.T, *store.Reader, store.Filter) []string{
	"customers":   searching(models.AllCustomers, func(row *models.Customer) string { return row.ID.String() }),
	"sites":       searching(models.AllSites, func(row *models.Site) string { return row.ID.String() }),
	"inventories": searching(models.AllUsageProductInventories, func(row *models.UsageProductInventory) string { return row.ID.String() }),
	"usage":       searching(models.AllInclusiveUsageBalances, func(row *models.InclusiveUsageBalance) string { return row.UsageProductInventoryID.String() }),
	"balances":    searching(models.AllBalances, func(row *models.Balance) string { return string(row.ID) }),
	"grants":      searching(models.AllEntitlementBalances, func(row *models.EntitlementBalance) string { return string(row.ID) }),
}

func searching[T any](list *store.Relation[store.Root, T, struct{}], id func(*T) string) func(*testing.T, *store.Reader, store.Filter) []string {
	return func(t *testing.T, reader *store.Reader, filter store.Filter) []string {
		t.Helper()
		q, err := list.Prepare(store.Request{Page: store.ArgsOf(store.Page{Limit: 1000}), Filters: []store.Filter{filter}})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := store.Pages(t.Context(), reader, list, []struct{}{{}}, q)
		if err != nil {
			t.Fatalf("%v: %v", filter, err)
		}
		ids := []string{}
		for _, row := range pages[struct{}{}].Rows {
			ids = append(ids, id(row))
		}
		slices.Sort(ids)
		return ids
	}
}

// TestSearch holds that each list finds the rows whose texts contain each word, as Go's
// lower case has it: on both engines, with PostgreSQL's index and without, for a token of
// all customers and of some, and among one customer's rows.
func TestSearch(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		random := rand.New(rand.NewPCG(7, 11))
		s := fillSearchable(t, db, random)
		hits := 0
		try := func(text string) {
			t.Helper()
			for list, search := range searchLists {
				for _, tt := range []struct {
					scope     store.Scope
					customer  string
					customers []int
				}{
					{store.Scope{All: true}, "", []int{1, 2, 3}},
					{store.Scope{Customers: []scalar.CustomerID{1, 3}}, "", []int{1, 3}},
					{store.Scope{All: true}, "2", []int{2}},
					{store.Scope{Customers: []scalar.CustomerID{1}}, "2", nil},
				} {
					filter := store.Filter{"search": text}
					if owner := map[bool]string{true: "id", false: "customerId"}[list == "customers"]; tt.customer != "" {
						filter[owner] = map[string]any{"eq": tt.customer}
					}
					got, want := search(t, store.NewReader(db, tt.scope), filter), s.found(list, tt.customers, text)
					if hits += len(got); !slices.Equal(got, want) {
						t.Errorf("%s of %v with %v: %v, want %v", list, tt.scope, filter, got, want)
					}
				}
			}
		}
		for range 150 {
			var words []string
			for range 1 + random.IntN(3) {
				words = append(words, somePieces(random, 2))
			}
			try(strings.Join(words, " "))
		}
		try("")
		try(strings.Repeat("a b ", 50))
		if hits < 1000 {
			t.Errorf("only %d rows were found in all", hits)
		}
		if db.Name() == "postgres" {
			if err := db.Exec("DROP EXTENSION pg_trgm CASCADE").Error; err != nil {
				t.Fatal(err)
			}
			for _, text := range append(searchPieces, "abc ab", "0800 x%y") {
				try(text)
			}
		}
	})
}

// TestSearchPlans holds that a word of three characters is found by PostgreSQL's index, and
// that the texts of a row are read once, whatever the number of words.
func TestSearchPlans(t *testing.T) {
	db := modelstest.Open(t, modelstest.Postgres(t))
	fillSearchable(t, db, rand.New(rand.NewPCG(1, 2)))
	if err := database.SetPool(db, 1); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"enable_seqscan", "enable_indexscan"} { // which are faster for tables this small
		if err := db.Exec("SET " + other + " = off").Error; err != nil {
			t.Fatal(err)
		}
	}
	reader := store.NewReader(db, store.Scope{All: true})
	for name, explain := range map[string]func(store.Request) (string, error){
		"customers_search":                 explaining(t, reader, models.AllCustomers),
		"sites_search":                     explaining(t, reader, models.AllSites),
		"balances_search":                  explaining(t, reader, models.AllBalances),
		"usage_product_inventories_search": explaining(t, reader, models.AllUsageProductInventories),
		"product_references_search":        explaining(t, reader, models.AllInclusiveUsageBalances),
	} {
		plan, err := explain(store.Request{Page: store.ArgsOf(store.Page{Limit: 10}), Filters: []store.Filter{{"search": "abcd efgh ijkl"}}})
		if err != nil || !strings.Contains(plan, name) {
			t.Errorf("%s is not in the plan: %v\n%s", name, err, plan)
		}
		if aggregates := strings.Count(plan, "Aggregate"); aggregates > 2 {
			t.Errorf("%s: the texts are put together %d times:\n%s", name, aggregates, plan)
		}
	}
}

func explaining[T any](t *testing.T, reader *store.Reader, list *store.Relation[store.Root, T, struct{}]) func(store.Request) (string, error) {
	return func(request store.Request) (string, error) {
		q, err := list.Prepare(request)
		if err != nil {
			return "", err
		}
		return store.Explain(t.Context(), reader, list, []struct{}{{}}, q)
	}
}
