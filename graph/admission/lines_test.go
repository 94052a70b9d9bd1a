package admission

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// writes are those that reach a log's file.
type writes []string

func (w *writes) Write(text []byte) (int, error) {
	*w = append(*w, string(text))
	return len(text), nil
}

// TestLines holds when lines are written: together after a while or when they are many,
// at once with a warning, and at the end.
func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out writes
		lines := NewLines(&out)
		log := slog.New(lines.Prompt(slog.NewTextHandler(lines, nil))).With("a", 1).WithGroup("b")
		wrote := func(after string, want ...string) {
			t.Helper()
			synctest.Wait()
			lines.mu.Lock()
			defer lines.mu.Unlock()
			if len(out) != len(want) {
				t.Fatalf("%s: %q", after, out)
			}
			for i, messages := range want {
				var got []string
				for line := range strings.Lines(out[i]) {
					got = append(got, line[strings.Index(line, "msg=")+len("msg="):])
				}
				if text := strings.Join(got, ""); text != strings.ReplaceAll(messages, ",", " a=1\n")+" a=1\n" {
					t.Errorf("%s: %q, want %s", after, text, messages)
				}
			}
			out = nil
		}
		log.Info("one")
		log.Info("two")
		wrote("at once")
		time.Sleep(linger)
		wrote("after a while", "one,two")
		time.Sleep(time.Hour)
		wrote("without lines")
		log.Info("three")
		log.Warn("four")
		wrote("a warning", "three,four")
		long := strings.Repeat("x", maxGathered)
		log.Info(long)
		wrote("many", long)
		log.Info("five")
		lines.Flush()
		wrote("the end", "five")
	})
}
