package models

import (
	"slices"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/relay"
)

// NetBalanceFilter says which balances a net balance adds up; all that is given
// must hold.
type NetBalanceFilter struct {
	Types        []BalanceType
	Ids          []BalanceID
	CustomFields []*CustomFieldInput
}

// NetBalance is the sum of a customer's balances of one credit type.
type NetBalance struct {
	CreditType *CreditType
	Balance    Decimal // in the mode asked for
	Settled    Decimal // with finalized invoices only
	Pending    Decimal // Settled less the sum with drafts
	AsOf       DateTime
}

// Live reads the arguments of a net balance: it is made of the customer's live balances of
// a credit type. The error is BAD_USER_INPUT.
func Live(a *Arguments) (q Query, err error) {
	creditType := USDCents
	if given := Argument[string](a, "creditTypeId"); given != nil {
		creditType = *given
	}
	if err := relay.CheckText(creditType); err != nil {
		return q, err
	}
	return BalancesOfCustomer.Prepare(Request{Filters: []Filter{{"archivedAt": map[string]any{"isNull": true}, "creditTypeId": map[string]any{"eq": creditType}}}})
}

// Add adds what is left of a balance.
// It is an error if the sum is past what a Decimal holds.
func (n *NetBalance) Add(account Account, mode InvoiceInclusionMode) error {
	settled := account.Balance(n.AsOf, InvoiceInclusionModeFinalized)
	withDrafts := account.Balance(n.AsOf, InvoiceInclusionModeFinalizedAndDraft)
	total := n.Settled - n.Pending // with drafts, so far
	if !n.Settled.Differs(-settled) || !total.Differs(-withDrafts) {
		return apierror.Invalid("the net balance is past 9.2e12")
	}
	n.Settled, total = n.Settled+settled, total+withDrafts
	n.Pending, n.Balance = n.Settled-total, total
	if mode == InvoiceInclusionModeFinalized {
		n.Balance = n.Settled
	}
	return nil
}

// Matches tells whether a balance with the custom fields is among those that the
// filters choose: any of them, and all balances if there are none.
func Matches(filters []*NetBalanceFilter, balance *Balance, fields []*BalanceCustomField) bool {
	return len(filters) == 0 || slices.ContainsFunc(filters, func(f *NetBalanceFilter) bool {
		return (f.Types == nil || slices.Contains(f.Types, balance.Type)) &&
			(f.Ids == nil || slices.Contains(f.Ids, balance.ID)) &&
			!slices.ContainsFunc(f.CustomFields, func(want *CustomFieldInput) bool {
				return !slices.ContainsFunc(fields, func(has *BalanceCustomField) bool {
					return has.Key == want.Key && has.Value == want.Value
				})
			})
	})
}
