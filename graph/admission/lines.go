package admission

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// Lines of the log wait this long for others, or until there are this many bytes.
const (
	linger      = 100 * time.Millisecond
	maxGathered = 64 << 10
)

// Lines gathers what a log writes, so that many lines of a busy server are one write.
type Lines struct {
	out      io.Writer
	mu       sync.Mutex
	gathered []byte
}

// NewLines gathers lines for out. Flush must be called at the end.
func NewLines(out io.Writer) *Lines { return &Lines{out: out} }

// Write keeps a line, which is written to the log soon after. It never fails.
func (l *Lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.gathered) == 0 {
		time.AfterFunc(linger, l.Flush)
	}
	if l.gathered = append(l.gathered, line...); len(l.gathered) >= maxGathered {
		l.flush()
	}
	return len(line), nil
}

// Flush writes what has been gathered.
func (l *Lines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
}

func (l *Lines) flush() {
	if len(l.gathered) > 0 {
		_, _ = l.out.Write(l.gathered) // there is no other place to report it
		l.gathered = l.gathered[:0]
	}
}

// Prompt is a handler that writes to the lines, and does not let warnings and errors wait.
func (l *Lines) Prompt(handler slog.Handler) slog.Handler { return prompt{handler, l} }

type prompt struct {
	slog.Handler
	lines *Lines
}

// Handle writes a record, and flushes the lines after a warning or an error.
func (p prompt) Handle(ctx context.Context, record slog.Record) error {
	err := p.Handler.Handle(ctx, record)
	if record.Level >= slog.LevelWarn {
		p.lines.Flush()
	}
	return err
}

// WithAttrs is a prompt handler with the attributes.
func (p prompt) WithAttrs(attributes []slog.Attr) slog.Handler {
	return prompt{p.Handler.WithAttrs(attributes), p.lines}
}

// WithGroup is a prompt handler with the group.
func (p prompt) WithGroup(name string) slog.Handler {
	return prompt{p.Handler.WithGroup(name), p.lines}
}
