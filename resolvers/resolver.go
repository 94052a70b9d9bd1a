// Package resolvers answers the fields of the schema that are no field of a row:
// a file for each type, arguments in, a loader out. The arguments of a list are read where
// they are checked, by store.Edge.Ask, for the resolvers as for the read engine; so the
// resolver of a list has no names for them.
package resolvers

import (
	"context"

	"github.com/usagegraph/usagegraph/graph"
	"github.com/usagegraph/usagegraph/models"
)

// Resolver answers the schema.
type Resolver struct {
	// DurationUnit is what quantities of DURATION count, SECOND or MINUTE: the source
	// does not say.
	DurationUnit models.UsageUnit
}

// A field that the schema has and this package lacks fails to compile here.
var _ graph.ResolverRoot = (*Resolver)(nil)

// Each object type with resolvers of its own is a file and a line here.

// Balance has the resolvers of type Balance.
func (r *Resolver) Balance() graph.BalanceResolver { return balance{} }

// Contract has the resolvers of type Contract.
func (r *Resolver) Contract() graph.ContractResolver { return contract{} }

// Customer has the resolvers of type Customer.
func (r *Resolver) Customer() graph.CustomerResolver { return customer{} }

// EntitlementBalance has the resolvers of type EntitlementBalance.
func (r *Resolver) EntitlementBalance() graph.EntitlementBalanceResolver { return entitlementBalance{} }

// InclusiveUsageAssignment has the resolvers of type InclusiveUsageAssignment.
func (r *Resolver) InclusiveUsageAssignment() graph.InclusiveUsageAssignmentResolver {
	return inclusiveUsageAssignment{}
}

// InclusiveUsageBalance has the resolvers of type InclusiveUsageBalance.
func (r *Resolver) InclusiveUsageBalance() graph.InclusiveUsageBalanceResolver {
	return inclusiveUsageBalance{}
}

// InclusiveUsageComponent has the resolvers of type InclusiveUsageComponent.
func (r *Resolver) InclusiveUsageComponent() graph.InclusiveUsageComponentResolver {
	return inclusiveUsageComponent{r.DurationUnit}
}

// InclusiveUsagePlan has the resolvers of type InclusiveUsagePlan.
func (r *Resolver) InclusiveUsagePlan() graph.InclusiveUsagePlanResolver { return inclusiveUsagePlan{} }

// EntitlementSummary has the resolvers of type EntitlementSummary.
func (r *Resolver) EntitlementSummary() graph.EntitlementSummaryResolver { return entitlementSummary{} }

// ExpiringAllowance has the resolvers of type ExpiringAllowance.
func (r *Resolver) ExpiringAllowance() graph.ExpiringAllowanceResolver { return expiringAllowance{} }

// LowBalance has the resolvers of type LowBalance.
func (r *Resolver) LowBalance() graph.LowBalanceResolver { return lowBalance{} }

// UsageSummary has the resolvers of type UsageSummary.
func (r *Resolver) UsageSummary() graph.UsageSummaryResolver { return usageSummary{r.DurationUnit} }

// LedgerEntry has the resolvers of type LedgerEntry.
func (r *Resolver) LedgerEntry() graph.LedgerEntryResolver { return ledgerEntry{} }

// Query has the resolvers of type Query.
func (r *Resolver) Query() graph.QueryResolver { return query{} }

// Site has the resolvers of type Site.
func (r *Resolver) Site() graph.SiteResolver { return site{} }

// UsageProductInventory has the resolvers of type UsageProductInventory.
func (r *Resolver) UsageProductInventory() graph.UsageProductInventoryResolver {
	return usageProductInventory{}
}

// inclusiveUsageComponent has the server's unit of durations.
type inclusiveUsageComponent struct{ duration models.UsageUnit }

func (r inclusiveUsageComponent) Unit(_ context.Context, c *models.InclusiveUsageComponent) (models.UsageUnit, error) {
	return c.Unit(r.duration), nil
}

func orZero[T any](p *T) (zero T) {
	if p == nil {
		return zero
	}
	return *p
}
