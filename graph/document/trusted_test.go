package document_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/document"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// byHash are the extensions of a request for a persisted query.
func byHash(version any, hash string) map[string]any {
	return map[string]any{"persistedQuery": map[string]any{"version": version, "sha256Hash": hash}}
}

// TestPersistedQueries goes through the protocol of automatic persisted queries, step
// by step.
func TestPersistedQueries(t *testing.T) {
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	const unknown = "PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound"
	const want = "BAD_REQUEST: extensions.persistedQuery: want {version: 1, sha256Hash: …}"
	text, invalid := "query($n: Int) { customers(first: $n) { totalCount } }", "{ gone }"
	long := "{ customers { totalCount } } #" + strings.Repeat("x", 70_000)
	for i, tt := range []struct {
		query, refusal string
		extensions     map[string]any
	}{
		{"", unknown, byHash(1, sha(text))},
		{text, "", byHash(1, sha(text))},
		{"", "", byHash(1, sha(text))},
		{"{ __typename }", "", nil},
		{"{ __typename }", "", byHash(1, sha("{ __typename }"))},
		{"", "", byHash(1, sha("{ __typename }"))},
		{text, "BAD_REQUEST: extensions.persistedQuery: sha256Hash is not the SHA-256 of the query", byHash(1, sha(text+" "))},
		{"", unknown, byHash(1, sha(text+" "))},
		{invalid, `GRAPHQL_VALIDATION_FAILED: Cannot query field "gone" on type "Query".`, byHash(1, sha(invalid))},
		{"", unknown, byHash(1, sha(invalid))},
		{long, "", byHash(1, sha(long))},
		{"", unknown, byHash(1, sha(long))},
		{"", want, byHash(2, sha(text))},
		{"", want, byHash(nil, sha(text))},
		{"", want, map[string]any{"persistedQuery": "x"}},
		{"", want, map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": 1}}},
		{text, "", map[string]any{"persistedQuery": nil, "other": 1}},
	} {
		answer := s.Request(t, map[string]any{"query": tt.query, "extensions": tt.extensions, "variables": map[string]any{"n": 5}})
		if got, _ := answer.Refusal(); got != tt.refusal || answer.Extensions.Cost.Requested == nil {
			t.Errorf("step %d: %q, want %q", i, got, tt.refusal)
		}
	}
	extensions, err := json.Marshal(byHash(1, sha(text)))
	if err != nil {
		t.Fatal(err)
	}
	_, answer := s.Send(t, "GET", "/graphql?variables="+url.QueryEscape(`{"n":3}`)+"&extensions="+url.QueryEscape(string(extensions)), "")
	if got := apitest.ReadAnswer(t, answer); string(got.Data) != `{"customers":{"totalCount":0}}` || *got.Extensions.Cost.Requested != 14 {
		t.Errorf("by GET: %s", answer)
	}
}

// documents writes a file of trusted documents.
func documents(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestTrustedDocuments asks for documents that are trusted and others, in each mode.
func TestTrustedDocuments(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	const trusted, other = "{ customers { totalCount } }", "{ sites { totalCount } }"
	file := documents(t, `{"counts": "`+trusted+`", "`+sha(trusted)+`": "`+trusted+`", "stale": "{ gone }"}`)
	const notTrusted = "FORBIDDEN: the document is not one of those that this server runs"
	for _, mode := range []string{"off", "log", "enforce"} {
		var log bytes.Buffer
		bearer, hash := auth.NewToken()
		if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash, AllCustomers: true}); err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(apitest.Handler(t, db, slog.New(slog.NewTextHandler(&log, nil)), "--documents="+file, "--documents-mode="+mode))
		t.Cleanup(web.Close)
		s := apitest.Server{URL: web.URL, Token: bearer}
		for _, tt := range []struct {
			query, id, refusal string
			logged             bool
		}{
			{query: trusted},
			{id: "counts"},
			{id: sha(trusted)},
			{id: "stale", refusal: `GRAPHQL_VALIDATION_FAILED: Cannot query field "gone" on type "Query".`},
			{id: "missing", refusal: "PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound"},
			{query: other, refusal: notTrusted, logged: true},
			{query: other, id: sha(other), refusal: notTrusted, logged: true},
			{query: " " + trusted, refusal: notTrusted, logged: true},
			{query: "{ __schema { types { name } } }", refusal: notTrusted, logged: true},
			{query: "{ __typename }"},
			{query: "{ __schema { queryType { name } } }"},
			{query: "{", refusal: "GRAPHQL_PARSE_FAILED: Expected Name, found <EOF>"},
		} {
			log.Reset()
			members := map[string]any{"query": tt.query}
			if tt.id != "" {
				members["extensions"] = byHash(1, tt.id)
			}
			want := tt.refusal
			if want == notTrusted && mode != "enforce" {
				want = ""
			}
			if got, _ := s.Request(t, members).Refusal(); got != want {
				t.Errorf("%s: %s %s: %q, want %q", mode, tt.query, tt.id, got, want)
			}
			if logged := strings.Contains(log.String(), "sha256="+sha(tt.query)); logged != (tt.logged && mode != "off") || strings.Contains(log.String(), "{") {
				t.Errorf("%s: %s: the log is %q", mode, tt.query, log.String())
			}
		}
	}
	for settings, want := range map[document.Settings]string{
		{DocumentsMode: "enforce"}:                                          "--documents-mode enforce needs --documents",
		{DocumentsMode: "off", Documents: documents(t, `["a"]`)}:            "want a JSON object of IDs and the texts of documents",
		{DocumentsMode: "off", Documents: filepath.Join(t.TempDir(), "no")}: "no such file",
	} {
		if _, err := document.New(settings, nil, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", settings, err, want)
		}
	}
}
