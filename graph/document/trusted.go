package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/usagegraph/usagegraph/graph/document/cost"
	"github.com/usagegraph/usagegraph/models/fault"
)

// trusted are the documents of --documents.
type trusted struct {
	mode  string // --documents-mode: off, log or enforce
	log   *slog.Logger
	byID  map[string]string // texts
	texts map[string]bool
}

// readTrusted reads the file of trusted documents.
func readTrusted(settings Settings, log *slog.Logger) (trusted, error) {
	t := trusted{mode: settings.DocumentsMode, log: log, texts: map[string]bool{}}
	if settings.Documents == "" {
		if t.mode != "off" {
			return t, errors.New("--documents-mode " + t.mode + " needs --documents")
		}
		return t, nil
	}
	content, err := os.ReadFile(settings.Documents)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(content, &t.byID); err != nil {
		return t, fmt.Errorf("%s: want a JSON object of IDs and the texts of documents: %w", settings.Documents, err)
	}
	for _, text := range t.byID {
		t.texts[text] = true
	}
	return t, nil
}

// allows reports whether a text may run. One that the file lacks is logged by its hash
// alone, because a text may hold personal data.
func (t trusted) allows(ctx context.Context, text string) bool {
	if t.mode == "off" || t.texts[text] {
		return true
	}
	t.log.WarnContext(ctx, "a document that is not trusted", "sha256", hashOf(text), "refused", t.mode == "enforce")
	return t.mode == "log"
}

// authorize refuses a document that is not trusted, and introspection, where the server is
// set to refuse them. It never refuses what connectors probe a server with: { __typename }
// and { __schema { queryType { name } } }.
func (d *Documents) authorize(ctx context.Context, text string, selected *ast.OperationDefinition, tally cost.Tally) gqlerror.List {
	probe := selected != nil && !tally.ReadsSchema && !slices.ContainsFunc(selected.SelectionSet, func(selection ast.Selection) bool {
		field, ok := selection.(*ast.Field)
		return !ok || field.Name != "__typename" && field.Name != "__schema"
	})
	if !probe && !d.trusted.allows(ctx, text) {
		return refuse(fault.Forbidden, "the document is not one of those that this server runs")
	}
	if tally.ReadsSchema && d.settings.Introspection == "off" {
		return refuse(fault.Forbidden, "introspection is off: __schema and __type can't be asked for")
	}
	return nil
}
