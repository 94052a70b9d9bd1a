package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// usageBalance is a row of Elevate's GET /inclusive-usage-balances.
type usageBalance struct {
	models.InclusiveUsageBalance
	assignments []models.InclusiveUsageAssignment
	components  []models.InclusiveUsageComponent
}

func importUsageBalances(imp *importer, s *stream) error {
	return load(imp, s, source[models.InclusiveUsageBalance, usageBalance, models.InclusiveUsageBalanceKey]{
		by: models.InclusiveUsageBalanceByKey, root: func(b *usageBalance) *models.InclusiveUsageBalance { return &b.InclusiveUsageBalance },
		keyPath: "usageProductInventoryId",
		read:    readUsageBalance,
		resolve: func(batch []*record[usageBalance]) error { return resolveUsageBalances(imp, batch) },
		content: func(b *usageBalance) any {
			row := b.InclusiveUsageBalance
			row.CustomerID, row.SiteID = 0, 0 // the inventory's, whatever the file says
			return []any{row, b.assignments, b.components}
		},
		mention:   func(batch []*record[usageBalance]) error { return mentionOfUsageBalances(imp, batch) },
		write:     func(changed []*record[usageBalance]) error { return writeUsageBalances(imp, changed) },
		replaceBy: "bill_run_id",
	})
}

func readUsageBalance(f fields) usageBalance {
	b := usageBalance{InclusiveUsageBalance: models.InclusiveUsageBalance{
		BillRunID:               requireID[models.BillRunID](f, "billRunId"),
		UsageProductInventoryID: requireID[models.UsageProductInventoryID](f, "usageProductInventoryId"),
		PeriodStartDate:         f.date("periodStartDate"),
		PeriodEndDate:           f.date("periodEndDate"),
	}}
	seen := map[int64]bool{}
	for _, item := range f.objects("inclusiveUsageBalanceAssignments") {
		a := models.InclusiveUsageAssignment{
			BillRunID:               b.BillRunID,
			UsageProductInventoryID: b.UsageProductInventoryID,
			AssignmentID:            requireID[int64](item, "assignmentId"),
			AssignmentLevel: required(item, "assignmentLevel", oneOf(models.AllAssignmentLevel),
				enum(item, "assignmentLevel", models.AllAssignmentLevel)),
			AssignmentStartDate:  item.date("assignmentStartDate"),
			AssignmentEndDate:    item.date("assignmentEndDate"),
			InclusiveUsagePlanID: id[models.InclusiveUsagePlanID](item, "inclusiveUsagePlanId"),
		}
		if seen[a.AssignmentID] && a.AssignmentID != 0 {
			item.fail("assignmentId", "each assignment once")
		}
		seen[a.AssignmentID] = true
		b.assignments = append(b.assignments, a)
		readComponents(item, a, &b)
	}
	return b
}

func readComponents(f fields, a models.InclusiveUsageAssignment, b *usageBalance) {
	type key struct {
		id    int64
		start scalar.LocalDateTime
	}
	seen := map[key]bool{}
	for _, item := range f.objects("components") {
		c := models.InclusiveUsageComponent{
			BillRunID:               a.BillRunID,
			UsageProductInventoryID: a.UsageProductInventoryID,
			AssignmentID:            a.AssignmentID,
			ComponentID:             requireID[int64](item, "componentId"),
			StartDate:               required(item, "startDate", aLocal, item.local("startDate")),
			EndDate:                 item.local("endDate"),
			ByValue:                 item.bool("byValue", false),
			ChargingType: required(item, "chargingType", oneOf(models.AllChargingType),
				enum(item, "chargingType", models.AllChargingType)),
			Allowance: item.amount("allowance"),
			Remaining: item.amount("remaining"),
		}
		if !c.Allowance.CanSubtract(c.Remaining) {
			item.fail("remaining", "a number that leaves a use within 9.2e12")
		}
		item.breaches(c.Breaches())
		at := key{c.ComponentID, c.StartDate}
		if seen[at] && at.id != 0 && at.start != "" {
			item.fail("componentId", "each component once for a start")
		}
		seen[at] = true
		b.components = append(b.components, c)
	}
}

func resolveUsageBalances(imp *importer, batch []*record[usageBalance]) error {
	inventories, err := store.Children(imp.ctx, imp.reader, models.UsageProductInventoryByID,
		distinct(values(batch, func(r *record[usageBalance]) models.UsageProductInventoryID { return r.value.UsageProductInventoryID })))
	if err != nil {
		return err
	}
	for _, r := range batch {
		b := &r.value
		inventory := inventories[b.UsageProductInventoryID]
		if len(inventory) == 0 {
			r.fail("usageProductInventoryId", b.UsageProductInventoryID.String(), "the id of an inventory that was imported")
			continue
		}
		b.CustomerID, b.SiteID = inventory[0].CustomerID, inventory[0].SiteID
	}
	return nil
}

// mentionOfUsageBalances makes the bill runs, with the period of the row, and the
// plans.
func mentionOfUsageBalances(imp *importer, batch []*record[usageBalance]) error {
	runs := newMentions(func(b *models.BillRun) models.BillRunID { return b.ID })
	plans := newMentions(func(p *models.InclusiveUsagePlan) models.InclusiveUsagePlanID { return p.ID })
	for _, r := range batch {
		row := r.value.InclusiveUsageBalance
		run := models.BillRun{ID: row.BillRunID, PeriodStartDate: row.PeriodStartDate, PeriodEndDate: row.PeriodEndDate, UpdatedAt: imp.now}
		runs.add(run, func(there *models.BillRun) {
			there.PeriodStartDate = or(there.PeriodStartDate, run.PeriodStartDate)
			there.PeriodEndDate = or(there.PeriodEndDate, run.PeriodEndDate)
		})
		for _, a := range r.value.assignments {
			if a.InclusiveUsagePlanID != nil {
				plans.add(models.InclusiveUsagePlan{ID: *a.InclusiveUsagePlanID, UpdatedAt: imp.now}, nil)
			}
		}
	}
	if err := store.InsertMissing(imp.tx, models.BillRuns, runs.rows); err != nil {
		return err
	}
	return store.InsertMissing(imp.tx, models.InclusiveUsagePlans, plans.rows)
}

func writeUsageBalances(imp *importer, changed []*record[usageBalance]) error {
	err := put(imp, models.InclusiveUsageBalances, changed, func(r *record[usageBalance]) models.InclusiveUsageBalance {
		row := r.value.InclusiveUsageBalance
		row.UpdatedAt, row.Digest = imp.now, r.digest
		return row
	})
	if err != nil {
		return err
	}
	stored := keysOf(changed, func(r *record[usageBalance]) models.InclusiveUsageBalanceKey { return r.value.Key() }, isStored)
	if err := store.DeleteChildren(imp.tx, models.ComponentsOfUsageBalance, stored); err != nil {
		return err
	}
	if err := store.DeleteChildren(imp.tx, models.AssignmentsOfUsageBalance, stored); err != nil {
		return err
	}
	var assignments []models.InclusiveUsageAssignment
	var components []models.InclusiveUsageComponent
	for _, r := range changed {
		for _, a := range r.value.assignments {
			a.CustomerID = r.value.CustomerID
			assignments = append(assignments, a)
		}
		for _, c := range r.value.components {
			c.CustomerID = r.value.CustomerID
			components = append(components, c)
		}
	}
	if err := store.Insert(imp.tx, models.InclusiveUsageAssignments, assignments); err != nil {
		return err
	}
	return store.Insert(imp.tx, models.InclusiveUsageComponents, components)
}
