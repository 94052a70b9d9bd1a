package models

import (
	"context"

	"gorm.io/gorm"
)

// Watch calls seen after each statement of a Session on db, which GORM does not know
// of. The name is one that nothing else watches by.
func Watch(db *gorm.DB, name string, seen func(sql string, args []any)) error {
	return db.Use(watcher{name, seen})
}

type watcher struct {
	name string
	seen func(sql string, args []any)
}

// Name makes it a plugin of GORM, which keeps it with the database.
func (w watcher) Name() string { return "models:watch:" + w.name }

// Initialize is part of a plugin.
func (watcher) Initialize(*gorm.DB) error { return nil }

// ran is told of each statement of a session that has been run. Those for a proof are
// no operation's.
func (r *Reader) ran(ctx context.Context, f *Fetch, s *rendered) {
	if f.proof == nil {
		rows := f.Rows.Len()
		if f.Short {
			rows = f.seen
		}
		count(ctx, int64(rows))
	}
	for _, plugin := range r.db.Plugins {
		if w, ok := plugin.(watcher); ok {
			w.seen(s.sql, s.args)
		}
	}
}
