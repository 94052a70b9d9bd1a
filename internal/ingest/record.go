package ingest

import (
	"bytes"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/store"
)

// record is a row of the file on its way into the database.
type record[R any] struct {
	rowContext
	value          R
	digest, ledger []byte
	stored         *models.Stored // nil when it is new
}

// values are the values of records.
func values[R, V any](records []*record[R], of func(*record[R]) V) []V {
	out := make([]V, len(records))
	for i, r := range records {
		out[i] = of(r)
	}
	return out
}

// sameRow reports whether the row without its ledger is as stored.
func (r *record[R]) sameRow() bool { return r.stored != nil && bytes.Equal(r.digest, r.stored.Digest) }

// sameLedger reports whether the ledger is as stored, or missing from the file.
func (r *record[R]) sameLedger() bool {
	return r.ledger == nil || r.stored != nil && bytes.Equal(r.ledger, r.stored.LedgerDigest)
}

func (r *record[R]) unchanged() bool { return r.sameRow() && r.sameLedger() }

// put writes rows: those that are new, and over those that are stored.
func put[T, R any](imp *importer, table *store.Table[T], changed []*record[R], row func(*record[R]) T) error {
	var fresh, known []T
	for _, r := range changed {
		if r.stored == nil {
			fresh = append(fresh, row(r))
		} else {
			known = append(known, row(r))
		}
	}
	if err := store.Insert(imp.tx, table, fresh); err != nil {
		return err
	}
	return store.Upsert(imp.tx, table, known)
}

// keysOf are the keys of the records that hold.
func keysOf[R any, K comparable](records []*record[R], key func(*record[R]) K, that func(*record[R]) bool) []K {
	var keys []K
	for _, r := range records {
		if that(r) {
			keys = append(keys, key(r))
		}
	}
	return keys
}

// isStored reports whether the row was there before.
func isStored[R any](r *record[R]) bool { return r.stored != nil }
