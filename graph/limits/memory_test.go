package limits

import (
	"fmt"
	"strings"
	"testing"
)

// TestMemoryIsBounded remembers many documents, and holds that what is kept stays
// within its bounds.
func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range 2000 {
		text := fmt.Sprintf("{ a%d } #%s", i, strings.Repeat("x", 20_000))
		m.remember(text, hashOf(text), parse(t, "{ a }"))
	}
	m.parsed.CleanUp()
	m.persisted.CleanUp()
	if parsed, persisted := m.parsed.WeightedSize(), m.persisted.WeightedSize(); parsed > maxParsed || persisted > maxPersisted {
		t.Errorf("%d and %d bytes are kept, of %d and %d", parsed, persisted, maxParsed, maxPersisted)
	}
	if parsed, persisted := m.parsed.EstimatedSize(), m.persisted.EstimatedSize(); parsed < 20 || persisted < 300 {
		t.Errorf("only %d and %d documents are kept", parsed, persisted)
	}
}

// TestShortTexts holds that a text weighs what its entry does, however short it is.
func TestShortTexts(t *testing.T) {
	m := newMemory()
	m.remember("{a}", "h", parse(t, "{ a }"))
	m.parsed.CleanUp()
	m.persisted.CleanUp()
	if parsed, persisted := m.parsed.WeightedSize(), m.persisted.WeightedSize(); parsed < entryBytes+3 || persisted < entryBytes+4 {
		t.Errorf("%d and %d bytes", parsed, persisted)
	}
}

// TestDocumentsAreRemembered parses a text once.
func TestDocumentsAreRemembered(t *testing.T) {
	m := newMemory()
	first, second := parse(t, "{ a }"), parse(t, "{ a }")
	m.remember("{ a }", "", first)
	m.remember("{ a }", "", second)
	if kept, ok := m.parsed.GetIfPresent("{ a }"); !ok || kept != first {
		t.Error("the first is not kept")
	}
	m.remember("{ a }"+strings.Repeat(" ", maxRemembered), "hash", first)
	if m.parsed.EstimatedSize() != 1 || m.persisted.EstimatedSize() != 0 {
		t.Error("a document that is too long is kept")
	}
}
