package models

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// InclusiveUsageComponent is one allowance of an assignment in one balance. A
// component has a row for each window that is open at once.
//
// Source: Elevate GET /inclusive-usage-balances,
// inclusiveUsageBalanceAssignments[].components[].
type InclusiveUsageComponent struct {
	store.Siblings[InclusiveUsageComponent] `gorm:"-"`

	BillRunID               BillRunID               `gorm:"primaryKey"`
	UsageProductInventoryID UsageProductInventoryID `gorm:"primaryKey"`
	AssignmentID            int64                   `gorm:"primaryKey"`
	ComponentID             int64                   `gorm:"primaryKey"`
	StartDate               scalar.LocalDateTime    `gorm:"primaryKey"`
	EndDate                 *scalar.LocalDateTime
	CustomerID              scalar.CustomerID
	ByValue                 bool // the allowance is money
	ChargingType            ChargingType
	Allowance               scalar.Decimal // in Unit
	Remaining               scalar.Decimal // in Unit, as the source says it
}

// InclusiveUsageComponents is the table of components, in order of component and
// start.
var InclusiveUsageComponents = store.NewTable[InclusiveUsageComponent]("customer_id").
	Filters("componentId", "chargingType", "byValue", "remaining").
	FilterBy("usedRatio", store.FilterField{Operand: usedRatio})

// usedRatio is UsedRatio in SQL.
var usedRatio = store.Ratio(func(alias string) (string, string) {
	return fmt.Sprintf(`(%[1]s."allowance" - %[1]s."remaining")`, alias), alias + `."allowance"`
})

// ComponentKey is the key of an InclusiveUsageComponent.
type ComponentKey struct {
	AssignmentKey
	ComponentID int64
	StartDate   scalar.LocalDateTime
}

// InclusiveUsageComponentByKey finds a row by its key.
var InclusiveUsageComponentByKey = store.NewKey(InclusiveUsageComponents, func(c *InclusiveUsageComponent) ComponentKey {
	return ComponentKey{AssignmentKey{InclusiveUsageBalanceKey{c.BillRunID, c.UsageProductInventoryID}, c.AssignmentID}, c.ComponentID, c.StartDate}
})

// How components are reached.
var (
	ComponentsOfUsageBalance = store.NewRelation(InclusiveUsageComponents, []string{"bill_run_id", "usage_product_inventory_id"},
		(*InclusiveUsageBalance).Key,
		func(c *InclusiveUsageComponent) InclusiveUsageBalanceKey {
			return InclusiveUsageBalanceKey{c.BillRunID, c.UsageProductInventoryID}
		}).Field("InclusiveUsageBalance.components")
	ComponentsOfAssignment = store.NewRelation(InclusiveUsageComponents, []string{"bill_run_id", "usage_product_inventory_id", "assignment_id"},
		(*InclusiveUsageAssignment).Key,
		func(c *InclusiveUsageComponent) AssignmentKey {
			return AssignmentKey{InclusiveUsageBalanceKey{c.BillRunID, c.UsageProductInventoryID}, c.AssignmentID}
		}).Field("InclusiveUsageAssignment.components")
)

// Used is what was used, in Unit.
func (c *InclusiveUsageComponent) Used() scalar.Decimal { return c.Allowance - c.Remaining }

// UsedRatio is the part of the allowance that was used, nil when there is none.
func (c *InclusiveUsageComponent) UsedRatio() *float64 { return c.Used().Ratio(c.Allowance) }

// Breaches reports whether what remains is within the allowance.
func (c *InclusiveUsageComponent) Breaches() []Breach {
	if c.Remaining < 0 || c.Remaining > c.Allowance {
		return []Breach{{RuleRemaining, c.part(), "remaining", c.Remaining.String(), "0 to the allowance, " + c.Allowance.String()}}
	}
	return nil
}

func (c *InclusiveUsageComponent) part() string {
	return fmt.Sprintf("assignment %d, component %d from %s", c.AssignmentID, c.ComponentID, c.StartDate)
}

// Unit is what the quantities count. The source does not say in what it counts
// durations, so duration is a setting of the server.
func (c *InclusiveUsageComponent) Unit(duration UsageUnit) UsageUnit {
	switch {
	case c.ByValue:
		return UsageUnitMinorCurrency
	case c.ChargingType == ChargingTypeMb:
		return UsageUnitMegabyte
	case c.ChargingType == ChargingTypeOneOff:
		return UsageUnitEvent
	default:
		return duration
	}
}
