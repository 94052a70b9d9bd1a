package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
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

// TestTerminal wants a bar that stays until the work is done, even past the
// total, and is gone afterwards.
func TestTerminal(t *testing.T) {
	for name, test := range map[string]struct {
		total int64
		want  []string
	}{
		"known":   {1000, []string{"rows", "50%", "500/1000", "99%"}},
		"unknown": {0, []string{"rows", "500", "2000"}},
	} {
		t.Run(name, func(t *testing.T) {
			tty, screen := terminal(t)
			seen := make(chan string)
			go func() {
				text, _ := io.ReadAll(screen) // ends with an error when the terminal is closed
				seen <- string(text)
			}()
			bar := New(tty, "rows", test.total)
			for _, n := range []int64{1, 500, 2000, 2000} {
				bar.Set(n)
				time.Sleep(150 * time.Millisecond) // the bar is drawn no faster
			}
			bar.Done()
			_ = tty.Close()
			text := <-seen
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in %q", want, text)
				}
			}
			if last := text[strings.LastIndex(strings.TrimRight(text, "\r"), "\r")+1:]; strings.Trim(last, "\r\n \x1b[2K") != "" {
				t.Errorf("%q is left on the terminal", last)
			}
		})
	}
}
