package document

import (
	"sync"

	"github.com/maypok86/otter/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// Bounds of what is remembered, in bytes.
const (
	maxParsed     = 64 << 20
	maxPersisted  = 8 << 20
	maxRemembered = 64 << 10 // of one text
	parsedBytes   = 120      // for each byte of a text, once it is parsed: 20 is usual
	entryBytes    = 500      // for each text, however short
)

// memory is what is remembered of valid documents, within bounds. A text of a client
// goes in by its hash only if the client says so.
type memory struct {
	parsed    *otter.Cache[string, *parsed] // by text
	persisted *otter.Cache[string, string]  // texts by SHA-256
}

// parsed is a document, and what those of its operations amount to that amount to the
// same whatever their variables are.
type parsed struct {
	*ast.QueryDocument
	fixed sync.Map // tallies, by the operation
}

func newMemory() memory {
	return memory{
		parsed: otter.Must(&otter.Options[string, *parsed]{
			MaximumWeight: maxParsed,
			Weigher:       func(text string, _ *parsed) uint32 { return uint32(entryBytes + parsedBytes*len(text)) },
		}),
		persisted: otter.Must(&otter.Options[string, string]{
			MaximumWeight: maxPersisted,
			Weigher:       func(hash, text string) uint32 { return uint32(entryBytes + len(hash) + len(text)) },
		}),
	}
}

// remember keeps a document, by the hash of its text, too, unless it is "". One that
// is too long is not kept.
func (m memory) remember(text, hash string, document *parsed) {
	if len(text) > maxRemembered {
		return
	}
	if _, known := m.parsed.GetIfPresent(text); !known {
		m.parsed.Set(text, document)
	}
	if hash != "" {
		m.persisted.Set(hash, text)
	}
}
