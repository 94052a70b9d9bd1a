package auth

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models"
	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// TestProve holds that a token that was right before lets nothing out once it is
// revoked or gone, however the answer is written, and that another scope counts before
// anything is answered in the old one.
func TestProve(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		bearer, hash := NewToken()
		if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash, Customers: []scalar.CustomerID{1}}); err != nil {
			t.Fatal(err)
		}
		guard := NewGuard(db, slog.New(slog.DiscardHandler))
		var scope store.Scope
		handler := guard.Handler(guard.Prove(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			principal, _ := For(r.Context())
			scope = principal.Customers
			if r.URL.Path == "/rows" {
				readWith(t, r.Context(), db)
			}
			w.Header().Set("Content-Length", "6")
			if r.URL.Path == "/status" {
				w.WriteHeader(http.StatusBadRequest)
			}
			_, _ = io.WriteString(w, "se")
			_, _ = io.WriteString(w, "cret")
		})))
		ask := func(path string) *httptest.ResponseRecorder {
			request := httptest.NewRequest("POST", path, nil)
			request.Header.Set("Authorization", "Bearer "+bearer)
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			return recorder
		}
		expect := func(what, path string, status int) {
			t.Helper()
			got := ask(path)
			shown, want := got.Body.String() == "secret", status < 500 && status != http.StatusUnauthorized
			if got.Code != status || shown != want || strings.Contains(got.Body.String(), "cret") != want || !want && got.Header().Get("Content-Length") == "6" {
				t.Errorf("%s, %s: %d %v %s, want %d", what, path, got.Code, got.Header(), got.Body, status)
			}
		}
		for range 3 {
			expect("a right token", "/", 200)
			expect("a right token", "/status", 400)
			expect("a right token", "/rows", 200)
		}
		if err := db.Exec("UPDATE api_tokens SET customers = '[2]'").Error; err != nil {
			t.Fatal(err)
		}
		expect("another scope", "/", 503)
		if expect("another scope", "/", 200); len(scope.Customers) != 1 || scope.Customers[0] != 2 {
			t.Errorf("the scope is %v", scope)
		}
		for _, change := range []string{"all_customers = TRUE", `scopes = '["usage"]'`, "cost_limit = 5", "expires_at = '2999-01-01T00:00:00.000000Z'"} {
			if err := db.Exec("UPDATE api_tokens SET " + change).Error; err != nil {
				t.Fatal(err)
			}
			expect(change, "/rows", 503)
			expect(change, "/rows", 200)
			expect(change, "/rows", 200)
		}
		if err := db.Exec("UPDATE api_tokens SET hash = ?", []byte("another's")).Error; err != nil {
			t.Fatal(err)
		}
		expect("another token's row", "/rows", 401)
		if err := db.Exec("UPDATE api_tokens SET hash = ?", hash).Error; err != nil {
			t.Fatal(err)
		}
		expect("a token that is there again", "/", 200)
		if _, err := token.Revoke(t.Context(), db, 1, scalar.Now()); err != nil {
			t.Fatal(err)
		}
		expect("a revoked token", "/rows", 401)
		expect("a revoked token", "/", 401)
		if err := db.Exec("UPDATE api_tokens SET revoked_at = NULL").Error; err != nil {
			t.Fatal(err)
		}
		expect("a token that is right again", "/status", 400)
		if err := db.Exec("DELETE FROM api_tokens").Error; err != nil {
			t.Fatal(err)
		}
		expect("a token that is gone", "/status", 401)
	})
}

// readWith reads a row as an operation does, and with them the proof that its request requires.
func readWith(t *testing.T, ctx context.Context, db *gorm.DB) {
	principal, _ := For(ctx)
	reader := store.NewReader(db, store.Scope{All: true}).WithPrecondition(principal.Proof)
	if _, err := store.Children(ctx, reader, models.CustomerByID, []scalar.CustomerID{1}); err != nil && !token.Changed(err) {
		t.Error(err)
	}
}

// TestProveAtOnce holds that whoever asks after a token has changed is answered as it is
// now, on any connection, while others keep the connections busy.
func TestProveAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		bearer, hash := NewToken()
		if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash}); err != nil {
			t.Fatal(err)
		}
		guard := NewGuard(db, slog.New(slog.DiscardHandler))
		guard.wrong = NewLimiter(1e9, 1e9)
		handler := guard.Handler(guard.Prove(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			readWith(t, r.Context(), db)
			w.WriteHeader(http.StatusOK)
		})))
		ask := func() int {
			request := httptest.NewRequest("POST", "/", nil)
			request.Header.Set("Authorization", "Bearer "+bearer)
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			return recorder.Code
		}
		var others sync.WaitGroup
		stop := make(chan struct{})
		for range 4 {
			others.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						ask()
					}
				}
			})
		}
		for i := range 60 {
			change, want := "UPDATE api_tokens SET revoked_at = NULL", http.StatusOK
			if i%2 == 0 {
				change, want = "UPDATE api_tokens SET revoked_at = created_at", http.StatusUnauthorized
			}
			if err := db.Exec(change).Error; err != nil {
				t.Fatal(err)
			}
			var asks sync.WaitGroup
			for range 6 {
				asks.Go(func() {
					if got := ask(); got != want {
						t.Errorf("after %s: %d, want %d", change, got, want)
					}
				})
			}
			asks.Wait()
		}
		close(stop)
		others.Wait()
	})
}
