package ingest

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// balance is a row of Metronome's POST /v1/contracts/customerBalances/list.
type balance struct {
	models.Balance
	segments []models.AccessSegment
	custom   []models.BalanceCustomField
	ledger   []models.LedgerEntry
	kept     bool // the row has no ledger, so that the stored one stays
	invoices map[string]models.InvoiceStatus

	customers  []customerName
	product    *named
	contract   *named
	creditType *named
}

func importBalances(imp *importer, s *stream) error {
	return load(imp, s, source[models.Balance, balance, models.BalanceID]{
		by: models.BalanceByID, root: func(b *balance) *models.Balance { return &b.Balance }, keyPath: "id",
		read: readBalance,
		resolve: func(batch []*record[balance]) error {
			return owners(imp, batch, func(b *balance) []customerName { return b.customers },
				func(b *balance, id scalar.CustomerID) { b.CustomerID = id })
		},
		content: func(b *balance) any { return []any{b.Balance, b.segments, b.custom} },
		ledger: func(b *balance) any {
			if b.kept {
				return nil
			}
			return b.ledger
		},
		accept:  func(batch []*record[balance]) error { return judgeLedgers(imp, batch) },
		mention: func(batch []*record[balance]) error { return mentionOfBalances(imp, batch) },
		write:   func(changed []*record[balance]) error { return writeBalances(imp, changed) },
		finish: func(seen *store.Seen[models.Balance, models.BalanceID]) error {
			if err := imp.settleContracts(); err != nil {
				return err
			}
			return uniqueKeys(imp, seen)
		},
		replaceBy: "customer_id", replaceOnlyIf: []string{"contract_id", "archived_at"},
	})
}

var balanceTypes = map[string]models.BalanceType{
	"PREPAID": models.BalanceTypePrepaidCommit, "PREPAID_COMMIT": models.BalanceTypePrepaidCommit,
	"POSTPAID": models.BalanceTypePostpaidCommit, "POSTPAID_COMMIT": models.BalanceTypePostpaidCommit,
	"CREDIT": models.BalanceTypeCredit,
}

func readBalance(f fields) balance {
	wireTypes := []string{"PREPAID", "POSTPAID", "CREDIT", "PREPAID_COMMIT", "POSTPAID_COMMIT"}
	b := balance{Balance: models.Balance{
		ID:                      requireTextID[models.BalanceID](f, "id"),
		Type:                    balanceTypes[required(f, "type", oneOf(wireTypes), enum(f, "type", wireTypes))],
		Name:                    f.text("name"),
		Description:             f.prose("description"),
		Priority:                f.float("priority"),
		RateType:                label(f, "rate_type", models.AllBalanceRateType),
		ApplicableProductIds:    texts[string](f, "applicable_product_ids"),
		ApplicableProductTags:   texts[string](f, "applicable_product_tags"),
		ApplicableContractIds:   textIDs[models.ContractID](f, "applicable_contract_ids"),
		RolloverFraction:        f.float("rollover_fraction"),
		RecurringBalanceID:      or(textID[string](f, "recurring_commit_id"), textID[string](f, "recurring_credit_id")),
		CostBasis:               f.float("cost_basis"),
		UniquenessKey:           textID[string](f, "uniqueness_key"),
		NetsuiteSalesOrderID:    f.text("netsuite_sales_order_id"),
		SalesforceOpportunityID: f.text("salesforce_opportunity_id"),
		CreatedBy:               f.text("created_by"),
		CreatedAt:               f.instant("created_at"),
		ArchivedAt:              f.instant("archived_at"),
	}}
	f.reckoned("balance")
	f.ignore("amount") // deprecated
	f.breaches(b.Breaches())
	b.customers = customerNames(f)
	b.product, b.contract = namedIn(f, "product", "product_id"), namedIn(f, "contract", "contract_id")
	b.ProductID, b.ContractID = ref[string](b.product), ref[models.ContractID](b.contract)
	for _, pair := range f.pairs("custom_fields") {
		b.custom = append(b.custom, models.BalanceCustomField{BalanceID: b.ID, Key: pair.Key, Value: pair.Value})
	}
	readSchedule(f, &b)
	readDocuments(f, &b)
	b.kept = !f.has("ledger")
	readLedger(f, &b)
	if b.Type == models.BalanceTypePostpaidCommit {
		for _, breach := range billing.NewLedger(b.segments, b.ledger, nil).BreachesOfPostpaid() {
			f.row.fail(breach.Field, breach.Found, breach.Expected)
		}
		if f.has("access_schedule") && len(b.segments) == 0 {
			f.row.fail("access_schedule.schedule_items", "0 segments", "exactly one segment in a postpaid commit")
		}
	}
	return b
}

