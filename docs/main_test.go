package docs_test

import (
	"os"
	"testing"

	"github.com/usagegraph/usagegraph/internal/apitest"
)

func TestMain(m *testing.M) { os.Exit(apitest.Main(m)) }
