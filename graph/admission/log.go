package admission

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/transport"
	"github.com/usagegraph/usagegraph/models/store"
)

// Handler gives each request a record, and logs and counts it once its answer has been
// written. Nothing that the client sent goes there but the name of the operation.
func (c *Controller) Handler(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		start, record, answer := time.Now(), new(Record), transport.RecordStatus(w)
		ctx := context.WithValue(store.WithReadCount(request.Context(), &record.ReadCount), recordKey{}, record)
		next.ServeHTTP(answer, request.WithContext(ctx))
		took := time.Since(start)
		c.metrics.observe(record, took)
		level := slog.LevelInfo
		if took >= c.settings.Slow {
			level = slog.LevelWarn
		}
		if log.Enabled(ctx, level) {
			_ = log.Handler().Handle(ctx, record.line(ctx, level, answer.Status, took))
		}
	})
}

// line is what the log has of an operation.
func (r *Record) line(ctx context.Context, level slog.Level, status int, took time.Duration) slog.Record {
	line := slog.NewRecord(time.Now(), level, "operation", 0)
	line.AddAttrs(
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("name", r.Name),
		slog.Int("status", status),
		slog.String("codes", strings.Join(r.codes, ",")),
		slog.Int("cost", r.Cost),
		slog.Int64("statements", r.Statements.Load()),
		slog.Int64("rows", r.Rows.Load()),
		slog.String("path", string(r.Path)))
	if principal, ok := auth.For(ctx); ok {
		line.AddAttrs(slog.String("token", principal.TokenID))
	}
	return line
}