// readSchedule reads the access schedule, whose segments share one credit type.
func readSchedule(f fields, b *balance) {
	schedule, ok := f.object("access_schedule")
	if !ok {
		return
	}
	b.creditType = namedIn(schedule, "credit_type", "credit_type_id")
	b.CreditTypeID = ref[string](b.creditType)
	granted := scalar.Decimal(0)
	for _, item := range schedule.objects("schedule_items") {
		s := models.AccessSegment{
			BalanceID:    b.ID,
			ID:           requireTextID[string](item, "id"),
			Amount:       item.amount("amount"),
			StartingAt:   required(item, "starting_at", anInstant, item.instant("starting_at")),
			EndingBefore: required(item, "ending_before", anInstant, item.instant("ending_before")),
		}
		if item.has("starting_at") && item.has("ending_before") {
			item.breaches(s.Breaches())
		}
		// Balances add up segments that overlap.
		if granted.CanSubtract(-s.Amount) {
			granted += s.Amount
		} else {
			item.fail("amount", "segments that come to no more than 9.2e12")
		}
		if s.ID != "" && b.segment(s.ID) != nil {
			item.fail("id", "each segment once in a balance")
		}
		if own := namedIn(item, "credit_type", "credit_type_id"); own != nil && b.creditType == nil {
			b.creditType, b.CreditTypeID = own, ref[string](own)
		} else if own != nil && own.id != b.creditType.id {
			item.row.fail(item.at("credit_type"), quoted(own.id), "the credit type of the schedule: a balance has one")
		}
		b.segments = append(b.segments, s)
	}
}

