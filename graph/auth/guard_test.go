package auth

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/modelstest"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/token"
)

// newTokens makes API tokens.
func newTokens(t *testing.T, db *gorm.DB, n int) (tokens []string) {
	t.Helper()
	for range n {
		bearer, hash := NewToken()
		if err := token.Create(t.Context(), db, &token.APIToken{Hash: hash}); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, bearer)
	}
	return tokens
}

// sent is the status of a request with a token, from an address.
func sent(handler http.Handler, token, from string, headers ...string) int {
	request := httptest.NewRequest("POST", "/graphql", nil)
	request.RemoteAddr = from
	request.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Code
}

func ok(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

// TestFloodHoldsNobody holds that an address past its limit is refused for wrong tokens
// only: one that is right is let in, though it never was before. Each refusal has a reason.
func TestFloodHoldsNobody(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		tokens := newTokens(t, db, 4)
		reasons := map[Reason]int{}
		guard := NewGuard(db, slog.New(slog.DiscardHandler), WithRefusals(func(reason Reason) { reasons[reason]++ }))
		guard.wrong = NewLimiter(1e-9, 1) // nothing comes back while the test runs
		handler := guard.Handler(guard.Prove(http.HandlerFunc(ok)))
		for i, tt := range []struct {
			token, from string
			status      int
		}{
			{tokens[0], "192.0.2.1:1", 200},
			{prefix + "wrong", "192.0.2.1:1", 401},
			{prefix + "wrong", "192.0.2.1:2", 429},
			{prefix + "other", "192.0.2.1:2", 429},
			{"no.j.wt", "192.0.2.1:1", 429},
			{tokens[0], "192.0.2.1:1", 200},
			{tokens[1], "192.0.2.1:1", 200},
			{tokens[2], "192.0.2.2:1", 200},
			{tokens[2], "192.0.2.1:1", 200},
			{"no.j.wt", "192.0.2.3:1", 401},
			{"", "192.0.2.3:1", 401},
			{"", "192.0.2.1:1", 401},
		} {
			if status := sent(handler, tt.token, tt.from); status != tt.status {
				t.Errorf("request %d: %d, want %d", i, status, tt.status)
			}
		}
		if _, err := token.Revoke(t.Context(), db, 2, scalar.Now()); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec("UPDATE api_tokens SET expires_at = created_at WHERE id = 3").Error; err != nil {
			t.Fatal(err)
		}
		for i, tt := range []struct {
			token, from string
			status      int
		}{{tokens[1], "192.0.2.1:1", 429}, {tokens[1], "192.0.2.4:1", 401}, {tokens[2], "192.0.2.5:1", 401}, {tokens[3], "192.0.2.1:1", 200}} {
			if status := sent(handler, tt.token, tt.from); status != tt.status {
				t.Errorf("later request %d: %d, want %d", i, status, tt.status)
			}
		}
		want := map[Reason]int{UnknownToken: 1, ManyWrongTokens: 4, WrongJWT: 1, NoToken: 2, RevokedToken: 1, ExpiredToken: 1}
		if !maps.Equal(reasons, want) {
			t.Errorf("reasons are %v, want %v", reasons, want)
		}
	})
}

// TestFloodIsLookedUpOneByOne floods from many connections of one address: no two of its
// tokens are looked up at once, and the right one among them is let in.
func TestFloodIsLookedUpOneByOne(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		right := newTokens(t, db, 1)[0]
		guard := NewGuard(db, slog.New(slog.DiscardHandler))
		guard.wrong = NewLimiter(1e-9, 1)
		handler := guard.Handler(http.HandlerFunc(ok))
		sent(handler, prefix+"first", "192.0.2.1:1")
		guard.flood <- struct{}{} // a lookup runs
		statements := modelstest.Record(t, db)
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				token, want := fmt.Sprint(prefix, i), http.StatusTooManyRequests
				if i == 25 {
					token, want = right, http.StatusOK
				}
				if status := sent(handler, token, "192.0.2.1:1"); status != want {
					t.Errorf("%d: %d, want %d", i, status, want)
				}
			})
		}
		if status := sent(handler, right, "192.0.2.2:1"); status != http.StatusOK { // is not held by them
			t.Errorf("from elsewhere: %d", status)
		}
		if n := len(statements()); n != 1 {
			t.Errorf("%d lookups, while one of the flood runs", n)
		}
		<-guard.flood
		all.Wait()
	})
}

// TestProxies holds whose wrong tokens count together behind proxies.
func TestProxies(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db *gorm.DB) {
		proxies, err := ParseProxies([]string{"10.0.0.0/8", " 2001:db8::/32"})
		if err != nil {
			t.Fatal(err)
		}
		guard := NewGuard(db, slog.New(slog.DiscardHandler), WithProxies(proxies))
		guard.wrong = NewLimiter(1e-9, 1)
		handler := guard.Handler(http.HandlerFunc(ok))
		for i, tt := range []struct {
			from, forwarded string
			status          int
		}{
			{"10.0.0.1:1", "192.0.2.1", 401},
			{"10.0.0.1:1", "192.0.2.2", 401},
			{"10.0.0.2:1", "192.0.2.1", 429},
			{"10.0.0.1:1", "192.0.2.9, 192.0.2.1", 429},
			{"10.0.0.1:1", "192.0.2.3, 10.1.1.1", 401},
			{"192.0.2.3:1", "192.0.2.4", 429},
			{"192.0.2.3:1", "", 429},
		} {
			if status := sent(handler, prefix+"wrong", tt.from, "X-Forwarded-For", tt.forwarded); status != tt.status {
				t.Errorf("request %d: %d, want %d", i, status, tt.status)
			}
		}
	})
}
