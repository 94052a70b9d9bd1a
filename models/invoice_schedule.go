package models

import (
	"github.com/shopspring/decimal"

	"github.com/usagegraph/usagegraph/models/scalar"
)

// InvoiceSchedule is when a commit is invoiced.
type InvoiceSchedule struct {
	CreditType    *CreditType            `json:"creditType,omitempty"`
	DoNotInvoice  *bool                  `json:"doNotInvoice,omitempty"`
	ScheduleItems []*InvoiceScheduleItem `json:"scheduleItems,omitempty"`
}

// InvoiceScheduleItem is one invoice of a commit. Its amount is the one that it gives,
// or else quantity by unit price.
type InvoiceScheduleItem struct {
	ID        string           `json:"id"`
	Timestamp *scalar.DateTime `json:"timestamp,omitempty"`
	Amount    *scalar.Decimal  `json:"amount,omitempty"`
	Quantity  *scalar.Decimal  `json:"quantity,omitempty"`
	UnitPrice *scalar.Decimal  `json:"unitPrice,omitempty"`
	InvoiceID *string          `json:"invoiceId,omitempty"`
}

// Costs reports whether the invoices add up to more than 0, exactly. One whose amount
// the source does not say costs something.
func (s *InvoiceSchedule) Costs() bool {
	var total decimal.Decimal
	for _, item := range s.ScheduleItems {
		cost, known := item.cost()
		if !known {
			return true
		}
		total = total.Add(cost)
	}
	return total.IsPositive()
}

// cost is the amount of the invoice, where the source says it.
func (i *InvoiceScheduleItem) cost() (amount decimal.Decimal, known bool) {
	switch {
	case i.Amount != nil:
		return i.Amount.Exact(), true
	case i.Quantity != nil && i.UnitPrice != nil:
		return i.Quantity.Exact().Mul(i.UnitPrice.Exact()), true
	default:
		return decimal.Zero, false
	}
}
