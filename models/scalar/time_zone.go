package scalar

import (
	_ "embed"
	"strings"
	"time"
	_ "time/tzdata" // machines without a database of time zones have all of them, too

	"github.com/usagegraph/usagegraph/models/fault"
)

// The names of Go's database of time zones, a line each. The system's database may have
// files beside the zones, such as posixrules and right/UTC.
//
//go:embed time_zones.txt
var zoneNames string

var zones = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.Lines(zoneNames) {
		names[strings.TrimSpace(name)] = true
	}
	return names
}()

// Zone is the time zone with an IANA name, such as Europe/London, in which case counts but
// for UTC. The error is BAD_USER_INPUT.
func Zone(name string) (*time.Location, error) {
	if strings.EqualFold(name, "UTC") {
		return time.UTC, nil
	}
	if location, err := time.LoadLocation(name); err == nil && zones[name] {
		return location, nil
	}
	return nil, fault.Invalid("timeZone: there is no IANA time zone of this name, such as Europe/London")
}
