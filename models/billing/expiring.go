package billing

import (
	"cmp"
	"slices"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// ExpiringAllowance is what will be lost unless it is used by some instant.
type ExpiringAllowance struct {
	Kind               models.AllowanceKind
	Amount             *scalar.Decimal       // nil where it is not known
	EndingBefore       *scalar.DateTime      // nil for inclusive usage
	LastSecond         *scalar.LocalDateTime // of inclusive usage
	Balance            *models.Balance
	SegmentID          *string
	EntitlementBalance *models.EntitlementBalance
	Pool               *models.UsagePool
}

// Component is the allowance of inclusive usage, nil for what is none.
func (e *ExpiringAllowance) Component() *models.InclusiveUsageComponent {
	if e.Pool == nil {
		return nil
	}
	return e.Pool.Component()
}

// A Horizon is the time in which what ends is expiring: after From, up to To. From is
// not after To.
type Horizon struct{ From, To scalar.DateTime }

// Balance lists the segments of a balance that end within the horizon and have
// something left: now, or at their start if that is ahead. account is nil if its
// ledger was never imported: then the rest is not known.
func (h Horizon) Balance(b *models.Balance, segments []*models.AccessSegment, account Account) (out []*ExpiringAllowance) {
	for _, s := range segments {
		if s.EndingBefore <= h.From || s.EndingBefore > h.To {
			continue
		}
		row := &ExpiringAllowance{Kind: models.AllowanceKind(b.Type), EndingBefore: &s.EndingBefore, Balance: b, SegmentID: &s.ID}
		if account != nil {
			left := account.segment(s, max(h.From, s.StartingAt), models.InvoiceInclusionModeFinalizedAndDraft)
			if row.Amount = &left; left <= 0 {
				continue
			}
		}
		out = append(out, row)
	}
	return out
}

// Grant lists an entitlement that ends within the horizon, unless it is used up.
func (h Horizon) Grant(e *models.EntitlementBalance) []*ExpiringAllowance {
	left := e.QuantityRemaining()
	if e.ExpiryAt == nil || *e.ExpiryAt <= h.From || *e.ExpiryAt > h.To || left != nil && *left <= 0 {
		return nil
	}
	return []*ExpiringAllowance{{Kind: models.AllowanceKindEntitlement, Amount: left, EndingBefore: e.ExpiryAt, EntitlementBalance: e}}
}

// Pools is the query for inclusive usage that has not ended as the latest bill run
// has it. Its times have no zone; they are taken as UTC. A pool may be used to the end
// of its last second, so the one in which the horizon begins counts.
func (h Horizon) Pools() models.PoolQuery {
	return models.PoolQuery{Latest: true, EndFrom: h.From.Local()}
}

// Usage lists those of its pools whose last second begins within the horizon, or is
// the one in which the horizon begins, and that have something left.
func (h Horizon) Usage(pools []*models.UsagePool) (out []*ExpiringAllowance) {
	last := h.To.Local()
	for _, pool := range pools {
		if pool.Remaining > 0 && pool.EndDate != nil && *pool.EndDate <= last {
			out = append(out, &ExpiringAllowance{Kind: models.AllowanceKindInclusiveUsage, Amount: &pool.Remaining, LastSecond: pool.EndDate, Pool: pool})
		}
	}
	return out
}

// SortExpiring puts what ends first first.
func SortExpiring(rows []*ExpiringAllowance) {
	slices.SortFunc(rows, func(a, b *ExpiringAllowance) int {
		return cmp.Or(cmp.Compare(a.end(), b.end()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.key(), b.key()))
	})
}

// end is when it is lost, as text that orders as time does.
func (e *ExpiringAllowance) end() string {
	if e.LastSecond != nil {
		return string(*e.LastSecond) + ".999999Z"
	}
	return e.EndingBefore.String()
}

// key identifies the row among those of its kind.
func (e *ExpiringAllowance) key() string {
	switch {
	case e.Balance != nil:
		return string(e.Balance.ID) + "/" + *e.SegmentID
	case e.EntitlementBalance != nil:
		return string(e.EntitlementBalance.ID)
	default:
		return store.JsonOf([]any{e.Pool.AssignmentID, e.Pool.ComponentID, string(e.Pool.StartDate)})
	}
}
