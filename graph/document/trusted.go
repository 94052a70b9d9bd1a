package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
)

// trusted are the documents of --documents.
type trusted struct {
	mode  string
	log   *slog.Logger
	byID  map[string]string
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

// takes reports whether a text may run. One that the file lacks is logged by its hash
// alone: a text may hold what is nobody's business.
func (t trusted) takes(ctx context.Context, text string) bool {
	if t.mode == "off" || t.texts[text] {
		return true
	}
	t.log.WarnContext(ctx, "a document that is not trusted", "sha256", hashOf(text), "refused", t.mode == "enforce")
	return t.mode == "log"
}
