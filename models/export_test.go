package models

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"
)

// Explain is the engine's plan of Pages.
func Explain[P, C any, K comparable](ctx context.Context, r *Reader, rel *Relation[P, C, K], keys []K, q Query) (string, error) {
	s := newStatement(r.db, r.scope)
	explain := "EXPLAIN QUERY PLAN "
	if s.postgres {
		explain = "EXPLAIN "
	}
	if err := s.pages(&rel.Edge, keysOf(s, keys), rel.to.columns, q); err != nil {
		return "", err
	}
	rows, err := r.db.WithContext(ctx).Raw(explain+s.String(), s.args...).Rows()
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		line := make([]any, 4)
		into := []any{&line[0], &line[1], &line[2], &line[3]}
		if s.postgres {
			into = into[3:]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		fmt.Fprintln(&plan, line[3])
	}
	return plan.String(), rows.Err()
}

// ReadAll reads all rows of a table as find does, and as GORM does, in order of their
// key.
func ReadAll[T any](ctx context.Context, db *gorm.DB, t *Table[T]) (found, want []*T, err error) {
	r := NewReader(db, Scope{All: true})
	s := newStatement(db, r.scope)
	s.add("SELECT "+list(t.columns, "t")+" FROM ").from(&t.table, "t").add(" ORDER BY " + list(t.key, "t"))
	if found, err = find[T](ctx, r, &Edge{to: &t.table}, s); err != nil {
		return nil, nil, err
	}
	return found, want, db.WithContext(ctx).Raw(s.String(), s.args...).Find(&want).Error
}
