package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/ingest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// FuzzImport holds that no content panics, that it is to blame for every error,
// and that an error leaves the database as it was.
func FuzzImport(f *testing.F) {
	kinds := ingest.Kinds()
	for i, kind := range kinds {
		f.Add(uint8(i), sample(f, kind).content)
	}
	for i, b := range breakable {
		good := strings.Replace(b.row, "%s", "", 1)
		f.Add(uint8(i), good+good)
		for _, c := range b.changes {
			f.Add(uint8(i), strings.Replace(good, c.from, c.to, 1))
		}
	}
	db := modelstest.Open(f, modelstest.SQLite(f))
	importSamples(f, db)
	f.Fuzz(func(t *testing.T, kind uint8, content string) {
		before := fingerprint(t, db)
		_, err := file{kind: kinds[int(kind)%len(kinds)], content: content, options: ingest.Options{Round: kind > 127}}.run(t, db)
		if err == nil {
			return
		}
		var refusal *ingest.Refusal
		if !errors.As(err, &refusal) || len(refusal.Lines) == 0 {
			t.Errorf("got %v, want a refusal", err)
		}
		same(t, "the database after a refusal", before, fingerprint(t, db))
	})
}

// fingerprint is a dump that takes one statement: how many rows the tables have,
// and when they changed last.
func fingerprint(t testing.TB, db *gorm.DB) []string {
	t.Helper()
	var parts []string
	for _, table := range store.Describe() {
		last := "''"
		for _, c := range table.Columns {
			if c.Name == "updated_at" {
				last = "COALESCE(max(updated_at), '')"
			}
		}
		parts = append(parts, fmt.Sprintf(`SELECT '%s ' || count(*) || ' ' || %s FROM "%s"`, table.Name, last, table.Name))
	}
	return query(t, db, strings.Join(parts, " UNION ALL "))
}
