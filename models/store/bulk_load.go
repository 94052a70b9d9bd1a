package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/database"
)

// ErrNotEmpty is what Fill says of a database that holds rows.
var ErrNotEmpty = errors.New("the database is not empty")

// Fill runs do in a transaction on a database whose tables are empty, which lands
// if do returns nil. do writes what the sources say, no imports and no tokens.
// Indexes and constraints are away meanwhile and made again, the same, at the end:
// all rows are sorted and checked at once, which takes a third of the time. Other
// sessions wait until it is over.
func Fill(ctx context.Context, db *gorm.DB, do func(*database.Tx) error) error {
	return database.Write(ctx, db, func(tx *database.Tx) error {
		tables := filled()
		if err := refuseRows(tx, tables); err != nil {
			return err
		}
		if err := lock(tx, tables); err != nil {
			return err
		}
		restore, err := strip(tx, tables)
		if err != nil {
			return fmt.Errorf("take the indexes away: %w", err)
		}
		if err := do(tx); err != nil {
			return err
		}
		if err := execute(tx, restore); err != nil {
			return fmt.Errorf("make the indexes again: %w", err)
		}
		return nil
	})
}

// lock keeps others away. They may have written rows before it had the lock.
func lock(tx *database.Tx, tables []string) error {
	if tx.Copier == nil {
		return nil // the transaction is the only one that writes
	}
	if err := tx.Exec("LOCK TABLE " + strings.Join(tables, ", ") + " IN ACCESS EXCLUSIVE MODE").Error; err != nil {
		return fmt.Errorf("lock the tables: %w", err)
	}
	return refuseRows(tx, tables)
}

// filled are the names of the tables that hold what the sources say.
func filled() (names []string) {
	for _, t := range inOrder() {
		if !t.own {
			names = append(names, t.Name)
		}
	}
	return names
}

func refuseRows(tx *database.Tx, tables []string) error {
	for _, name := range tables {
		var found int
		if err := tx.Raw(`SELECT 1 FROM "` + name + `" LIMIT 1`).Scan(&found).Error; err != nil {
			return fmt.Errorf("look into %s: %w", name, err)
		}
		if found > 0 {
			return fmt.Errorf("%w: there are %s", ErrNotEmpty, strings.ReplaceAll(name, "_", " "))
		}
	}
	return nil
}

// strip drops what slows inserting rows down. It returns the statements that make
// it again.
func strip(tx *database.Tx, tables []string) (restore []string, err error) {
	if tx.Copier == nil {
		return stripSQLite(tx)
	}
	list := "'{" + strings.Join(tables, ",") + "}'::regclass[]"
	keys, err := constraints(tx, "contype IN ('p', 'u') AND conrelid = ANY ("+list+")")
	if err != nil {
		return nil, err
	}
	foreign, err := constraints(tx, "contype = 'f' AND (conrelid = ANY ("+list+") OR confrelid = ANY ("+list+"))")
	if err != nil {
		return nil, err
	}
	indexes, err := definitions(tx, `SELECT
			format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS make
		FROM pg_index WHERE indrelid = ANY (`+list+`) AND NOT EXISTS
			(SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
		ORDER BY indrelid, indexrelid`)
	if err != nil {
		return nil, err
	}
	// What leans on a thing goes before it, and comes after it.
	for _, d := range slices.Concat(foreign, indexes, keys) {
		if err := tx.Exec(d.Drop).Error; err != nil {
			return nil, err
		}
	}
	for _, d := range slices.Concat(keys, indexes, foreign) {
		restore = append(restore, d.Make)
	}
	// COPY may write rows that need no vacuum into tables that this transaction
	// emptied.
	tx.CopyOptions = " WITH (FREEZE)"
	restore = append(restore, "ANALYZE "+strings.Join(tables, ", "))
	return restore, execute(tx, []string{
		"TRUNCATE " + strings.Join(tables, ", "),
		"SET LOCAL maintenance_work_mem = '256MB'", // an index is sorted in it
	})
}

// stripSQLite drops the indexes that are no part of a table.
func stripSQLite(tx *database.Tx) (restore []string, err error) {
	indexes, err := definitions(tx, `SELECT 'DROP INDEX "' || name || '"' AS "drop", sql AS make
		FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid`)
	for _, d := range indexes {
		if err := tx.Exec(d.Drop).Error; err != nil {
			return nil, err
		}
		restore = append(restore, d.Make)
	}
	return restore, err
}

// constraints are those of PostgreSQL that match, in the order in which they were
// made.
func constraints(tx *database.Tx, which string) ([]definition, error) {
	return definitions(tx, `SELECT
			format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
		FROM pg_constraint WHERE `+which+` ORDER BY oid`)
}

// definition is how to drop a thing, and how to make it again.
type definition struct{ Drop, Make string }

func definitions(tx *database.Tx, query string) (found []definition, err error) {
	err = tx.Raw(query).Scan(&found).Error
	return found, err
}

func execute(tx *database.Tx, statements []string) error {
	for _, sql := range statements {
		if err := tx.Exec(sql).Error; err != nil {
			return err
		}
	}
	return nil
}
