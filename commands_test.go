package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

func TestMain(m *testing.M) { os.Exit(apitest.Main(m)) }

// TestCommands goes the way of the README with the binary.
func TestCommands(t *testing.T) {
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		steps := []struct {
			args, stdin    string
			stdout, stderr string // patterns; "" is nothing at all
			fails          bool
		}{
			{args: "--version", stdout: `^usagegraph \S+\ncommit ([0-9a-f]{40}( with changes)?|unknown)\ngo1\.\S+ \w+/\w+\n$`},
			{args: "migrate status", stdout: `applied\s+00001_tables.sql`},
			{args: "migrate", stderr: "Nothing to do"},
			{args: "migrate down", stderr: "00008_search.sql: taken back"},
			{args: "migrate down", stderr: "00007_gaps.sql: taken back"},
			{args: "migrate down", stderr: "00006_customers_texts.sql: taken back"},
			{args: "migrate down", stderr: "00005_ledgers.sql: taken back"},
			{args: "migrate down", stderr: "taken back"},
			{args: "migrate down", stderr: "taken back"},
			{args: "migrate down", stderr: "taken back"},
			{args: "migrate down", stderr: "taken back"},
			{args: "migrate down", stderr: "Nothing to take back"},
			{args: "migrate status", stdout: `pending\s+00002_orders.sql`},
			{args: "migrate up", stderr: `00002_orders.sql: done`},
			{args: "schema", stdout: `^"""\nWhere reading starts`},
			{args: "token create --name a --all-customers --expires 90d", stdout: `^[A-Za-z0-9_-]{40,}\n$`, stderr: `^Token 1 \(a\)`},
			{args: "token create --name a --customers 1,Customer:2", stdout: `^[A-Za-z0-9_-]{40,}\n$`, stderr: `(?m)^Token 2 \(a\)`},
			{args: "token create --name b --customers 1 --scopes usage,inventory --cost-limit 5", stdout: `^ug_`, stderr: `(?s)Warning: there is no customer 1 yet.*Token 3`},
			{args: "token create --name a", fails: true, stderr: "--customers"},
			{args: "token create --name a --customers=", fails: true, stderr: "--customers"},
			{args: "token create --name a --customers x", fails: true, stderr: "--customers"},
			{args: "token create --name a --all-customers --scopes=", fails: true, stderr: "--scopes"},
			{args: "token create --name a --all-customers --scopes usage,nonsense", fails: true, stderr: "nonsense.*inventory, usage, balances, entitlements"},
			{args: "token create --name a --all-customers --cost-limit 0", fails: true, stderr: "--cost-limit"},
			{args: "token create --name a --all-customers --expires yesterday", fails: true, stderr: "--expires"},
			{args: "token create --name a --all-customers --expires -1h", fails: true, stderr: "--expires"},
			{args: "token revoke 2", stderr: "Token 2 is revoked"},
			{args: "token revoke 9", fails: true, stderr: "there is no token 9"},
			{args: "token list", stdout: `(?s)1 +a +all +all +- .*2 +a +1,2 +all .*Z\n3 +b +1 +inventory,usage +5 .*\n$`},
			{args: "import customers -", stdin: `[{"id": 1, "customerName": "A"}]`, stderr: "1 changed"},
			{args: "import customers -", stdin: `[{"id": 1, "customerName": "A"}]`, stderr: "0 changed"},
			{args: "import customers -", stdin: `[{"id": "x"}]`, fails: true, stderr: `(?s)nothing was imported: 1 error.*row 1: id`},
			{args: "import sites -", stdin: `[{"id": 1, "customerId": 9}]`, fails: true, stderr: `row 1: customerId`},
			{args: "import customers - --dry-run", stdin: `[{"id": 2, "customerName": "B"}]`, stderr: `(?s)^-: 1 row of customers: 1 changed, 0 unchanged\ndry run: nothing was written\n$`},
			{args: "import customers - --dry-run", stdin: `[{"id": 2, "customerName": "B"}]`, stderr: "1 changed"},
			{args: "import customers -", stdin: `[{"id": 7, "name": "September", "periodStartDate": "2025-09-01"}]`, fails: true, stderr: "looks like bill-runs"},
			{args: "import balances - --customer 1 --replace", stdin: `{"data": []}`, fails: true, stderr: "--allow-empty"},
			{args: "import balances - --customer 1 --replace --allow-empty", stdin: `{"data": []}`, stderr: "0 rows of balances: 0 changed, 0 unchanged\n$"},
			{args: "import balances - --customer 1 --allow-empty", stdin: `{"data": []}`, fails: true, stderr: "needs --replace"},
			{
				args: "import customers testdata/samples/elevate-customers.json testdata/samples/elevate-bill-runs.json --dry-run", fails: true,
				stderr: `(?s)^testdata/samples/elevate-customers.json: 2 rows of customers: .*dry run: nothing was written\n.*elevate-bill-runs.json: row 1: billRunStatus`,
			},
			{args: "import sites testdata/samples/elevate-sites.json no-such-file --replace", fails: true, stderr: "no-such-file"},
			{args: "import nonsense -", fails: true, stderr: "nonsense"},
			{args: "import customers no-such-file", fails: true, stderr: "no-such-file"},
			{args: "seed --customers 2", fails: true, stderr: "not empty"},
			{args: "seed --customers 0", fails: true, stderr: "--customers"},
			{args: "serve --jwt-issuer i --jwt-audience a", fails: true, stderr: "--jwt-secret-file"},
			{args: "serve --jwks-url https://keys.example/", fails: true, stderr: "--jwt-issuer"},
			{args: "serve --jwks-url ftp://keys.example/ --jwt-issuer i --jwt-audience a", fails: true, stderr: "https address"},
			{args: "serve --jwks-url https://keys.example/ --jwt-secret-file x --jwt-issuer i --jwt-audience a", fails: true, stderr: "give one"},
			{args: "serve --jwt-secret-file no-such-file --jwt-issuer i --jwt-audience a", fails: true, stderr: "no-such-file"},
			{args: "serve --jwt-secret-file gqlgen.yml --jwt-issuer i", fails: true, stderr: "--jwt-audience"},
			{args: "serve --rate-burst 5", fails: true, stderr: "--rate-limit"},
			{args: "serve --rate-limit -5", fails: true, stderr: "--rate-limit"},
			{args: "serve --trusted-proxies 10.0.0.0/8,proxy", fails: true, stderr: `--trusted-proxies: "proxy" is no network`},
			{args: "serve --jwks-max-age 0s", fails: true, stderr: "--jwks-max-age"},
			{args: "serve --cors-origins https://app.example.com/", fails: true, stderr: "--cors-origins"},
			{args: "serve --demo --listen 0.0.0.0:0", fails: true, stderr: "this machine only"},
			{args: "", fails: true, stderr: "expected one of"},
		}
		for _, step := range steps {
			got := apitest.Run(t, address, step.stdin, strings.Fields(step.args)...)
			if got.Failed != step.fails {
				t.Errorf("%s: failed is %v: %s", step.args, got.Failed, got.Stderr)
			}
			matches(t, step.args+": standard output", got.Stdout, step.stdout)
			matches(t, step.args+": standard error", got.Stderr, step.stderr)
		}
	})
}

