package models

import (
	"fmt"
	"slices"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// GiveContracts gives each of the contracts whose customer has no balance or entitlement
// of it to one who has, the one with the lowest ID, without the name that it had.
func GiveContracts(tx *database.Tx, ids []ContractID, now scalar.DateTime) error {
	s := store.NewStatement(tx.DB, store.Scope{All: true})
	// Rows are found by the expression that the indexes hold.
	owners := func() {
		for i, table := range []store.AnyTable{Balances, EntitlementBalances} {
			if i > 0 {
				s.Add(" UNION ALL ")
			}
			s.Add("SELECT o.customer_id FROM ").From(table, "o").Add(` WHERE COALESCE('0' || o.contract_id, '1') = '0' || c.id`)
		}
	}
	s.Add("SELECT c.id, (SELECT min(customer_id) FROM (")
	owners()
	s.Add(") AS o) AS customer_id FROM ")
	store.FromKeys(s, &ContractByID.Edge, ids)
	s.Add(" CROSS JOIN ").From(Contracts, "c").Add(" WHERE c.id = p.k1 AND c.customer_id NOT IN (")
	owners()
	s.Add(") ORDER BY c.id")
	var given []Contract
	if err := tx.Raw(s.String(), s.Args...).Find(&given).Error; err != nil {
		return fmt.Errorf("look for the customers of contracts: %w", err)
	}
	given = slices.DeleteFunc(given, func(c Contract) bool { return c.CustomerID == 0 }) // nobody has a row of it
	for i := range given {
		given[i].UpdatedAt = now
	}
	return store.Upsert(tx, Contracts, given)
}
