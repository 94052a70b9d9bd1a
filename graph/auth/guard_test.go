package auth

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
)

// TestFloodAsksNobody holds that an address past its limit makes the database look up
// only tokens that were right before.
func TestFloodAsksNobody(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		var tokens []string
		for range 3 {
			token, hash := NewToken()
			if err := models.CreateToken(t.Context(), db, &models.APIToken{Hash: hash}); err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		guard := NewGuard(db, slog.New(slog.DiscardHandler))
		guard.wrong = NewLimiter(1e-9, 1) // nothing comes back while the test runs
		handler := guard.Handler(guard.Prove(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })))
		statements := modelstest.Record(t, db)
		for i, tt := range []struct {
			token, from  string
			status, asks int
		}{
			{tokens[0], "192.0.2.1:1", 200, 1}, {tokens[1], "192.0.2.1:1", 200, 1}, {prefix + "wrong", "192.0.2.1:1", 401, 1},
			{prefix + "wrong", "192.0.2.1:2", 429, 0}, {prefix + "other", "192.0.2.1:2", 429, 0},
			{tokens[0], "192.0.2.1:1", 200, 1}, {tokens[2], "192.0.2.1:1", 429, 0}, {tokens[2], "192.0.2.2:1", 200, 1}, {tokens[2], "192.0.2.1:1", 200, 1},
		} {
			before := len(statements())
			request := httptest.NewRequest("POST", "/graphql", nil)
			request.RemoteAddr = tt.from
			request.Header.Set("Authorization", "Bearer "+tt.token)
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			if asks := len(statements()) - before; recorder.Code != tt.status || asks != tt.asks {
				t.Errorf("request %d: %d and %d statements, want %d and %d", i, recorder.Code, asks, tt.status, tt.asks)
			}
		}
		if _, err := models.RevokeToken(t.Context(), db, 2, models.Now()); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{1, 0} { // the second time it is no longer one that was right
			before := len(statements())
			request := httptest.NewRequest("POST", "/graphql", nil)
			request.RemoteAddr = "192.0.2.1:1"
			request.Header.Set("Authorization", "Bearer "+tokens[1])
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			if asks := len(statements()) - before; recorder.Code != 429 || asks != want {
				t.Errorf("a revoked token, %d: %d and %d statements, want %d", i, recorder.Code, asks, want)
			}
		}
	})
}
