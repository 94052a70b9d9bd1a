package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal makes a terminal, and what a person at it sees.
func terminal(t *testing.T) (tty, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tty, screen
}

// watched is what a screen has shown so far.
type watched struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// TestTerminal wants a bar that stays until the work is done, even past the
// total, and is gone afterwards. The bar is drawn no faster than its throttle
// lets it, and by a ticker of its own where the total is unknown, so each count
// is said again until it is seen.
func TestTerminal(t *testing.T) {
	type step struct {
		n    int64
		seen []string
	}
	for name, test := range map[string]struct {
		total int64
		steps []step
	}{
		"known":   {1000, []step{{1, []string{"rows"}}, {500, []string{"50%", "500/1000"}}, {2000, []string{"99%"}}}},
		"unknown": {0, []step{{1, []string{"rows"}}, {500, []string{"500"}}, {2000, []string{"2000"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			tty, screen := terminal(t)
			var shown watched
			ended := make(chan struct{})
			go func() {
				_, _ = io.Copy(&shown, screen) // ends with an error when the terminal is closed
				close(ended)
			}()
			bar := New(tty, "rows", test.total)
			for _, step := range test.steps {
				for _, want := range step.seen {
					until := time.Now().Add(time.Minute) // a machine that is busy is slow, not wrong
					for !strings.Contains(shown.String(), want) {
						if time.Now().After(until) {
							t.Fatalf("no %q in %q", want, shown.String())
						}
						bar.Set(step.n)
						time.Sleep(10 * time.Millisecond)
					}
				}
			}
			bar.Done()
			_ = tty.Close()
			<-ended
			text := shown.String()
			if last := text[strings.LastIndex(strings.TrimRight(text, "\r"), "\r")+1:]; strings.Trim(last, "\r\n \x1b[2K") != "" {
				t.Errorf("%q is left on the terminal", last)
			}
		})
	}
}
