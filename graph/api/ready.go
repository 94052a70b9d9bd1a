package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/admission"
	"github.com/usagegraph/usagegraph/models/migrations"
)

// ready answers whether operations can be served: not while the process stops, nor
// without a database that has all migrations.
func ready(db *gorm.DB, log *slog.Logger, operations *admission.Controller) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if operations.Stopping() {
			http.Error(w, "stopping", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if due, err := migrations.Due(ctx, db); err != nil || due {
			log.WarnContext(ctx, "not ready", "migration due", due, "err", err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	}
}
