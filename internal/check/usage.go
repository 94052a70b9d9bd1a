package check

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

func (c *checker) inventories(rows []*models.UsageProductInventory) error {
	ids := make([]models.UsageProductInventoryID, len(rows))
	for i, u := range rows {
		ids[i] = u.ID
	}
	references, err := store.Children(c.ctx, c.reader, models.ReferencesOfInventory, ids)
	if err != nil {
		return err
	}
	c.looked(models.RowsInventories, len(rows))
	for _, u := range rows {
		if err := c.found("UsageProductInventory:"+u.DatabaseID(), u.Breaches(references[u.ID])); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) assignments(rows []*models.InclusiveUsageAssignment) error {
	keys := make([]models.AssignmentKey, len(rows))
	var of []models.InclusiveUsageBalanceKey
	known := map[models.InclusiveUsageBalanceKey]bool{}
	for i, a := range rows {
		keys[i] = a.Key()
		if key := keys[i].InclusiveUsageBalanceKey; !known[key] {
			known[key] = true
			of = append(of, key)
		}
	}
	balances, err := store.Children(c.ctx, c.reader, models.InclusiveUsageBalanceByKey, of)
	if err != nil {
		return err
	}
	components, err := store.Children(c.ctx, c.reader, models.ComponentsOfAssignment, keys)
	if err != nil {
		return err
	}
	c.looked(models.RowsAssignments, len(rows))
	for _, a := range rows {
		in := balances[a.Key().InclusiveUsageBalanceKey]
		if len(in) == 0 {
			return fmt.Errorf("assignment %d belongs to InclusiveUsageBalance:%d/%d, which is missing", a.AssignmentID, a.BillRunID, a.UsageProductInventoryID)
		}
		if err := c.assignment(a, in[0], components[a.Key()]); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) assignment(a *models.InclusiveUsageAssignment, in *models.InclusiveUsageBalance, components []*models.InclusiveUsageComponent) error {
	c.looked(models.RowsComponents, len(components))
	breaches := c.pool.Breaches(a, in, components)
	for _, component := range components {
		breaches = append(breaches, component.Breaches()...)
	}
	return c.found(in.NodeID(), breaches)
}
