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
	s.Add(fmt.Sprintf(` CROSS JOIN "%s" AS t WHERE %s`, by.To.Name, by.OnParent("t")))
	var rows []struct {
		N int
		Stored
	}
	if err := tx.Raw(s.String(), s.Args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", by.To.Name, err)
	}
	stored := make(map[K]Stored, len(rows))
	for _, row := range rows {
		stored[keys[row.N-s.First()]] = row.Stored
	}
	return stored, nil
}

// Touch says of the rows of rel that belong to the parents with the keys that they
// changed: a cascade that moves rows to another customer or site does not.
func Touch[P, C any, K comparable](tx *database.Tx, rel *store.Relation[P, C, K], keys []K, now scalar.DateTime) error {
	return update(tx, rel, keys, "updated_at = ?", now)
}

// Forget makes the next import of the rows with the keys write them, whether or
// not they differ from what was imported last.
func Forget[T any, K comparable](tx *database.Tx, by *store.Relation[store.Root, T, K], keys []K, now scalar.DateTime) error {
	return update(tx, by, keys, "digest = NULL, updated_at = ?", now)
}

func update[P, C any, K comparable](tx *database.Tx, rel *store.Relation[P, C, K], keys []K, set string, args ...any) error {
	if len(keys) == 0 {
		return nil
	}
	s := store.NewStatement(tx.DB, store.Scope{All: true})
	s.Add(fmt.Sprintf(`UPDATE "%s" SET %s WHERE (%s) IN (SELECT %s FROM `,
		rel.To.Name, set, store.Names(rel.Columns), store.KeyNames("", len(rel.Columns))), args...)
	store.FromKeys(s, &rel.Edge, keys)
	s.Add(")")
	if err := tx.Exec(s.String(), s.Args...).Error; err != nil {
		return fmt.Errorf("update %s: %w", rel.To.Name, err)
	}
	return nil
}
