package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestFill holds Fill to leave the schema as it was, whatever becomes of the rows.
func TestFill(t *testing.T) {
	broken := errors.New("broken")
	add := func(tx *database.Tx) error { return write(tx, insert{}) }
	for name, test := range map[string]struct {
		before func(*database.Tx) error
		do     func(*database.Tx) error
		want   error // nil where any will do
		lands  bool
	}{
		"lands": {do: add, lands: true},
		"fails": {do: func(tx *database.Tx) error { return errors.Join(add(tx), broken) }, want: broken},
		"not empty": {
			before: func(tx *database.Tx) error {
				return store.Insert(tx, models.Products, []models.Product{{ID: "p"}})
			},
			do: add, want: store.ErrNotEmpty,
		},
		"key twice": {do: func(tx *database.Tx) error {
			return store.Insert(tx, models.Products, []models.Product{{ID: "p"}, {ID: "p"}})
		}},
		"names nothing": {do: func(tx *database.Tx) error {
			return store.Insert(tx, models.Sites, []models.Site{{ID: 1, CustomerID: 1}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
				if test.before != nil {
					if err := database.Write(t.Context(), db, test.before); err != nil {
						t.Fatal(err)
					}
				}
				before := catalogue(t, db)
				err := store.Fill(t.Context(), db, test.do)
				if (err == nil) != test.lands || test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("error %v, want %v", err, test.want)
				}
				if diff := cmp.Diff(before, catalogue(t, db)); diff != "" {
					t.Errorf("the schema changed:\n%s", diff)
				}
				want := []models.Customer{}
				if test.lands {
					want = customers()
				}
				comesBack(t, db, want)
			})
		})
	}
}

// catalogue is the whole schema in the engine, as text.
func catalogue(t *testing.T, db *gorm.DB) (lines []string) {
	t.Helper()
	sql := `SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', pg_get_indexdef(indexrelid), indisunique, indisprimary, indisvalid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', attrelid::regclass, attnum, attname, atttypid::regtype, attnotnull, attcollation) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
		ORDER BY 1`
	if db.Name() == "sqlite" {
		sql = `SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1`
	}
	if err := db.Raw(sql).Scan(&lines).Error; err != nil {
		t.Fatal(err)
	}
	if len(lines) < 40 {
		t.Fatalf("only %d lines", len(lines))
	}
	return lines
}