func matches(t *testing.T, what, got, pattern string) {
	t.Helper()
	if pattern == "" && got != "" || !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("%s is %q, want %q", what, got, pattern)
	}
}

// TestCommandsAtOnce starts commands at once on a file that is not there yet: one
// makes the tables, and the others wait for it.
func TestCommandsAtOnce(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if got := apitest.Run(t, address, "", "token", "create", "--name", "x", "--all-customers"); got.Failed {
				t.Error(got.Stderr)
			}
		})
	}
	wg.Wait()
}

func TestFolderIsMissing(t *testing.T) {
	if got := apitest.Run(t, "sqlite:"+filepath.Join(t.TempDir(), "no", "x.db"), "", "token", "list"); !got.Failed || !strings.Contains(got.Stderr, "no such file or directory") {
		t.Errorf("%+v", got)
	}
}

// TestInterrupt stops an import that waits for its standard input.
func TestInterrupt(t *testing.T) {
	path, err := apitest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	address := modelstest.SQLite(t)
	command := exec.CommandContext(t.Context(), path, "import", "customers", "-", "--database", address)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	// More than a pipe holds: once it is written, the import reads.
	if _, err := io.WriteString(stdin, `[{"id": 1},`+strings.Repeat(" ", 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(stderr.String(), "nothing of what was running has landed") {
			t.Errorf("%v: %s", err, stderr.String())
		}
	case <-time.After(time.Minute):
		t.Error("it goes on waiting")
	}
}

// TestMigrationIsDue holds that a command stops on a PostgreSQL database that
// lacks a migration, and says what to do.
func TestMigrationIsDue(t *testing.T) {
	address := modelstest.Postgres(t)
	if got := apitest.Run(t, address, "", "migrate", "down"); got.Failed {
		t.Fatal(got.Stderr)
	}
	for _, args := range []string{"token list", "import customers -", "serve", "seed --customers 1"} {
		if got := apitest.Run(t, address, "[]", strings.Fields(args)...); !got.Failed || !strings.Contains(got.Stderr, "run usagegraph migrate") {
			t.Errorf("%s: %+v", args, got)
		}
	}
}

// TestServeDemo serves the demo, asks it with the token that it prints, and stops
// it.
func TestServeDemo(t *testing.T) {
	path, err := apitest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	modelstest.EachAddress(t, func(t *testing.T, address string) {
		command := exec.CommandContext(t.Context(), path, "serve", "--demo", "--listen", "127.0.0.1:0", "--database", address)
		stdout, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		var printed []byte
		found := regexp.MustCompile(`is at (http://\S+)\n(?:.+\n)*Token: (\S+)\n`)
		for buffer := make([]byte, 4096); !found.Match(printed); {
			n, err := stdout.Read(buffer)
			if err != nil {
				t.Fatalf("%v after %q", err, printed)
			}
			printed = append(printed, buffer[:n]...)
		}
		words := found.FindSubmatch(printed)
		s := apitest.Server{URL: string(words[1]), Token: string(words[2])}
		status, answer := s.Ask(t, "{ customers { totalCount } }")
		if want := `{"data":{"customers":{"totalCount":25}}}`; status != http.StatusOK || strings.TrimSpace(string(answer)) != want {
			t.Errorf("%d %s, want %s", status, answer, want)
		}
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, stdout)
		stopped := make(chan error, 1)
		go func() { stopped <- command.Wait() }()
		select {
		case err := <-stopped:
			if err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("SIGTERM did not stop it")
		}
	})
}
