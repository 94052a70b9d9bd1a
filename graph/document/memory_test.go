package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/document/cost"
	"github.com/usagegraph/usagegraph/graph/document/documenttest"
)

// TestMemoryIsBounded remembers many documents, and holds that what is kept stays
// within its bounds.
func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range 2000 {
		text := fmt.Sprintf("{ a%d } #%s", i, strings.Repeat("x", 20_000))
		m.remember(text, hashOf(text), &parsed{QueryDocument: documenttest.Parse(t, "{ a }")})
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
	m.remember("{a}", "h", &parsed{QueryDocument: documenttest.Parse(t, "{ a }")})
	m.parsed.CleanUp()
	m.persisted.CleanUp()
	if parsed, persisted := m.parsed.WeightedSize(), m.persisted.WeightedSize(); parsed < entryBytes+3 || persisted < entryBytes+4 {
		t.Errorf("%d and %d bytes", parsed, persisted)
	}
}

// TestDocumentsAreRemembered parses a text once.
func TestDocumentsAreRemembered(t *testing.T) {
	m := newMemory()
	first, second := &parsed{QueryDocument: documenttest.Parse(t, "{ a }")}, &parsed{QueryDocument: documenttest.Parse(t, "{ a }")}
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

// TestTalliesAreRemembered holds that the cost of an operation is reckoned anew where a
// variable makes it, and once where none does, for each operation of a document.
func TestTalliesAreRemembered(t *testing.T) {
	document := &parsed{QueryDocument: documenttest.Parse(t, `query A($n: Int, $id: ID!) { customers(first: $n) { nodes { id } } } query B($id: ID!) { customer(id: $id) { id } }`)}
	d := &Documents{schema: documenttest.Schema(t, "../../schema.graphqls")}
	costOf := func(name string, n int) int {
		return d.tally(document, document.Operations.ForName(name), cost.Values{Coerced: map[string]any{"n": n}}).Cost
	}
	if small, large := costOf("A", 1), costOf("A", 100); small >= large {
		t.Errorf("a page of 1 costs %d, one of 100 costs %d", small, large)
	}
	if b := costOf("B", 1); b != costOf("B", 100) {
		t.Error("the cost of B changes")
	}
	if _, kept := document.fixed.Load(document.Operations.ForName("A")); kept {
		t.Error("the cost of A is kept")
	}
	if _, kept := document.fixed.Load(document.Operations.ForName("B")); !kept {
		t.Error("the cost of B is not kept")
	}
}
