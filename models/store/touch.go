package store

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
)

// Touch says of the rows of rel that belong to the parents with the keys that they
// changed: a cascade that moves rows to another customer or site does not.
func Touch[P, C any, K comparable](tx *database.Tx, rel *Relation[P, C, K], keys []K, now scalar.DateTime) error {
	return update(tx, rel, keys, "updated_at = ?", now)
}

// Forget makes the next import of the rows with the keys write them, whether or
// not they differ from what was imported last.
func Forget[T any, K comparable](tx *database.Tx, by *Relation[Root, T, K], keys []K, now scalar.DateTime) error {
	return update(tx, by, keys, "digest = NULL, updated_at = ?", now)
}

func update[P, C any, K comparable](tx *database.Tx, rel *Relation[P, C, K], keys []K, set string, args ...any) error {
	if len(keys) == 0 {
		return nil
	}
	s := NewStatement(tx.DB, Scope{All: true})
	s.Add(fmt.Sprintf(`UPDATE "%s" SET %s WHERE (%s) IN (SELECT %s FROM `,
		rel.To.Name, set, Names(rel.Columns), KeyNames("", len(rel.Columns))), args...)
	FromKeys(s, &rel.Edge, keys)
	s.Add(")")
	if err := tx.Exec(s.String(), s.Args...).Error; err != nil {
		return fmt.Errorf("update %s: %w", rel.To.Name, err)
	}
	return nil
}
