package document

import (
	"testing"

	"github.com/usagegraph/usagegraph/graph/document/documenttest"
)

// BenchmarkBomb refuses a fragment bomb.
func BenchmarkBomb(b *testing.B) {
	d := &Documents{memory: newMemory(), schema: documenttest.Schema(b, "../../schema.graphqls"), settings: Settings{MaxTokens: 2000, MaxDepth: 20, MaxFields: 500}}
	text := documenttest.Bomb()
	for b.Loop() {
		document, errs := d.settings.parse(text)
		if len(errs) > 0 {
			b.Fatal(errs)
		}
		if errs := d.validate(document); len(errs) != 1 {
			b.Fatal(errs)
		}
	}
}
