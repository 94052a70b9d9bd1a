package models_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestStructsMatchMigrations holds the structs to the SQL: each table has the
// columns of its struct, of the type and nullability of the field.
func TestStructsMatchMigrations(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		seen := map[string]bool{}
		for _, table := range store.Describe() {
			seen[table.Name] = true
			got := map[string]string{}
			for _, c := range columnsOf(t, db, table.Name) {
				got[c.Name] = c.Type + null(!c.NotNull)
			}
			want := map[string]string{}
			for _, c := range table.Columns {
				want[c.Name] = typeIn(db.Name(), c.Kind) + null(c.Nullable)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: struct (-) and table (+) differ:\n%s", table.Name, diff)
			}
		}
		for _, name := range tableNames(t, db) {
			if !seen[name] {
				t.Errorf("table %s has no struct", name)
			}
		}
	})
}

// TestTablesFollowWhatTheyName holds the order of the tables to the foreign keys of the
// migrations: what a table refers to comes before it.
func TestTablesFollowWhatTheyName(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		before := map[string]bool{}
		keys := 0
		for _, table := range store.Describe() {
			before[table.Name] = true
			for _, name := range referredTo(t, db, table.Name) {
				if keys++; !before[name] {
					t.Errorf("%s comes before %s, to which it refers", table.Name, name)
				}
			}
		}
		if keys < 25 {
			t.Errorf("only %d foreign keys", keys)
		}
	})
}

// referredTo are the tables that the foreign keys of a table lead to.
func referredTo(t *testing.T, db *gorm.DB, table string) (names []string) {
	t.Helper()
	sql := `SELECT c.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid WHERE k.contype = 'f' AND k.conrelid = ?::regclass`
	if db.Name() == "sqlite" {
		sql = `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`
	}
	if err := db.Raw(sql, table).Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	return names
}

func null(is bool) string {
	if is {
		return " NULL"
	}
	return ""
}

type columnInfo struct {
	Name    string
	Type    string
	NotNull bool
}

func columnsOf(t *testing.T, db *gorm.DB, table string) (columns []columnInfo) {
	t.Helper()
	sql := `SELECT attname AS name, format_type(atttypid, NULL) AS type, attnotnull AS not_null
		FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped`
	if db.Name() == "sqlite" {
		sql = `SELECT name, type, "notnull" OR pk > 0 AS not_null FROM pragma_table_info(?)`
	}
	if err := db.Raw(sql, table).Scan(&columns).Error; err != nil {
		t.Fatal(err)
	}
	return columns
}

func tableNames(t *testing.T, db *gorm.DB) (names []string) {
	t.Helper()
	sql := `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version'`
	if db.Name() == "sqlite" {
		sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`
	}
	if err := db.Raw(sql).Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	if len(names) < 20 {
		t.Fatal(fmt.Errorf("only %d tables", len(names)))
	}
	return names
}

// typeIn is the type of a column of the kind, as the engine names it.
func typeIn(engine, kind string) string {
	if engine == "sqlite" {
		switch kind {
		case "bigint", "integer", "boolean":
			return "INTEGER"
		case "double precision":
			return "REAL"
		case "bytea":
			return "BLOB"
		default:
			return "TEXT"
		}
	}
	switch kind {
	case "timestamptz":
		return "timestamp with time zone"
	case "timestamp":
		return "timestamp without time zone"
	}
	return kind
}
