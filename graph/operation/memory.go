package operation

import (
	"os"
	"runtime"
	"runtime/debug"
)

// BoundMemory lets the heap grow to five times what is live before it is collected,
// which saves most of the collector's work, but not past a bound: near that, it is
// collected more often. The environment's GOGC and GOMEMLIMIT come first.
func BoundMemory() {
	const base, core = 192 << 20, 64 << 20 // bytes
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(base + core*int64(runtime.GOMAXPROCS(0)))
	}
}
