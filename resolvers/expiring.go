package resolvers

import (
	"context"
	"slices"
	"time"

	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/billing"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// maxDays bounds how far expiring looks ahead.
const maxDays = 36500

func (customer) Expiring(ctx context.Context, c *models.Customer, withinDays int, kinds []models.AllowanceKind, asOf *scalar.DateTime) ([]*billing.ExpiringAllowance, error) {
	if withinDays < 0 || withinDays > maxDays {
		return nil, fault.Invalid("withinDays: %d is not in 0 to %d", withinDays, maxDays)
	}
	at := asOfOrNow(ctx, asOf)
	horizon := billing.Horizon{From: at, To: at + scalar.DateTime(time.Duration(withinDays)*24*time.Hour/time.Microsecond)}
	out := []*billing.ExpiringAllowance{}
	for _, list := range []struct {
		kinds []models.AllowanceKind
		read  func(context.Context, *models.Customer, billing.Horizon) ([]*billing.ExpiringAllowance, error)
	}{
		{[]models.AllowanceKind{models.AllowanceKindPrepaidCommit, models.AllowanceKindPostpaidCommit, models.AllowanceKindCredit}, expiringBalances},
		{[]models.AllowanceKind{models.AllowanceKindEntitlement}, expiringGrants},
		{[]models.AllowanceKind{models.AllowanceKindInclusiveUsage}, expiringUsage},
	} {
		wanted := func(kind models.AllowanceKind) bool { return kinds == nil || slices.Contains(kinds, kind) }
		if !slices.ContainsFunc(list.kinds, wanted) {
			continue
		}
		rows, err := list.read(ctx, c, horizon)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if wanted(row.Kind) {
				out = append(out, row)
			}
		}
	}
	billing.SortExpiring(out)
	return out, nil
}

func expiringBalances(ctx context.Context, c *models.Customer, horizon billing.Horizon) (out []*billing.ExpiringAllowance, err error) {
	err = eachAccount(ctx, c, accountFilter{}, func(b *models.Balance, segments []*models.AccessSegment, account billing.Account) {
		out = append(out, horizon.Balance(b, segments, account)...)
	})
	return out, err
}

func expiringGrants(ctx context.Context, c *models.Customer, horizon billing.Horizon) (out []*billing.ExpiringAllowance, err error) {
	grants, err := loaders.Children(ctx, models.EntitlementBalancesOfCustomer, c)
	for _, grant := range grants {
		out = append(out, horizon.Grant(grant)...)
	}
	return out, err
}

func expiringUsage(ctx context.Context, c *models.Customer, horizon billing.Horizon) ([]*billing.ExpiringAllowance, error) {
	pools, err := loaders.UsagePools(ctx, models.UsageBalancesOfCustomer, c, horizon.Pools())
	return horizon.Usage(pools), err
}

type expiringAllowance struct{}

func (expiringAllowance) InclusiveUsageBalance(ctx context.Context, e *billing.ExpiringAllowance) (*models.InclusiveUsageBalance, error) {
	if e.Pool == nil {
		return nil, nil
	}
	return loaders.One(ctx, models.UsageBalanceOfPool, e.Pool)
}
