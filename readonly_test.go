package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/database"
	"github.com/usagegraph/usagegraph/models/migrations"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// file is an SQLite file in a folder of its own, which anyone may read.
func file(t *testing.T, migrated bool) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "usagegraph-readonly")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(folder, 0o700)
		_ = os.RemoveAll(folder)
	})
	path := filepath.Join(folder, "x.db")
	db := modelstest.Open(t, modelstest.SQLite(t))
	apitest.Import(t, db, "customers", "", `[{"id": 1, "customerType": "BUSINESS"}]`)
	if !migrated {
		provider, err := migrations.New(db)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := database.CopySQLite(t.Context(), db, path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	return path
}

// inWAL turns the file into one that serve and import have written.
func inWAL(t *testing.T, path string) {
	t.Helper()
	db, err := database.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	if err := database.Close(db); err != nil {
		t.Fatal(err)
	}
}

// state is all files of a folder, by their names and contents.
func state(t *testing.T, path string) map[string][sha256.Size]byte {
	t.Helper()
	all := map[string][sha256.Size]byte{}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(path), entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[entry.Name()] = sha256.Sum256(content)
	}
	return all
}

func unchanged(t *testing.T, what string, before, after map[string][sha256.Size]byte) {
	t.Helper()
	for name, sum := range before {
		if after[name] != sum {
			t.Errorf("%s: %s is another", what, name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%s: there are %d files, not %d", what, len(after), len(before))
	}
}

// asNobody is a command of usagegraph's that runs as a user who may read only, where the
// tests run as root, whom no mode keeps from writing.
func asNobody(t *testing.T, ctx context.Context, args ...string) *exec.Cmd {
	t.Helper()
	path, err := apitest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(ctx, path, args...)
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return command
}

// TestCheckChangesNothing checks files of each kind, of which not a byte changes: as they
// are written, copied, old, beside a server, and such as can't be written.
func TestCheckChangesNothing(t *testing.T) {
	for _, tt := range []struct {
		name           string
		old, wal       bool
		file, folder   fs.FileMode
		beside         bool
		stderr, stdout string
	}{
		{name: "a copy", file: 0o666, folder: 0o777},
		{name: "in WAL", wal: true, file: 0o666, folder: 0o777},
		{name: "old", old: true, file: 0o666, folder: 0o777, stderr: "lacks a migration"},
		{name: "a file to be read", wal: true, file: 0o444, folder: 0o777},
		{name: "a folder to be read", wal: true, file: 0o666, folder: 0o555},
		{name: "a copy in a folder to be read", file: 0o666, folder: 0o555},
		{name: "both to be read", wal: true, file: 0o444, folder: 0o555},
		{name: "old, both to be read", old: true, file: 0o444, folder: 0o555, stderr: "lacks a migration"},
		{name: "beside a server", wal: true, file: 0o666, folder: 0o777, beside: true},
	} {
		path := file(t, !tt.old)
		if tt.wal {
			inWAL(t, path)
		}
		if tt.beside { // what it has written is in the log beside the file
			apitest.Import(t, modelstest.Open(t, "sqlite:"+path), "customers", "", `[{"id": 2, "customerType": "BUSINESS"}]`)
		}
		if err := os.Chmod(path, tt.file); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Dir(path), tt.folder); err != nil {
			t.Fatal(err)
		}
		before := state(t, path)
		command := asNobody(t, t.Context(), "check", "--database", "sqlite:"+path)
		if tt.beside {
			command.SysProcAttr = nil // the same user as the server
		}
		var stderr bytes.Buffer
		command.Stderr = &stderr
		out, err := command.Output()
		if err != nil || !strings.Contains(string(out), "errors: 0, warnings: 0") || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: %v, %s%s", tt.name, err, out, stderr.String())
		}
		after := state(t, path)
		if tt.beside { // the memory that processes share
			delete(before, "x.db-shm")
			delete(after, "x.db-shm")
		}
		unchanged(t, tt.name, before, after)
	}
}

// TestServeReadOnly serves files that can't be written, and changes nothing of them; what
// has to write says that it can't.
func TestServeReadOnly(t *testing.T) {
	for name, modes := range map[string][2]fs.FileMode{"file": {0o444, 0o777}, "folder": {0o666, 0o555}, "both": {0o444, 0o555}} {
		for _, wal := range []bool{true, false} {
			path := file(t, true)
			if wal {
				inWAL(t, path)
			}
			serveReadOnly(t, name, path, modes)
		}
	}
	old := file(t, false)
	if err := os.Chmod(old, 0o444); err != nil {
		t.Fatal(err)
	}
	out, err := asNobody(t, t.Context(), "serve", "--listen", "127.0.0.1:0", "--database", "sqlite:"+old).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "lacks a migration, and can't be written") {
		t.Errorf("an old file: %v, %s", err, out)
	}
}

