package store

import (
	"github.com/usagegraph/usagegraph/models/fault"
)

// Bounds of a page, in rows.
const (
	DefaultLimit = 50   // neither first nor last is given
	MaxLimit     = 1000 // of a connection at the root
	MaxNested    = 500  // of a connection inside another object
)

// PageArguments are the page arguments of a connection as a client sent them.
type PageArguments struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// Page is a checked set of page arguments. It is comparable.
type Page struct {
	Limit    int    // rows wanted, 0 to the bound
	From     string // cursor, exclusive; "" is the near end of the list
	Backward bool   // count from the far end, as last and before do
}

// NewPage checks the page arguments of a connection that gives at most limit
// rows. It refuses more rows than that, and never returns fewer than the client
// asked for. The error is BAD_USER_INPUT.
func NewPage(args PageArguments, limit int) (Page, error) {
	// An empty cursor is the start, for clients that can't leave it out.
	after, before := deref(args.After), deref(args.Before)
	switch {
	case args.First != nil && args.Last != nil:
		return Page{}, fault.Invalid("give first or last, not both")
	case after != "" && before != "":
		return Page{}, fault.Invalid("give after or before, not both")
	case after != "" && args.Last != nil:
		return Page{}, fault.Invalid("after goes with first, not with last")
	case before != "" && args.First != nil:
		return Page{}, fault.Invalid("before goes with last, not with first")
	case args.Last != nil || before != "":
		return newPage("last", args.Last, before, true, limit)
	default:
		return newPage("first", args.First, after, false, limit)
	}
}

func newPage(name string, size *int, from string, backward bool, limit int) (Page, error) {
	page := Page{Limit: DefaultLimit, From: from, Backward: backward}
	if size != nil {
		page.Limit = *size
	}
	if page.Limit < 0 || page.Limit > limit {
		return Page{}, fault.Invalid("%s: %d is not in 0 to %d", name, page.Limit, limit)
	}
	return page, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
