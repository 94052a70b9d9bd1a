package models

import (
	"context"
	"fmt"

	"github.com/usagegraph/usagegraph/models/store"
)

// SharedKey is a uniqueness key that several balances of a customer have.
type SharedKey struct {
	ID            BalanceID // the first of them
	UniquenessKey string
	Balances      int
}

// Breaches says what the key should be.
func (k SharedKey) Breaches() []Breach {
	return []Breach{{
		RuleUniquenessKey, "", "uniqueness_key",
		fmt.Sprintf("%q in %d balances of the customer", k.UniquenessKey, k.Balances), "a key that no other balance of the customer has",
	}}
}

// SharedKeys calls do with the uniqueness keys that balances share, one customer
// after the other.
func SharedKeys(ctx context.Context, r *store.Reader, do func(SharedKey) error) error {
	s := r.NewStatement()
	s.Add(`SELECT min(t."id") AS id, t."uniqueness_key", count(*) AS balances FROM `).From(Balances, "t")
	s.Add(` WHERE t."uniqueness_key" IS NOT NULL GROUP BY t."uniqueness_key", t."customer_id" HAVING count(*) > 1 ORDER BY t."customer_id", t."uniqueness_key"`)
	rows, err := r.Run(ctx, s)
	if err != nil {
		return fmt.Errorf("read uniqueness keys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key SharedKey
		if err := rows.Scan(&key.ID, &key.UniquenessKey, &key.Balances); err != nil {
			return fmt.Errorf("read uniqueness keys: %w", err)
		}
		if err := do(key); err != nil {
			return err
		}
	}
	return rows.Err()
}
