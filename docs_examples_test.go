package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestLimitsExamples sends the examples of docs/limits.md: what costs are told, the dry
// run, and a hash in place of a document.
func TestLimitsExamples(t *testing.T) {
	answers, commands := blocksOf(t, "docs/limits.md", "json"), blocksOf(t, "docs/limits.md", "sh")
	if len(answers) != 3 || len(commands) != 1 {
		t.Fatalf("%d answers and %d commands", len(answers), len(commands))
	}
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		samples(t, db)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		_, answer := s.send(t, "POST", "/graphql", `{"query": "{ customers { totalCount } }"}`)
		sameAnswer(t, answers[0], answer)
		c := parseCurl(t, commands[0].text, s.token)
		_, answer = server{url: s.url}.exchange(t, c.method, c.target, c.body, c.headers...)
		sameAnswer(t, answers[1], answer)

		const hashed = `{"query": "{__typename}", `
		for _, body := range []string{answers[2].text, hashed + answers[2].text[1:], answers[2].text} {
			want := `{"data":{"__typename":"Query"}`
			if body == answers[2].text && !strings.Contains(string(answer), "Query") {
				want = "PERSISTED_QUERY_NOT_FOUND"
			}
			if _, answer = s.send(t, "POST", "/graphql", body); !strings.Contains(string(answer), want) {
				t.Errorf("%s is answered %s, want %s", body, answer, want)
			}
		}
	})
}

// sameAnswer holds an answer to the one that a block shows, which may leave out the
// request's ID.
func sameAnswer(t *testing.T, b block, answer []byte) {
	t.Helper()
	var got, want map[string]any
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	if err := json.Unmarshal([]byte(b.text), &want); err != nil {
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
	shell, claims := blocksOf(t, "docs/tokens.md", ""), blocksOf(t, "docs/tokens.md", "json")
	if len(shell) != 2 || len(claims) != 1 {
		t.Fatalf("%d commands and %d claims", len(shell), len(claims))
	}
	lines := strings.Split(shell[0].text, "\n")
	var said jwt.MapClaims
	if err := json.Unmarshal([]byte(claims[0].text), &said); err != nil {
		t.Fatal(err)
	}
	said["exp"] = time.Now().Add(time.Hour).Unix() // that of the page is some day over
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, said).SignedString(jwtSecret)
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, jwtSecret, 0o600); err != nil {
		t.Fatal(err)
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		samples(t, db)
		for range 3 {
			run(t, address, "", "token", "create", "--name", "another", "--all-customers")
		}
		got := run(t, address, "", arguments(t, strings.TrimPrefix(lines[0], "$ "))...)
		if got.failed || got.stderr != lines[1]+"\n" || !strings.HasPrefix(got.stdout, "ug_") || lines[2] != "ug_…" {
			t.Errorf("%+v, and %s has %q", got, shell[0], lines)
		}
		for line := range strings.Lines(shell[1].text) {
			flags := arguments(t, line)
			if flags[0] != "serve" {
				t.Fatalf("%q does not serve", line)
			}
			if at := slices.Index(flags, "secret.txt"); at >= 0 {
				flags[at] = secret
			}
			s := guarded(t, db, flags[1:]...)
			if strings.Contains(line, "secret") {
				readsCustomers(t, s, line, token, 2)
			}
		}
	})
}

// arguments are those of a command line of usagegraph, without a comment behind it.
func arguments(t *testing.T, line string) (words []string) {
	t.Helper()
	line, _, _ = strings.Cut(line, " #")
	for _, match := range word.FindAllStringSubmatch(line, -1) {
		words = append(words, match[1]+match[2]+match[3])
	}
	if len(words) < 2 || words[0] != "usagegraph" {
		t.Fatalf("%q is no command of usagegraph", line)
	}
	return words[1:]
}

// TestCommandLines goes through the command lines of pages that are set in: the targets of
// make, the benchmarks and the scripts are there, usagegraph takes its arguments and does
// what can be done here, and the request is answered.
func TestCommandLines(t *testing.T) {
	blocks := slices.Concat(blocksOf(t, "README.md", "indented"), blocksOf(t, "docs/balances.md", "indented"), blocksOf(t, "docs/playground.md", "indented"))
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		db := modelstest.Open(t, address)
		samples(t, db)
		s := newServer(t, db, models.APIToken{AllCustomers: true})
		for _, b := range blocks {
			for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", "")) {
				commandLine(t, b, strings.TrimSpace(line), string(makefile), address, s)
			}
		}
	})
}

// commandLine runs one command line of a block, or looks whether it could be run.
func commandLine(t *testing.T, b block, line, makefile, address string, s server) {
	t.Helper()
	program, _, _ := strings.Cut(line, " ")
	switch program {
	case "":
	case "make":
		target := strings.Fields(line)[1]
		if !regexp.MustCompile("(?m)^" + target + ":").MatchString(makefile) {
			t.Errorf("%s: there is no target %s", b, target)
		}
	case "export":
		name, _, _ := strings.Cut(strings.Fields(line)[1], "=")
		if name != "USAGEGRAPH_DATABASE" {
			t.Errorf("%s: nothing reads %s", b, name)
		}
	case "usagegraph":
		words := arguments(t, line)
		var cli commands
		if _, err := kong.Must(&cli, variables).Parse(words); err != nil {
			t.Errorf("%s: %s: %v", b, line, err)
		}
		if words[0] == "serve" || words[0] == "sync" || words[0] == "import" {
			return // for ever, or of files that the reader has
		}
		if got := run(t, address, "", words...); got.failed {
			t.Errorf("%s: %s: %s", b, line, got.stderr)
		}
	case "go":
		_, name, _ := strings.Cut(line, "-bench ")
		name, _, _ = strings.Cut(name, " ")
		if text, err := exec.CommandContext(t.Context(), "grep", "-hE", "^func Benchmark"+name, "-r", ".", "--include=*_test.go").Output(); err != nil || name == "" {
			t.Errorf("%s: %s: there is no benchmark %s: %v, %s", b, line, name, err, text)
		}
	case "cd":
		folder, script := strings.Fields(line)[1], regexp.MustCompile(`node (\S+)`).FindStringSubmatch(line)
		if _, err := os.Stat(filepath.Join(folder, script[1])); err != nil {
			t.Errorf("%s: %s: %v", b, line, err)
		}
	case "curl":
		if !strings.Contains(line, "http://127.0.0.1:8080") {
			return // of a billing system: TestReadmeRequests holds these
		}
		c := parseCurl(t, strings.ReplaceAll(line, "http://127.0.0.1:8080", "http://localhost:8080"), s.token)
		response, answer := server{url: s.url}.exchange(t, c.method, c.target, c.body, c.headers...)
		if response.StatusCode != 200 || strings.Contains(string(answer), `"errors"`) {
			t.Errorf("%s: %s is answered %s %s", b, line, response.Status, answer)
		}
	default:
		t.Errorf("%s: %s: the test does not know this", b, line)
	}
}
