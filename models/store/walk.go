package store

import (
	"context"
	"database/sql"
	"iter"

	"gorm.io/gorm"
)

// Snapshot runs do in a transaction that only reads and sees one state of the
// database.
func Snapshot(ctx context.Context, db *gorm.DB, do func(*gorm.DB) error) error {
	return db.WithContext(ctx).Transaction(do, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// Batches reads all rows of a list in its order, size at once. An error ends it.
func Batches[T any](ctx context.Context, r *Reader, list *Relation[Root, T, struct{}], size int) iter.Seq2[[]*T, error] {
	return func(yield func([]*T, error) bool) {
		query, err := list.Prepare(Request{})
		if err != nil {
			yield(nil, err)
			return
		}
		query.page.Limit = size
		for {
			pages, err := Pages(ctx, r, list, []struct{}{{}}, query)
			page := pages[struct{}{}]
			if !yield(page.Rows, err) || err != nil || !page.More {
				return
			}
			query.place = query.order.placeOf(page.Rows[len(page.Rows)-1])
		}
	}
}
