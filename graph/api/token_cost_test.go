package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/usagegraph/usagegraph/graph/api"
	"github.com/usagegraph/usagegraph/graph/auth"
	"github.com/usagegraph/usagegraph/graph/operation"
	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestCostOfToken holds an operation to the limit of its token, if that has one.
func TestCostOfToken(t *testing.T) {
	db := modelstest.Open(t, modelstest.SQLite(t))
	log := slog.New(slog.DiscardHandler)
	var settings api.Settings
	if _, err := kong.Must(&settings, kong.Vars(api.Variables())).Parse([]string{"--max-cost=20"}); err != nil {
		t.Fatal(err)
	}
	operations, err := operation.New(settings.Operations, db)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.NewGraphQL(db, log, settings, auth.NewGuard(db, log), operations)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		limit, page int
		want        string
	}{
		{0, 19, ""}, {0, 20, "QUERY_TOO_COMPLEX: cost: 21, and the limit is 20"},
		{10, 9, ""}, {10, 10, "QUERY_TOO_COMPLEX: cost: 11, and the limit is 10"},
		{30, 29, ""}, {30, 30, "QUERY_TOO_COMPLEX: cost: 31, and the limit is 30"},
	} {
		request := httptest.NewRequest("POST", "/graphql", strings.NewReader(fmt.Sprintf(`{"query": "{ customers(first: %d) { nodes { id } } }"}`, tt.page)))
		request.Header.Set("Content-Type", "application/json")
		principal := auth.Principal{Scope: models.Scope{All: true}, Scopes: auth.AllScopes, CostLimit: tt.limit}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request.WithContext(auth.With(t.Context(), principal)))
		if got := refusal(t, recorder.Body.Bytes()); got != tt.want {
			t.Errorf("limit %d, page %d: %q, want %q", tt.limit, tt.page, got, tt.want)
		}
	}
}

// refusal is the first error of an answer, as its code and message, "" where there is none.
func refusal(t *testing.T, text []byte) string {
	t.Helper()
	var answer struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if len(answer.Errors) == 0 {
		return ""
	}
	return answer.Errors[0].Extensions.Code + ": " + answer.Errors[0].Message
}
