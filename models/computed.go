package models

import (
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Moment is what some fields need beside a row.
type Moment struct {
	Now          scalar.DateTime
	DurationUnit UsageUnit // what quantities of DURATION count
}

// Computed is a field of GraphQL that is reckoned from columns of its row, by the
// method of the model that reckons it.
type Computed struct {
	Columns []string
	Write   func(b []byte, row store.Cells, m Moment) []byte
}

// ComputedFields are the fields that are reckoned from their row, by Type.field.
var ComputedFields = map[string]Computed{
	"InclusiveUsageComponent.used": {[]string{"allowance", "remaining"}, func(b []byte, c store.Cells, _ Moment) []byte {
		used := component(c).Used()
		return store.AppendDecimal(b, &used)
	}},
	"InclusiveUsageComponent.usedRatio": {[]string{"allowance", "remaining"}, func(b []byte, c store.Cells, _ Moment) []byte {
		return store.AppendRatio(b, component(c).UsedRatio())
	}},
	"InclusiveUsageComponent.unit": {[]string{"by_value", "charging_type"}, func(b []byte, c store.Cells, m Moment) []byte {
		component := InclusiveUsageComponent{ByValue: c.Bool(0), ChargingType: ChargingType(c.Text(1))}
		return store.AppendScalar(b, component.Unit(m.DurationUnit))
	}},
	"EntitlementBalance.quantityRemaining": {[]string{"quantity", "quantity_used"}, func(b []byte, c store.Cells, _ Moment) []byte {
		return store.AppendDecimal(b, grant(c).QuantityRemaining())
	}},
	"EntitlementBalance.usedRatio": {[]string{"quantity", "quantity_used"}, func(b []byte, c store.Cells, _ Moment) []byte {
		return store.AppendRatio(b, grant(c).UsedRatio())
	}},
	"UsageProductInventory.effectiveUsageCap": {[]string{"usage_cap_enabled", "override_usage_cap", "default_usage_cap"}, func(b []byte, c store.Cells, _ Moment) []byte {
		inventory := UsageProductInventory{UsageCapEnabled: c.Bool(0), OverrideUsageCap: c.OrDecimal(1), DefaultUsageCap: c.OrDecimal(2)}
		return store.AppendDecimal(b, inventory.EffectiveUsageCap())
	}},
	"UsageProductInventory.status": {[]string{"start_date", "end_date", "in_flight_order", "pending_end_date"}, func(b []byte, c store.Cells, m Moment) []byte {
		inventory := UsageProductInventory{StartDate: c.Day(0), EndDate: c.OrDay(1), InFlightOrder: c.Bool(2), PendingEndDate: c.OrDay(3)}
		return store.AppendScalar(b, inventory.Status(m.Now.Date()))
	}},
}

func component(c store.Cells) *InclusiveUsageComponent {
	return &InclusiveUsageComponent{Allowance: c.Decimal(0), Remaining: c.Decimal(1)}
}

func grant(c store.Cells) *EntitlementBalance {
	return &EntitlementBalance{Quantity: c.OrDecimal(0), QuantityUsed: c.OrDecimal(1)}
}

// Part is an object of GraphQL that is made of columns of its parent's row.
type Part struct {
	Columns map[string]string // by field
	Known   []string          // columns of which one at least is not null, or there is no such object
}

// Parts are the objects that are part of a row, by the Type.field that leads to them.
var Parts = map[string]Part{
	"Site.address": {
		map[string]string{
			"businessName": "business_name", "address1": "address1", "address2": "address2", "address3": "address3",
			"town": "town", "county": "county", "postcode": "postcode", "country": "country",
		},
		[]string{"business_name", "address1", "address2", "address3", "town", "county", "postcode", "country"},
	},
	"Balance.rolledOverFrom": {
		map[string]string{"balanceId": "rolled_over_from_balance_id", "contractId": "rolled_over_from_contract_id"},
		[]string{"rolled_over_from_balance_id"},
	},
}
