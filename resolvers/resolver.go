// Package resolvers answers the fields of the schema that are no field of a row:
// a file for each type, arguments in, a loader out. The arguments of a list are read where
// they are checked, by models.Edge.Ask, for the resolvers as for the read engine; so the
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

func (r *Resolver) Balance() graph.BalanceResolver                       { return balance{} }
func (r *Resolver) Contract() graph.ContractResolver                     { return contract{} }
func (r *Resolver) Customer() graph.CustomerResolver                     { return customer{} }
func (r *Resolver) EntitlementBalance() graph.EntitlementBalanceResolver { return entitlementBalance{} }
func (r *Resolver) InclusiveUsageAssignment() graph.InclusiveUsageAssignmentResolver {
	return inclusiveUsageAssignment{}
}
func (r *Resolver) InclusiveUsageBalance() graph.InclusiveUsageBalanceResolver {
	return inclusiveUsageBalance{}
}
func (r *Resolver) InclusiveUsageComponent() graph.InclusiveUsageComponentResolver {
	return inclusiveUsageComponent{r.DurationUnit}
}
func (r *Resolver) InclusiveUsagePlan() graph.InclusiveUsagePlanResolver { return inclusiveUsagePlan{} }
func (r *Resolver) EntitlementSummary() graph.EntitlementSummaryResolver { return entitlementSummary{} }
func (r *Resolver) ExpiringAllowance() graph.ExpiringAllowanceResolver   { return expiringAllowance{} }
func (r *Resolver) LowBalance() graph.LowBalanceResolver                 { return lowBalance{} }
func (r *Resolver) UsageSummary() graph.UsageSummaryResolver             { return usageSummary{r.DurationUnit} }
func (r *Resolver) LedgerEntry() graph.LedgerEntryResolver               { return ledgerEntry{} }
func (r *Resolver) Query() graph.QueryResolver                           { return query{} }
func (r *Resolver) Site() graph.SiteResolver                             { return site{} }
func (r *Resolver) UsageProductInventory() graph.UsageProductInventoryResolver {
	return usageProductInventory{}
}

// inclusiveUsageComponent knows the server's unit of durations.
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
