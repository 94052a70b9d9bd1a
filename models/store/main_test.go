package store_test

import (
	"os"
	"testing"

	"github.com/usagegraph/usagegraph/models/modelstest"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }
