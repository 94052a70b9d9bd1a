package ingest

import (
	"fmt"

	"github.com/usagegraph/usagegraph/models/store"
)

// claim is a row's claim to a child with a key that one parent can have at a time.
type claim[K comparable] struct {
	key   K
	note  string // what to remember of it
	row   *rowContext
	path  string
	found string
}

// notes are the notes of what rows with the keys have claimed.
func notes[K fmt.Stringer](keys []K) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = key.String()
	}
	return out
}

// claimUnique remembers the claims, and refuses those to what another row of the file
// has claimed.
func claimUnique[T any, K comparable](seen *store.Seen[T, K], claims []claim[K], expected string) error {
	if len(claims) == 0 {
		return nil
	}
	keys := make([]K, len(claims))
	for i, c := range claims {
		keys[i] = c.key
	}
	marks, err := seen.Marks(keys)
	if err != nil {
		return err
	}
	var first []K
	var firstMarks []store.Mark
	for _, c := range claims {
		if before, taken := marks[c.key]; taken {
			c.row.fail(c.path, c.found, fmt.Sprintf("%s: %s has it", expected, c.row.report.other(before.Row, c.row.number)))
			continue
		}
		mark := store.Mark{Row: c.row.number, Note: c.note}
		marks[c.key] = mark
		first, firstMarks = append(first, c.key), append(firstMarks, mark)
	}
	return seen.Add(first, firstMarks)
}
