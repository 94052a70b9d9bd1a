package models

import (
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// InclusiveUsageAssignment is a plan given to a customer, a site or an inventory,
// as it stands in one balance.
//
// Source: Elevate GET /inclusive-usage-balances,
// inclusiveUsageBalanceAssignments[].
type InclusiveUsageAssignment struct {
	store.Siblings[InclusiveUsageAssignment] `gorm:"-"`

	BillRunID               BillRunID               `gorm:"primaryKey"`
	UsageProductInventoryID UsageProductInventoryID `gorm:"primaryKey"`
	AssignmentID            int64                   `gorm:"primaryKey"`
	CustomerID              scalar.CustomerID
	AssignmentLevel         AssignmentLevel
	AssignmentStartDate     *scalar.Date
	AssignmentEndDate       *scalar.Date
	InclusiveUsagePlanID    *InclusiveUsagePlanID
}

// AssignmentKey is the key of an InclusiveUsageAssignment.
type AssignmentKey struct {
	InclusiveUsageBalanceKey
	AssignmentID int64
}

// InclusiveUsageAssignments is the table of assignments.
var InclusiveUsageAssignments = store.NewTable[InclusiveUsageAssignment]("customer_id").
	Filters("assignmentId", "assignmentLevel", "inclusiveUsagePlanId")

// How assignments are reached, and what they reach.
var (
	AssignmentsOfUsageBalance = store.NewRelation(InclusiveUsageAssignments, []string{"bill_run_id", "usage_product_inventory_id"},
		(*InclusiveUsageBalance).Key,
		func(a *InclusiveUsageAssignment) InclusiveUsageBalanceKey { return a.Key().InclusiveUsageBalanceKey }).Field("InclusiveUsageBalance.assignments")
	PlanOfAssignment = store.NewLookup(InclusiveUsagePlanByID,
		func(a *InclusiveUsageAssignment) InclusiveUsagePlanID { return scalar.OrZero(a.InclusiveUsagePlanID) }, "inclusive_usage_plan_id").Field("InclusiveUsageAssignment.inclusiveUsagePlan")
)

// AllInclusiveUsageAssignments are in order of assignment, bill run and inventory,
// so that all rows that one assignment reaches are together.
var AllInclusiveUsageAssignments = store.NewList(InclusiveUsageAssignments).By("assignment_id")

// Key is the primary key.
func (a *InclusiveUsageAssignment) Key() AssignmentKey {
	return AssignmentKey{InclusiveUsageBalanceKey{a.BillRunID, a.UsageProductInventoryID}, a.AssignmentID}
}
