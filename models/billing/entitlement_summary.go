package billing

import (
	"cmp"
	"context"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// EntitlementSummary adds up a customer's grants of one entitlement in one unit.
type EntitlementSummary struct {
	store.Siblings[EntitlementSummary]

	EntitlementID *models.EntitlementID
	Units         *string
	GrantCount    int
	ExpiredCount  int
	TotalQuantity scalar.Decimal
	TotalUsed     scalar.Decimal
	Remaining     scalar.Decimal // of the grants in force
}

// EntitlementOfSummary is the definition of what was granted.
var EntitlementOfSummary = store.NewLookup(models.EntitlementByID, func(s *EntitlementSummary) models.EntitlementID { return scalar.OrZero(s.EntitlementID) })

// EntitlementSummaries adds up what customers were granted, in order of definition
// and unit, those without one last.
func EntitlementSummaries(ctx context.Context, r *store.Reader, customers []scalar.CustomerID, at scalar.DateTime) (map[scalar.CustomerID]Summaries[EntitlementSummary], error) {
	grants, err := store.Children(ctx, r, models.EntitlementBalancesOfCustomer, customers)
	if err != nil {
		return nil, err
	}
	out := make(map[scalar.CustomerID]Summaries[EntitlementSummary], len(customers))
	var level []*EntitlementSummary
	for _, customer := range customers {
		rows, err := sumGrants(grants[customer], at)
		out[customer] = Summaries[EntitlementSummary]{rows, err}
		level = append(level, rows...)
	}
	store.Joined(level)
	return out, nil
}

func sumGrants(grants []*models.EntitlementBalance, at scalar.DateTime) (rows []*EntitlementSummary, err error) {
	type group struct{ definition, units string }
	byGroup := map[group]*EntitlementSummary{}
	for _, grant := range grants {
		key := group{sortable(grant.EntitlementID), sortable(grant.Units)}
		row := byGroup[key]
		if row == nil {
			row = &EntitlementSummary{EntitlementID: grant.EntitlementID, Units: grant.Units}
			byGroup[key], rows = row, append(rows, row)
		}
		if err := row.add(grant, at); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(rows, func(a, b *EntitlementSummary) int {
		return cmp.Or(cmp.Compare(sortable(a.EntitlementID), sortable(b.EntitlementID)), cmp.Compare(sortable(a.Units), sortable(b.Units)))
	})
	return rows, nil
}

// sortable is a text that puts what is missing last.
func sortable[T ~string](text *T) string {
	if text == nil {
		return "1"
	}
	return "0" + string(*text)
}

// add adds a grant. A quantity that is missing is 0.
func (s *EntitlementSummary) add(grant *models.EntitlementBalance, at scalar.DateTime) error {
	quantity, used := scalar.OrZero(grant.Quantity), scalar.OrZero(grant.QuantityUsed)
	left := scalar.Decimal(0)
	if grant.ActiveAt(at) {
		left = max(0, quantity-used)
	}
	if !s.TotalQuantity.CanSubtract(-quantity) || !s.TotalUsed.CanSubtract(-used) || !s.Remaining.CanSubtract(-left) {
		return fault.Invalid("the sum of entitlements is past 9.2e12")
	}
	s.GrantCount++
	if grant.ExpiryAt != nil && *grant.ExpiryAt <= at {
		s.ExpiredCount++
	}
	s.TotalQuantity, s.TotalUsed, s.Remaining = s.TotalQuantity+quantity, s.TotalUsed+used, s.Remaining+left
	return nil
}
