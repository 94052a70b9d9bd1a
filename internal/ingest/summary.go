package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxUnknownFields bounds what a file of ever new names makes us remember.
const maxUnknownFields = 200

// Summary is what an import did.
type Summary struct {
	File       string // or files, of one replacement
	Kind       string
	Rows       int // read
	Changed    int // new or different, and so written
	Unchanged  int
	Duplicates int  // identical copies of rows of the same import
	Deleted    int  // by --replace
	Rounded    int  // amounts, by --round
	DryRun     bool // nothing has landed

	NotKept       map[string]int // path of a field that usagegraph reckons itself → number of times
	DeletedWith   map[string]int // another kind → number of its rows that went with the deleted ones
	UnknownFields map[string]int // path of a field that is not kept → number of times
	Warnings      map[string]int // message → number of times
}

// warned is the number of warnings.
func (s *Summary) warned() (n int) {
	for _, count := range s.Warnings {
		n += count
	}
	return n
}

func (s *Summary) warn(message string) { s.Warnings[message]++ }

// count adds what a row was found to be.
func (s *Summary) count(r *rowContext) {
	s.Rounded += r.rounded
	for _, message := range r.warnings {
		s.warn(message)
	}
	for _, path := range r.notKept {
		s.NotKept[path]++
	}
}

func (s *Summary) unknown(path string) {
	if _, known := s.UnknownFields[path]; !known && len(s.UnknownFields) >= maxUnknownFields {
		path = "(other fields)"
	}
	s.UnknownFields[path]++
}

// String is a summary line, then what was deleted with the deleted rows, warnings
// and unknown fields, counted, a line each, and whether it was a dry run.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s of %s: %d changed, %d unchanged", s.File, plural(s.Rows, "row"), s.Kind, s.Changed, s.Unchanged)
	for _, part := range []struct {
		n    int
		what string
	}{{s.Duplicates, "identical copies"}, {s.Deleted, "deleted"}, {s.Rounded, "amounts rounded"}} {
		if part.n > 0 {
			fmt.Fprintf(&b, ", %d %s", part.n, part.what)
		}
	}
	if n := s.warned(); n > 0 {
		b.WriteString(", " + plural(n, "warning"))
	}
	for _, kind := range Kinds() {
		if n := s.DeletedWith[kind]; n > 0 {
			fmt.Fprintf(&b, "\ndeleted with these: %s of %s", plural(n, "row"), kind)
		}
	}
	for _, message := range slices.Sorted(maps.Keys(s.Warnings)) {
		fmt.Fprintf(&b, "\nwarning: %s (%d)", message, s.Warnings[message])
	}
	for _, path := range slices.Sorted(maps.Keys(s.NotKept)) {
		fmt.Fprintf(&b, "\nnot kept, because usagegraph reckons it itself: %s (%d)", path, s.NotKept[path])
	}
	for _, path := range slices.Sorted(maps.Keys(s.UnknownFields)) {
		fmt.Fprintf(&b, "\nunknown field, not kept: %s (%d)", path, s.UnknownFields[path])
	}
	if s.DryRun {
		b.WriteString("\ndry run: nothing was written")
	}
	return b.String()
}
