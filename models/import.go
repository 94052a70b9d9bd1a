package models

import (
	"context"
	"io"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/relay"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// ImportConnection is a page of imports.
type (
	ImportConnection = relay.Connection[*Import]
	ImportEdge       = relay.Edge[*Import]
)

// ImportID is the key of an Import, counted from 1.
type ImportID int64

// String is the raw key, the databaseId of GraphQL.
func (id ImportID) String() string { return scalar.FormatInt(id) }

// MarshalGQL writes the global ID.
func (id ImportID) MarshalGQL(w io.Writer) { scalar.WriteID(w, "Import", id.String()) }

// UnmarshalGQL takes the global ID or the raw key. The error is BAD_USER_INPUT.
func (id *ImportID) UnmarshalGQL(v any) error { return scalar.ReadIntID("Import", v, id) }

// Import is one reading of a source.
type Import struct {
	store.Siblings[Import] `gorm:"-"`

	ID         ImportID `gorm:"primaryKey"`
	Kind       string   // what was read, as the command calls it
	Rows       int      // read
	Changed    int      // new or different
	Warnings   int
	StartedAt  scalar.DateTime
	FinishedAt scalar.DateTime
}

// Imports is the table of imports, open to every token.
var Imports = store.NewTable[Import]("").OfItself().Filters("id", "kind").Orderable("KIND")

// AllImports is the list at the root, Query.imports.
var AllImports = store.NewList(Imports).Field("Query.imports")

// ImportByID finds a row by its key.
var ImportByID = store.NewNode("Import", Imports, func(row *Import) ImportID { return row.ID }, scalar.ReadID[ImportID])

// IsNode marks what Query.node reaches.
func (Import) IsNode() {}

// DatabaseID is the raw key.
func (i *Import) DatabaseID() string { return i.ID.String() }

// LastImport is the import that was last noted, nil if there is none.
func LastImport(ctx context.Context, db *gorm.DB) (*Import, error) {
	var rows []*Import
	if err := db.WithContext(ctx).Order("id DESC").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// LockImports keeps imports apart until the transaction ends, because an import
// decides by what it has read. On SQLite a transaction that writes is alone anyway.
func LockImports(tx *database.Tx) error {
	if tx.Copier == nil {
		return nil
	}
	// The number is arbitrary, and no other lock of usagegraph has it.
	return tx.Exec("SELECT pg_advisory_xact_lock(7215403661)").Error
}

// RecordImport notes that a source was read.
func RecordImport(tx *database.Tx, row Import) error { return tx.Create(&row).Error }
