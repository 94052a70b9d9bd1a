package seed

import "github.com/usagegraph/usagegraph/models"

var balanceNames = map[models.BalanceType][]string{
	models.BalanceTypePrepaidCommit:  {"Prepaid commit 2025", "Annual commit", "Platform commit"},
	models.BalanceTypePostpaidCommit: {"Postpaid commit 2025", "Minimum spend", "Usage commitment"},
	models.BalanceTypeCredit:         {"Welcome credits", "Loyalty credits", "Service credits", "Café promotion"},
}

// newAccount begins the customer's balance of that number, counted from 1, with
// the terms that all balances may have.
func (c *customer) newAccount(n int, kind models.BalanceType, creditType string) *account {
	a := &account{customer: c, row: models.Balance{
		ID: models.BalanceID(c.uuid()), CustomerID: c.id, Type: kind, CreditTypeID: new(creditType),
		ProductID: new(pick(c.random, c.catalogue.products).ID), Name: maybe(c.random, 95, c.dated(pick(c.random, balanceNames[kind]))),
		Description: maybe(c.random, 40, pick(c.random, []string{"Agreed with sales", "From the old contract", "See the order form", "Renews by itself"})),
		Priority:    maybe(c.random, 85, pick(c.random, []float64{0.5, 1, 1, 2, 5, 10, 50, 100})),
		RateType:    maybe(c.random, 60, pick(c.random, models.AllBalanceRateType)),
		CreatedAt:   new(c.instantNear(c.months[0].from, 60)), UpdatedAt: c.updatedAt, LedgerDigest: ledgerDigest,
		UniquenessKey: maybe(c.random, 30, c.dated("grant-2025-")+digits(n, 2)),
		CreatedBy:     maybe(c.random, 50, "sales-ops@usagegraph.example"),
	}}
	if c.chance(15) && c.id != demo {
		a.row.ContractID = new(c.contracts[0])
	}
	a.reach()
	if c.chance(60) {
		a.customField("campaign", c.dated(pick(c.random, campaigns)))
	}
	if c.chance(20) {
		a.customField("region", pick(c.random, regions))
	}
	return a
}

func (a *account) customField(key, value string) {
	a.customFields = append(a.customFields, models.BalanceCustomField{BalanceID: a.row.ID, Key: key, CustomerID: a.id, Value: value})
}

// reach limits what may draw on the balance, now and then.
func (a *account) reach() {
	product := pick(a.random, a.catalogue.products).ID
	switch n := a.IntN(100); {
	case n < 15:
		a.row.ApplicableProductIds = []string{product}
	case n < 25:
		a.row.ApplicableProductTags = []string{"compute", "storage"}[:1+n%2]
	case n < 30:
		a.row.Specifiers = []*models.BalanceSpecifier{{
			ProductID: new(product), PricingGroupValues: []*models.CustomField{{Key: "region", Value: pick(a.random, regions)}},
		}}
	case n < 35:
		a.row.ApplicableContractIds = a.contracts[:1:1]
	}
	if a.chance(4) {
		a.row.HierarchyConfiguration = &models.HierarchyConfiguration{
			ChildAccess: &models.ChildAccess{Type: new(pick(a.random, []string{"ALL", "NONE"}))},
		}
	}
}

// commercial adds what commits have that credits do not. So many in a hundred
// belong to a contract.
func (a *account) commercial(contracts int) {
	if a.chance(contracts) && a.id != demo {
		a.row.ContractID = new(a.contracts[0])
	}
	a.row.InvoiceContractID = a.row.ContractID
	a.row.CostBasis = maybe(a.random, 30, pick(a.random, []float64{0, 0.5, 0.8, 1}))
	a.row.NetsuiteSalesOrderID = maybe(a.random, 15, "SO"+digits(a.IntN(1_000_000), 6))
	a.row.SalesforceOpportunityID = maybe(a.random, 15, "006"+digits(a.IntN(1_000_000_000), 9))
}

// schedule invoices a commit: at the start of each segment, or in arrears at its
// end.
func (a *account) schedule(arrears bool) {
	if !arrears && a.chance(10) {
		a.row.InvoiceSchedule = &models.InvoiceSchedule{DoNotInvoice: new(true)}
		return
	}
	plan := &models.InvoiceSchedule{}
	for i := range a.catalogue.creditTypes {
		if a.catalogue.creditTypes[i].ID == *a.row.CreditTypeID {
			plan.CreditType = &a.catalogue.creditTypes[i]
		}
	}
	for i := len(a.segments) - 1; i >= 0 && a.segments[i].BalanceID == a.row.ID; i-- {
		s := &a.segments[i]
		at := s.StartingAt
		if arrears {
			at = s.EndingBefore
		}
		plan.ScheduleItems = append([]*models.InvoiceScheduleItem{{
			ID: a.uuid(), Timestamp: new(at), Amount: new(s.Amount), Quantity: new(units(1)), UnitPrice: new(s.Amount),
		}}, plan.ScheduleItems...)
	}
	a.row.InvoiceSchedule = plan
}