// serveReadOnly serves a file of which it and its folder have modes that let it be read.
func serveReadOnly(t *testing.T, name, path string, modes [2]fs.FileMode) {
	t.Helper()
	address := "sqlite:" + path
	created := apitest.Run(t, address, "", "token", "create", "--name", "x", "--all-customers")
	if created.Failed {
		t.Fatal(created.Stderr)
	}
	for i, of := range []string{path, filepath.Dir(path)} {
		if err := os.Chmod(of, modes[i]); err != nil {
			t.Fatal(err)
		}
	}
	before := state(t, path)
	p := apitest.Serving(t, asNobody(t, t.Context(), "serve", "--listen", "127.0.0.1:0", "--drain", "0s", "--database", address))
	p.Token = strings.TrimSpace(created.Stdout)
	for range 3 {
		if _, answer := p.Ask(t, "{ customers { totalCount nodes { name } } }"); string(answer) != `{"data":{"customers":{"totalCount":1,"nodes":[{"name":null}]}}}` {
			t.Errorf("%s: %s", name, answer)
		}
	}
	if status, body := p.Send(t, "GET", "/readyz", ""); status != http.StatusOK {
		t.Errorf("%s: /readyz has %d %s", name, status, body)
	}
	for _, args := range []string{"token list", "check"} {
		if out, err := asNobody(t, t.Context(), append(strings.Fields(args), "--database", address)...).CombinedOutput(); err != nil {
			t.Errorf("%s, %s: %v, %s", name, args, err, out)
		}
	}
	for _, args := range []string{"token revoke 1", "import customers -", "serve --demo --listen 127.0.0.1:0", "seed --customers 1"} {
		out, err := asNobody(t, t.Context(), append(strings.Fields(args), "--database", address)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "can't be written") {
			t.Errorf("%s, %s: %v, %s", name, args, err, out)
		}
	}
	p.Stop(t)
	p.Wait(t)
	unchanged(t, name, before, state(t, path))
}

// TestDatabaseAddresses refuses addresses at which no database can be, and says why.
func TestDatabaseAddresses(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	for address, want := range map[string]string{
		"sqlite://x.db": "as in sqlite:x.db", "sqlite:///tmp/x.db": "as in sqlite:/tmp/x.db", "sqlite://": "as in sqlite:", "sqlite:": "lacks a path",
		"sqlite::memory:": "wanted is the path of a file", "sqlite:" + folder: "is a folder", "sqlite:.": "is a folder", "sqlite:no/x.db": "no such file or directory",
		"sqlite:text/x.db": "text is a file", "sqlite:text": "is no SQLite database", "sqlite:/dev/null": "is no file that can hold a database", "x.db": "must be sqlite:PATH or postgres",
		"mysql://me:secret@host/x": "must be sqlite:PATH or postgres", "file:x.db": "must be sqlite:PATH", "sqlite:/proc/self/x.db": "can't be opened or made",
	} {
		for _, args := range []string{"serve --listen 127.0.0.1:0", "token list", "migrate status", "check", "import customers -"} {
			got := apitest.Run(t, address, "[]", strings.Fields(args)...)
			if !got.Failed || !strings.Contains(got.Stderr, want) && !(args == "check" && strings.Contains(got.Stderr, "no such file")) || strings.Contains(got.Stderr, "secret") {
				t.Errorf("%s --database %s: %+v, want %s", args, address, got, want)
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v was made, %v", entries, err)
	}
}

// TestAskingMakesNothing holds that a PostgreSQL database without tables has none after
// commands that stop for that, nor after those that only look.
func TestAskingMakesNothing(t *testing.T) {
	address := modelstest.Postgres(t)
	db := modelstest.Open(t, address)
	if err := db.Exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").Error; err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"serve --listen 127.0.0.1:0": "run usagegraph migrate", "token list": "run usagegraph migrate", "check": "run usagegraph migrate", "seed --customers 1": "run usagegraph migrate",
		"import customers -": "run usagegraph migrate", "migrate status": "",
	} {
		got := apitest.Run(t, address, "[]", strings.Fields(args)...)
		if got.Failed != (want != "") || !strings.Contains(got.Stderr, want) || want == "" && strings.Count(got.Stdout, "pending") < 5 {
			t.Errorf("%s: %+v", args, got)
		}
	}
	var tables []string
	if err := db.Raw("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace").Scan(&tables).Error; err != nil || len(tables) > 0 {
		t.Errorf("there are %q, %v", tables, err)
	}
}
