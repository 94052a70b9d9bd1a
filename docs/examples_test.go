package docs_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestLimitsExamples sends the examples of docs/limits.md: the costs in answers, the dry
// run, and a hash in place of a document.
func TestLimitsExamples(t *testing.T) {
	answers, commands := apitest.BlocksOf(t, "docs/limits.md", "json"), apitest.BlocksOf(t, "docs/limits.md", "sh")
	if len(answers) != 3 || len(commands) != 1 {
		t.Fatalf("%d answers and %d commands", len(answers), len(commands))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		apitest.Samples(t, db)
		s := apitest.NewServer(t, db, token.APIToken{AllCustomers: true})
		_, answer := s.Send(t, "POST", "/graphql", `{"query": "{ customers { totalCount } }"}`)
		sameAnswer(t, answers[0], answer)
		c := apitest.ParseCurl(t, commands[0].Text, s.Token)
		_, answer = apitest.Server{URL: s.URL}.Exchange(t, c.Method, c.Target, c.Body, c.Headers...)
		sameAnswer(t, answers[1], answer)

		const hashed = `{"query": "{__typename}", `
		for _, body := range []string{answers[2].Text, hashed + answers[2].Text[1:], answers[2].Text} {
			want := `{"data":{"__typename":"Query"}`
			if body == answers[2].Text && !strings.Contains(string(answer), "Query") {
				want = "PERSISTED_QUERY_NOT_FOUND"
			}
			if _, answer = s.Send(t, "POST", "/graphql", body); !strings.Contains(string(answer), want) {
				t.Errorf("%s is answered %s, want %s", body, answer, want)
			}
		}
	})
}

// sameAnswer holds an answer to the one that a block shows, which may leave out the
// request's ID.
func sameAnswer(t *testing.T, b apitest.Block, answer []byte) {
	t.Helper()
	var got, want map[string]any
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if err := json.Unmarshal([]byte(b.Text), &want); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	extensions, _ := got["extensions"].(map[string]any)
	if shown, _ := want["extensions"].(map[string]any); shown["requestId"] == nil {
		delete(extensions, "requestId")
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("%s differs from the answer:\n%s", b, difference)
	}
}

// TestTokensExamples runs the commands of docs/tokens.md, and takes a JWT with its claims.
func TestTokensExamples(t *testing.T) {
	shell, claims := apitest.BlocksOf(t, "docs/tokens.md", ""), apitest.BlocksOf(t, "docs/tokens.md", "json")
	if len(shell) != 2 || len(claims) != 1 {
		t.Fatalf("%d commands and %d claims", len(shell), len(claims))
	}
	lines := strings.Split(shell[0].Text, "\n")
	var said jwt.MapClaims
	if err := json.Unmarshal([]byte(claims[0].Text), &said); err != nil {
		t.Fatal(err)
	}
	said["exp"] = time.Now().Add(time.Hour).Unix() // that of the page is some day over
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, said).SignedString(apitest.JWTSecret)
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, apitest.JWTSecret, 0o600); err != nil {
		t.Fatal(err)
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		apitest.Samples(t, db)
		for range 3 {
			apitest.RunIn(t, apitest.Root(), address, "", "token", "create", "--name", "another", "--all-customers")
		}
		got := apitest.RunIn(t, apitest.Root(), address, "", apitest.Arguments(t, strings.TrimPrefix(lines[0], "$ "))...)
		if got.Failed || got.Stderr != lines[1]+"\n" || !strings.HasPrefix(got.Stdout, "ug_") || lines[2] != "ug_…" {
			t.Errorf("%+v, and %s has %q", got, shell[0], lines)
		}
		for line := range strings.Lines(shell[1].Text) {
			flags := apitest.Arguments(t, line)
			if flags[0] != "serve" {
				t.Fatalf("%q does not serve", line)
			}
			if at := slices.Index(flags, "secret.txt"); at >= 0 {
				flags[at] = secret
			}
			s := apitest.Serve(t, db, flags[1:]...)
			if strings.Contains(line, "secret") {
				apitest.ReadsCustomers(t, s, line, token, 2)
			}
		}
	})
}
