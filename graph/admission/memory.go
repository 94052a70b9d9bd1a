package admission

import (
	"os"
	"runtime"
	"runtime/debug"
)

// BoundMemory lets the heap grow to four times what is live before it is collected,
// which saves most of the collector's work. For that to be so where next to nothing is
// live, floor counts as live as long as it is kept; it is never touched, and so takes
// no memory. Past a bound, the heap is collected more often. The environment's GOGC
// and GOMEMLIMIT come first.
func BoundMemory() (floor []byte) {
	const base, core = 192 << 20, 64 << 20 // bytes
	if os.Getenv("GOGC") == "" {
		floor = make([]byte, 8<<20)
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(base + core*int64(runtime.GOMAXPROCS(0)))
	}
	return floor
}
