package models

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// FirstOwnCustomer is the least ID of a customer that Elevate does not list. Those of
// Elevate are far below.
const FirstOwnCustomer scalar.CustomerID = 1_000_000_000_000

// FreeCustomerIDs are the n least IDs from the given one on that no customer has.
func FreeCustomerIDs(tx *database.Tx, from scalar.CustomerID, n int) ([]scalar.CustomerID, error) {
	free := make([]scalar.CustomerID, 0, n)
	for len(free) < n {
		var next struct{ Taken, End *scalar.CustomerID } // the first that is taken, and the last of those that follow it without a gap
		s := store.NewStatement(tx.DB, store.Scope{All: true})
		s.Add(`SELECT min(id) AS taken, min(CASE WHEN following IS NULL OR following - id > 1 THEN id END) AS "end" FROM (SELECT id, lead(id) OVER (ORDER BY id) AS following FROM `)
		s.From(Customers, "t").Add(" WHERE id >= ?) AS c", from)
		err := tx.Raw(s.String(), s.Args...).Find(&next).Error
		if err != nil {
			return nil, fmt.Errorf("look for free IDs of customers: %w", err)
		}
		for ; len(free) < n && (next.Taken == nil || from < *next.Taken); from++ {
			free = append(free, from)
		}
		if next.End != nil {
			from = *next.End + 1
		}
	}
	return free, nil
}
