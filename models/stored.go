package models

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// Stored is what an import compares a row of a file with.
type Stored struct {
	Digest       []byte // nil for a row that another one named first
	LedgerDigest []byte
	CustomerID   scalar.CustomerID
	SiteID       SiteID
}

// ReadStored reads the rows with the keys that are there.
func ReadStored[T any, K comparable](tx *database.Tx, by *store.Relation[store.Root, T, K], keys []K) (map[K]Stored, error) {
	s := store.NewStatement(tx.DB, store.Scope{All: true})
	s.Add(`SELECT p.n, t."digest"`)
	for _, c := range by.To.Columns {
		switch c.Name {
		case "ledger_digest", "customer_id", "site_id":
			s.Add(", " + c.Qualified("t"))
		}
	}
	s.Add(" FROM ")
	store.FromKeys(s, &by.Edge, keys)
	s.Add(" CROSS JOIN ").From(by.To, "t").Add(" WHERE " + by.OnParent("t"))
	var rows []struct {
		N int
		Stored
	}
	if err := tx.Raw(s.String(), s.Args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", by.To.Name, err)
	}
	stored := make(map[K]Stored, len(rows))
	for _, row := range rows {
		stored[keys[row.N-s.FirstNumber()]] = row.Stored
	}
	return stored, nil
}
