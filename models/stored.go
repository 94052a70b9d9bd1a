package models

import (
	"fmt"
)

// Stored is what an import compares a row of a file with.
type Stored struct {
	Digest       []byte // nil for a row that another one named first
	LedgerDigest []byte
	CustomerID   CustomerID
	SiteID       SiteID
}

// ReadStored reads the rows with the keys that are there.
func ReadStored[T any, K comparable](tx *Tx, by *Relation[Root, T, K], keys []K) (map[K]Stored, error) {
	s := newStatement(tx.DB, Scope{All: true})
	s.add(`SELECT p.n, t."digest"`)
	for _, c := range by.To.columns {
		switch c.name {
		case "ledger_digest", "customer_id", "site_id":
			s.add(", " + c.qualified("t"))
		}
	}
	s.add(" FROM ")
	parents(s, &by.Edge, keys)
	s.add(fmt.Sprintf(` CROSS JOIN "%s" AS t WHERE %s`, by.To.name, by.onParent("t")))
	var rows []struct {
		N int
		Stored
	}
	if err := tx.Raw(s.String(), s.args...).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", by.To.name, err)
	}
	stored := make(map[K]Stored, len(rows))
	for _, row := range rows {
		stored[keys[row.N-s.first()]] = row.Stored
	}
	return stored, nil
}

// Touch says of the rows of rel that belong to the parents with the keys that they
// changed: a cascade that moves rows to another customer or site does not.
func Touch[P, C any, K comparable](tx *Tx, rel *Relation[P, C, K], keys []K, now DateTime) error {
	return update(tx, rel, keys, "updated_at = ?", now)
}

// Forget makes the next import of the rows with the keys write them, whether or
// not they differ from what was imported last.
func Forget[T any, K comparable](tx *Tx, by *Relation[Root, T, K], keys []K, now DateTime) error {
	return update(tx, by, keys, "digest = NULL, updated_at = ?", now)
}

func update[P, C any, K comparable](tx *Tx, rel *Relation[P, C, K], keys []K, set string, args ...any) error {
	if len(keys) == 0 {
		return nil
	}
	s := newStatement(tx.DB, Scope{All: true})
	s.add(fmt.Sprintf(`UPDATE "%s" SET %s WHERE (%s) IN (SELECT %s FROM `,
		rel.To.name, set, names(rel.columns), keyNames("", len(rel.columns))), args...)
	parents(s, &rel.Edge, keys)
	s.add(")")
	if err := tx.Exec(s.String(), s.args...).Error; err != nil {
		return fmt.Errorf("update %s: %w", rel.To.name, err)
	}
	return nil
}
