package models

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/store"
)

// Conflict is a row of a file that cannot stand beside another row.
type Conflict struct {
	Row      int64  // of the file
	Value    string // that both have
	Other    string // key of the other row
	OtherRow int64  // its row in the file, 0 when the file lacks it
	Total    int    // number of conflicts
}

// UniquenessConflicts are the balances seen whose uniqueness key another balance
// of their customer has, the first limit of them in order of the file; only those
// whose other balance was seen too if bothSeen.
func UniquenessConflicts(s *store.Seen[Balance, BalanceID], bothSeen bool, limit int) (conflicts []Conflict, err error) {
	q := s.Select(`s.row_number AS "row", a.uniqueness_key AS value, b.id AS other, COALESCE(o.row_number, 0) AS other_row, count(*) OVER () AS total`)
	q.Add(" JOIN ").From(Balances, "a").Add(" ON a.id = s.k1 AND a.uniqueness_key IS NOT NULL")
	q.Add(" JOIN ").From(Balances, "b").Add(" ON b.customer_id = a.customer_id AND b.uniqueness_key = a.uniqueness_key AND b.id <> a.id")
	q.Add(" LEFT JOIN ").From(s, "o").Add(" ON o.k1 = b.id WHERE o.row_number < s.row_number OR o.row_number IS NULL AND NOT ?", bothSeen)
	q.Add(" ORDER BY s.row_number, b.id LIMIT ?", limit)
	if err := s.Find(q, &conflicts); err != nil {
		return nil, fmt.Errorf("look for uniqueness keys: %w", err)
	}
	return conflicts, nil
}

// ExternalIDConflicts are the external IDs seen, whose notes are customers, that
// belong to another customer, the first limit of them in order of the file.
func ExternalIDConflicts(s *store.Seen[ExternalID, ExternalIDKey], limit int) (conflicts []Conflict, err error) {
	q := s.Select(`s.row_number AS "row", s.k1 || ':' || s.k2 AS value, CAST(e.customer_id AS text) AS other, 0 AS other_row, count(*) OVER () AS total`)
	q.Add(" JOIN ").From(ExternalIDs, "e").Add(" ON e.system = s.k1 AND e.value = s.k2 WHERE CAST(e.customer_id AS text) <> s.note")
	q.Add(" ORDER BY s.row_number, s.k1, s.k2 LIMIT ?", limit)
	if err := s.Find(q, &conflicts); err != nil {
		return nil, fmt.Errorf("look for external IDs: %w", err)
	}
	return conflicts, nil
}

// InsertExternalIDs writes the external IDs seen, whose notes are customers.
func InsertExternalIDs(s *store.Seen[ExternalID, ExternalIDKey]) error {
	if err := s.Insert(ExternalIDs, "system, value, customer_id", "s.k1, s.k2, CAST(s.note AS bigint)"); err != nil {
		return fmt.Errorf("write external_ids: %w", err)
	}
	return nil
}
