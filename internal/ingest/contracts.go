package ingest

import (
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// contractMention is a contract that a row is of. Rows that only point to a contract
// mention none: it may be another customer's.
type contractMention struct {
	named
	customer scalar.CustomerID // of the row
}

func (c contractMention) row(now scalar.DateTime) models.Contract {
	return models.Contract{ID: models.ContractID(c.id), CustomerID: c.customer, Name: c.name, UpdatedAt: now}
}

// mentionContracts makes the contracts that rows are of. A contract is of the customer
// whose row was first of it, until that one has no more such rows.
func (imp *importer) mentionContracts(all []contractMention) error {
	if err := imp.settleContracts(); err != nil {
		return err
	}
	stored, err := imp.contracts(all)
	if err != nil {
		return err
	}
	m := newMentions(func(c *models.Contract) models.ContractID { return c.ID })
	for _, c := range all {
		row, owner := c.row(imp.now), c.customer
		if old := stored[row.ID]; len(old) > 0 {
			owner = old[0].CustomerID
		} else if i, made := m.at[row.ID]; made {
			owner = m.rows[i].CustomerID
		}
		if owner != c.customer {
			imp.contested = append(imp.contested, c) // what a customer calls it is not for the owner to see
			continue
		}
		m.add(row, func(there *models.Contract) { there.Name = or(there.Name, row.Name) })
	}
	return store.InsertMissing(imp.tx, models.Contracts, m.rows, "name")
}

// contracts reads the contracts that rows are of.
func (imp *importer) contracts(all []contractMention) (map[models.ContractID][]*models.Contract, error) {
	return store.Children(imp.ctx, imp.reader, models.ContractByID, contractIDs(all))
}

func contractIDs(all []contractMention) []models.ContractID {
	ids := make([]models.ContractID, len(all))
	for i, c := range all {
		ids[i] = models.ContractID(c.id)
	}
	return distinct(ids)
}

// settleContracts gives contracts to the customers of rows that are of them, where the
// customers that had them have no such row. It comes when the rows of a batch are
// written.
func (imp *importer) settleContracts() error {
	contested := imp.contested
	if imp.contested = nil; len(contested) == 0 {
		return nil
	}
	if err := models.GiveContracts(imp.tx, contractIDs(contested), imp.now); err != nil {
		return err
	}
	stored, err := imp.contracts(contested)
	if err != nil {
		return err
	}
	names := newMentions(func(c *models.Contract) models.ContractID { return c.ID })
	for _, c := range contested {
		row := c.row(imp.now)
		if stored[row.ID][0].CustomerID != c.customer {
			imp.summary.warn("a row names a contract of another customer")
			continue
		}
		names.add(row, func(there *models.Contract) { there.Name = or(there.Name, row.Name) })
	}
	return store.InsertMissing(imp.tx, models.Contracts, names.rows, "name")
}
