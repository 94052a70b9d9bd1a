package apitest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/usagegraph/usagegraph/models/modelstest"
)

// Binary builds usagegraph, once, in the folder that Main removes.
var Binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryFolder, "usagegraph")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = Root()
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

var binaryFolder = filepath.Join(os.TempDir(), fmt.Sprint("usagegraph-binary-", os.Getpid()))

// Main runs the tests of a package, and then stops and removes what they may have
// started: a PostgreSQL server, and the binary. A package whose tests use this one calls it:
//
//	func TestMain(m *testing.M) { os.Exit(apitest.Main(m)) }
func Main(m *testing.M) int {
	defer os.RemoveAll(binaryFolder)
	return modelstest.Main(m)
}

// Ran is what a command did.
type Ran struct {
	Stdout, Stderr string
	Failed         bool
}

// Run runs usagegraph on a database, in the current folder.
func Run(t *testing.T, address, stdin string, args ...string) Ran {
	t.Helper()
	return RunIn(t, "", address, stdin, args...)
}

// RunIn runs usagegraph on a database, in a folder.
func RunIn(t *testing.T, folder, address, stdin string, args ...string) Ran {
	t.Helper()
	path, err := Binary()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), path, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "USAGEGRAPH_DATABASE="+address)
	command.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	return Ran{stdout.String(), stderr.String(), err != nil}
}
