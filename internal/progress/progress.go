// Package progress shows how far long work has come.
package progress

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// every is how often a plain line is written, at most.
const every = 5 * time.Second

// Bar shows how far work has come: a bar on a terminal, plain lines now and then
// elsewhere. Its methods may be called from several goroutines.
type Bar struct {
	w     *os.File
	what  string
	total int64

	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil where w is no terminal
	last time.Time                // of a plain line
}

// New starts to count what is done on w. About total of it are expected; 0 is
// unknown.
func New(w *os.File, what string, total int64) *Bar {
	b := &Bar{w: w, what: what, total: total, last: time.Now()}
	if term.IsTerminal(int(w.Fd())) {
		length := total
		if total == 0 {
			length = -1 // as the library says it
		}
		b.bar = progressbar.NewOptions64(length,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond), // a terminal far away is slow
			progressbar.OptionClearOnFinish(),
		)
	}
	return b
}

// Set says that n are done. More than the total is no error: the total is an
// estimate.
func (b *Bar) Set(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar != nil {
		if b.total > 0 {
			n = min(n, b.total-1) // a full bar would be gone before the work is done
		}
		_ = b.bar.Set64(n) // a terminal that is gone is no reason to stop
		return
	}
	if time.Since(b.last) < every {
		return
	}
	b.last = time.Now()
	if b.total > 0 {
		fmt.Fprintf(b.w, "%s: %d of about %d\n", b.what, n, b.total)
	} else {
		fmt.Fprintf(b.w, "%s: %d\n", b.what, n)
	}
}

// Done takes the bar off the terminal. Plain lines stay.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