// segment finds a segment, nil if there is none.
func (b *balance) segment(id string) *models.AccessSegment {
	i := slices.IndexFunc(b.segments, func(s models.AccessSegment) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &b.segments[i]
}

// mentionOfBalances makes the contracts, products, credit types and invoices that
// balances name.
func mentionOfBalances(imp *importer, batch []*record[balance]) error {
	var contracts []contractMention
	var products []*named
	types := newMentions(func(c *models.CreditType) string { return c.ID })
	invoices := newMentions(func(i *models.Invoice) string { return i.ID })
	for _, r := range batch {
		b := &r.value
		if moves(r.stored, b.CustomerID) {
			imp.summary.warn("a balance moved to another customer")
		}
		if b.contract != nil {
			contracts = append(contracts, contractMention{*b.contract, b.CustomerID})
		}
		products = append(products, b.product)
		if t := b.creditType; t != nil {
			types.add(models.CreditType{ID: t.id, Name: t.name}, func(there *models.CreditType) { there.Name = or(there.Name, t.name) })
		}
		for _, e := range b.ledger {
			if e.InvoiceID != nil {
				invoices.add(models.Invoice{ID: *e.InvoiceID, Status: models.InvoiceStatusFinalized}, nil)
			}
		}
	}
	if err := imp.mentionContracts(contracts); err != nil {
		return err
	}
	if err := imp.mentionProducts(products); err != nil {
		return err
	}
	if err := store.InsertMissing(imp.tx, models.CreditTypes, types.rows, "name"); err != nil {
		return err
	}
	return store.InsertMissing(imp.tx, models.Invoices, invoices.rows)
}

func writeBalances(imp *importer, changed []*record[balance]) error {
	err := put(imp, models.Balances, changed, func(r *record[balance]) models.Balance {
		row := r.value.Balance
		row.UpdatedAt, row.Digest, row.LedgerDigest = imp.now, r.digest, r.ledger
		if r.value.kept && r.stored != nil {
			row.LedgerDigest = r.stored.LedgerDigest
		}
		return row
	})
	if err != nil {
		return err
	}
	keyOf := func(r *record[balance]) models.BalanceID { return r.value.ID }
	rows := keysOf(changed, keyOf, func(r *record[balance]) bool { return r.stored != nil && !r.sameRow() })
	if err := store.DeleteChildren(imp.tx, models.SegmentsOfBalance, rows); err != nil {
		return err
	}
	if err := store.DeleteChildren(imp.tx, models.CustomFieldsOfBalance, rows); err != nil {
		return err
	}
	ledgers := keysOf(changed, keyOf, func(r *record[balance]) bool { return r.stored != nil && !r.sameLedger() })
	if err := store.DeleteChildren(imp.tx, models.EntriesByBalance, ledgers); err != nil {
		return err
	}
	if err := store.DeleteChildren(imp.tx, models.SumsOfBalance, keysOf(changed, keyOf, isStored)); err != nil {
		return err
	}
	if err := insertChildren(imp, changed); err != nil {
		return err
	}
	// The segments of a ledger that stays may have changed.
	return billing.SettleBalances(imp.tx, keysOf(changed, keyOf, func(r *record[balance]) bool { return r.stored != nil && r.value.kept }), imp.now)
}

func insertChildren(imp *importer, changed []*record[balance]) error {
	var segments []models.AccessSegment
	var custom []models.BalanceCustomField
	var entries []models.LedgerEntry
	var sums []models.BalanceSum
	for _, r := range changed {
		sums = append(sums, r.value.settle()...)
		for _, s := range r.value.segments {
			s.CustomerID = r.value.CustomerID
			segments = appendUnless(r.sameRow(), segments, s)
		}
		for _, f := range r.value.custom {
			f.CustomerID = r.value.CustomerID
			custom = appendUnless(r.sameRow(), custom, f)
		}
		for _, e := range r.value.ledger {
			entries = appendUnless(r.sameLedger(), entries, e)
		}
	}
	if err := store.Insert(imp.tx, models.AccessSegments, segments); err != nil {
		return err
	}
	if err := store.Insert(imp.tx, models.BalanceCustomFields, custom); err != nil {
		return err
	}
	if err := store.Insert(imp.tx, models.LedgerEntries, entries); err != nil {
		return err
	}
	return store.Insert(imp.tx, models.BalanceSums, sums)
}

// settle reckons the running balances of the ledger and returns its sums.
func (b *balance) settle() []models.BalanceSum {
	for i := range b.ledger {
		b.ledger[i].CustomerID = b.CustomerID
	}
	return billing.NewLedger(b.segments, b.ledger, b.invoices).Settle()
}

func appendUnless[T any](stored bool, rows []T, row T) []T {
	if stored {
		return rows
	}
	return append(rows, row)
}

// uniqueKeys refuses uniqueness keys that two balances of a customer have. Of a
// file with other errors only pairs within it are reported: a row of the database may
// be one that the file means to change.
func uniqueKeys(imp *importer, seen *store.Seen[models.Balance, models.BalanceID]) error {
	conflicts, err := models.UniquenessConflicts(seen, imp.report.total > 0, maxIssues)
	if err != nil {
		return err
	}
	imp.conflicts(conflicts, "uniqueness_key", func(c models.Conflict) string {
		expected := "a key that no other balance of the customer has: " + c.Other
		if c.OtherRow > 0 {
			return expected + " in " + imp.report.other(c.OtherRow, c.Row) + " has it"
		}
		return expected + " has it"
	})
	return nil
}
