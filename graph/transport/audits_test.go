package transport_test

import (
	"flag"
	"os"
	"os/exec"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/token"
)

var audits = flag.Bool("audits", false, "run the audits of e2e/, which need Node and its packages")

// TestAudits runs the audits of the GraphQL-over-HTTP specification that the
// GraphQL foundation keeps: all that it must, should and may.
func TestAudits(t *testing.T) {
	if !*audits {
		t.Skip("make e2e runs it")
	}
	s := apitest.NewServer(t, modelstest.Open(t, modelstest.SQLite(t)), token.APIToken{AllCustomers: true})
	command := exec.CommandContext(t.Context(), "node", "audits.mjs")
	command.Dir = apitest.Path("e2e")
	command.Env = append(os.Environ(), "URL="+s.URL+"/graphql", "TOKEN="+s.Token)
	out, err := command.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}
