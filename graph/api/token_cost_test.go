package api_test

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/internal/apitest"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/store"
)

// TestCostOfToken holds an operation to the limit of its token, if that has one.
func TestCostOfToken(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	log, settings := slog.New(slog.DiscardHandler), apitest.Settings(t, "--max-cost=20")
	handler, err := api.NewGraphQL(db, log, settings, auth.NewGuard(db, log), apitest.Runner(t, db, settings))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		limit, page int
		want        string
	}{
		{0, 19, ""},
		{0, 20, "QUERY_TOO_COMPLEX: cost: 21, and the limit is 20"},
		{10, 9, ""},
		{10, 10, "QUERY_TOO_COMPLEX: cost: 11, and the limit is 10"},
		{30, 29, ""},
		{30, 30, "QUERY_TOO_COMPLEX: cost: 31, and the limit is 30"},
	} {
		request := httptest.NewRequest("POST", "/graphql", strings.NewReader(fmt.Sprintf(`{"query": "{ customers(first: %d) { nodes { id } } }"}`, tt.page)))
		request.Header.Set("Content-Type", "application/json")
		principal := auth.Principal{Customers: store.Scope{All: true}, Scopes: auth.AllScopes, CostLimit: tt.limit}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(auth.With(t.Context(), principal)))
		if got, _ := apitest.ReadAnswer(t, recorder.Body.Bytes()).Refusal(); got != tt.want {
			t.Errorf("limit %d, page %d: %q, want %q", tt.limit, tt.page, got, tt.want)
		}
	}
}
