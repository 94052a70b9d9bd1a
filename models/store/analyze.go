package store

import (
	"fmt"
	"strings"

	"github.com/usagegraph/usagegraph/models/database"
)

// analyzedEntries bounds how many entries of each index SQLite looks at: an import of a few
// rows into a large file takes no longer for it than one into a small file.
const analyzedEntries = 2000

// Analyze has the database count what its planner goes by: how many rows the tables have and
// how many share a value. Without, SQLite takes any index for as good as any other. It is for
// the end of a transaction that wrote many rows.
func Analyze(tx *database.Tx) error {
	if tx.Copier == nil {
		return execute(tx, []string{fmt.Sprintf("PRAGMA analysis_limit = %d", analyzedEntries), "ANALYZE"})
	}
	return execute(tx, []string{"ANALYZE " + strings.Join(filled(), ", ")})
}
