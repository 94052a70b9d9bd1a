package progress

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// TestPlainLines wants a line every few seconds, and none of work that is short.
func TestPlainLines(t *testing.T) {
	for name, test := range map[string]struct {
		total int64
		step  time.Duration
		want  string
	}{
		"short":       {100, time.Second, ""},
		"long":        {100, 3 * time.Second, "rows: 20 of about 100\nrows: 40 of about 100\n"},
		"unknown":     {0, 5 * time.Second, "rows: 10\nrows: 20\nrows: 30\nrows: 40\n"},
		"beyond this": {15, 10 * time.Second, "rows: 10 of about 15\nrows: 20 of about 15\nrows: 30 of about 15\nrows: 40 of about 15\n"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "out")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			synctest.Test(t, func(t *testing.T) {
				bar := New(file, "rows", test.total)
				for n := range int64(4) {
					time.Sleep(test.step)
					bar.Set((n + 1) * 10)
				}
				bar.Done()
			})
			got, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("wrote %q, want %q", got, test.want)
			}
		})
	}
}
