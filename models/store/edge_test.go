package store_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestEdgesNameTheirParents holds the columns by which edges find their rows to the
// functions by which the typed reader does.
func TestEdgesNameTheirParents(t *testing.T) {
	if tested := store.EdgesNameTheirParents(t); tested < 39 {
		t.Errorf("%d relations are tested", tested)
	}
}

// TestCellsOfNodes holds that the cell of a node's key is shown as its global ID.
func TestCellsOfNodes(t *testing.T) {
	gql := func(v interface{ MarshalGQL(io.Writer) }) string {
		var b bytes.Buffer
		v.MarshalGQL(&b)
		return b.String()
	}
	if got, want := store.OutputOf(models.Customers, "id", "ID", store.IntCell(-7)), gql(scalar.CustomerID(-7)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := store.OutputOf(models.Balances, "id", "ID", []byte(`a"b`)), gql(models.BalanceID(`a"b`)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
