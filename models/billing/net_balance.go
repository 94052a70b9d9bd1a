package billing

import (
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// NetBalanceFilter says which balances a net balance adds up; all that is given
// must hold.
type NetBalanceFilter struct {
	Types        []models.BalanceType
	Ids          []models.BalanceID
	CustomFields []*models.CustomFieldInput
}

// NetBalance is the sum of a customer's balances of one credit type.
type NetBalance struct {
	CreditType *models.CreditType
	Balance    scalar.Decimal // in the mode asked for
	Settled    scalar.Decimal // with finalized invoices only
	Pending    scalar.Decimal // Settled less the sum with drafts
	AsOf       scalar.DateTime
}

// Live reads the arguments of a net balance: it is made of the customer's live balances of
// a credit type. The error is BAD_USER_INPUT.
func Live(a *store.Arguments) (q store.Query, err error) {
	creditType := models.USDCents
	if given := store.Argument[string](a, "creditTypeId"); given != nil {
		creditType = *given
	}
	if err := scalar.CheckText(creditType); err != nil {
		return q, err
	}
	return models.BalancesOfCustomer.Prepare(store.Request{Filters: []store.Filter{{"archivedAt": map[string]any{"isNull": true}, "creditTypeId": map[string]any{"eq": creditType}}}})
}

// Add adds what is left of a balance.
// It is an error if the sum is past what a Decimal holds.
func (n *NetBalance) Add(account Account, mode models.InvoiceInclusionMode) error {
	settled := account.Balance(n.AsOf, models.InvoiceInclusionModeFinalized)
	withDrafts := account.Balance(n.AsOf, models.InvoiceInclusionModeFinalizedAndDraft)
	total := n.Settled - n.Pending // with drafts, so far
	if !n.Settled.CanSubtract(-settled) || !total.CanSubtract(-withDrafts) {
		return fault.Invalid("the net balance is past 9.2e12")
	}
	n.Settled, total = n.Settled+settled, total+withDrafts
	n.Pending, n.Balance = n.Settled-total, total
	if mode == models.InvoiceInclusionModeFinalized {
		n.Balance = n.Settled
	}
	return nil
}

// Matches reports whether a balance with the custom fields is among those that the
// filters choose: any of them, and all balances if there are none.
func Matches(filters []*NetBalanceFilter, balance *models.Balance, fields []*models.BalanceCustomField) bool {
	return len(filters) == 0 || slices.ContainsFunc(filters, func(f *NetBalanceFilter) bool {
		return (f.Types == nil || slices.Contains(f.Types, balance.Type)) &&
			(f.Ids == nil || slices.Contains(f.Ids, balance.ID)) &&
			!slices.ContainsFunc(f.CustomFields, func(want *models.CustomFieldInput) bool {
				return !slices.ContainsFunc(fields, func(has *models.BalanceCustomField) bool {
					return has.Key == want.Key && has.Value == want.Value
				})
			})
	})
}
