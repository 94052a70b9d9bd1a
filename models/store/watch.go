package store

import (
	"context"

	"gorm.io/gorm"
)

// Watch calls seen after each statement of a Session on db, which GORM does not see
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

// ran counts a statement of a session that has been run, and passes it to the watchers.
func (r *Reader) ran(ctx context.Context, f *Fetch, s *sqlText) {
	f.into().count(ctx, f)
	for _, plugin := range r.DB.Plugins {
		if w, ok := plugin.(watcher); ok {
			w.seen(s.sql, s.args)
		}
	}
}
