package models

// InclusiveUsageAssignment is a plan given to a customer, a site or an inventory,
// as it stands in one balance.
//
// Source: Elevate GET /inclusive-usage-balances,
// inclusiveUsageBalanceAssignments[].
type InclusiveUsageAssignment struct {
	Read[InclusiveUsageAssignment] `gorm:"-"`

	BillRunID               BillRunID               `gorm:"primaryKey"`
	UsageProductInventoryID UsageProductInventoryID `gorm:"primaryKey"`
	AssignmentID            int64                   `gorm:"primaryKey"`
	CustomerID              CustomerID
	AssignmentLevel         AssignmentLevel
	AssignmentStartDate     *Date
	AssignmentEndDate       *Date
	InclusiveUsagePlanID    *InclusiveUsagePlanID
}

// AssignmentKey is the key of an InclusiveUsageAssignment.
type AssignmentKey struct {
	InclusiveUsageBalanceKey
	AssignmentID int64
}

// InclusiveUsageAssignments is the table of assignments.
var InclusiveUsageAssignments = newTable[InclusiveUsageAssignment]("customer_id").
	filters("assignmentId", "assignmentLevel", "inclusiveUsagePlanId")

// How assignments are reached, and what they reach.
var (
	AssignmentsOfUsageBalance = newRelation(InclusiveUsageAssignments, []string{"bill_run_id", "usage_product_inventory_id"},
		(*InclusiveUsageBalance).Key,
		func(a *InclusiveUsageAssignment) InclusiveUsageBalanceKey { return a.Key().InclusiveUsageBalanceKey }).field("InclusiveUsageBalance.assignments")
	PlanOfAssignment = newLookup(InclusiveUsagePlanByID,
		func(a *InclusiveUsageAssignment) InclusiveUsagePlanID { return orZero(a.InclusiveUsagePlanID) }, "inclusive_usage_plan_id").field("InclusiveUsageAssignment.inclusiveUsagePlan")
)

// AllInclusiveUsageAssignments are in order of assignment, bill run and inventory,
// so that all rows that one assignment reaches are together.
var AllInclusiveUsageAssignments = all(InclusiveUsageAssignments).by("assignment_id")

// Key is the primary key.
func (a *InclusiveUsageAssignment) Key() AssignmentKey {
	return AssignmentKey{InclusiveUsageBalanceKey{a.BillRunID, a.UsageProductInventoryID}, a.AssignmentID}
}
