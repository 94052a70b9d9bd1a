package store_test

import (
	"testing"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestByGrandparent holds which lists may be read by the keys of their parents' parents.
func TestByGrandparent(t *testing.T) {
	components := models.ComponentsOfAssignment.Edge
	for _, tt := range []struct {
		name          string
		edge, parents *store.Edge
		columns       int // 0: not within
	}{
		{"components of assignments", &components, &models.AssignmentsOfUsageBalance.Edge, 2},
		{"in another direction", store.Descending(components), &models.AssignmentsOfUsageBalance.Edge, 0},
		{"in another order", store.InOrder(components, models.InclusiveUsageComponents, "start_date"), &models.AssignmentsOfUsageBalance.Edge, 0},
		{"by the same key", &models.ComponentsOfUsageBalance.Edge, &models.InclusiveUsageBalanceByKey.Edge, 0},
		{"by no key of theirs", &models.SegmentsOfBalance.Edge, &models.BalancesOfCustomer.Edge, 0},
		{"parents in another order", &components, &models.AllInclusiveUsageAssignments.Edge, 0},
		{"a lookup", &models.PlanOfAssignment.Edge, &models.AssignmentsOfUsageBalance.Edge, 0},
	} {
		within := tt.edge.ByGrandparent(tt.parents)
		if within == nil {
			within = &store.Edge{}
		}
		if len(within.Columns) != tt.columns {
			t.Errorf("%s: by %d columns, want %d", tt.name, len(within.Columns), tt.columns)
		}
	}
}
