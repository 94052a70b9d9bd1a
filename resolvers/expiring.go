package resolvers

import (
	"context"
	"slices"
	"time"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/graph/loaders"
	"github.com/usagegraph/usagegraph/models"
)

// maxDays bounds how far expiring looks ahead.
const maxDays = 36500

func (customer) Expiring(ctx context.Context, c *models.Customer, withinDays int, kinds []models.AllowanceKind, asOf *models.DateTime) ([]*models.ExpiringAllowance, error) {
	if withinDays < 0 || withinDays > maxDays {
		return nil, apierror.Invalid("withinDays: %d is not in 0 to %d", withinDays, maxDays)
	}
	at := asOfOrNow(ctx, asOf)
	horizon := models.Horizon{From: at, To: at + models.DateTime(time.Duration(withinDays)*24*time.Hour/time.Microsecond)}
	out := []*models.ExpiringAllowance{}
	for _, list := range []struct {
		kinds []models.AllowanceKind
		read  func(context.Context, *models.Customer, models.Horizon) ([]*models.ExpiringAllowance, error)
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
	models.SortExpiring(out)
	return out, nil
}

func expiringBalances(ctx context.Context, c *models.Customer, horizon models.Horizon) (out []*models.ExpiringAllowance, err error) {
	err = eachAccount(ctx, c, accountFilter{}, func(b *models.Balance, segments []*models.AccessSegment, account models.Account) {
		out = append(out, horizon.Balance(b, segments, account)...)
	})
	return out, err
}

func expiringGrants(ctx context.Context, c *models.Customer, horizon models.Horizon) (out []*models.ExpiringAllowance, err error) {
	grants, err := loaders.Children(ctx, models.EntitlementBalancesOfCustomer, c)
	for _, grant := range grants {
		out = append(out, horizon.Grant(grant)...)
	}
	return out, err
}

func expiringUsage(ctx context.Context, c *models.Customer, horizon models.Horizon) ([]*models.ExpiringAllowance, error) {
	pools, err := loaders.UsagePools(ctx, models.UsageBalancesOfCustomer, c, horizon.Pools())
	return horizon.Usage(pools), err
}

type expiringAllowance struct{}

func (expiringAllowance) InclusiveUsageBalance(ctx context.Context, e *models.ExpiringAllowance) (*models.InclusiveUsageBalance, error) {
	if e.Pool == nil {
		return nil, nil
	}
	return loaders.One(ctx, models.UsageBalanceOfPool, e.Pool)
}
