// Package auth tells who asks, and what they may read.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models"
)

// Principal is who asks.
type Principal struct {
	TokenID   int64
	Scope     models.Scope
	CostLimit int // of one operation; 0 is the server's
}

type contextKey struct{}

// For returns the principal of a request, and false if there is none.
func For(ctx context.Context) (Principal, bool) {
	principal, ok := ctx.Value(contextKey{}).(Principal)
	return principal, ok
}

// With returns ctx with a principal.
func With(ctx context.Context, principal Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, principal)
}

// NewToken makes a token of 256 random bits, and its hash, which alone is kept.
func NewToken() (token string, hash []byte) {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // never fails: crypto/rand ends the program first
	token = "ug_" + base64.RawURLEncoding.EncodeToString(bits[:])
	return token, hashOf(token)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Middleware lets a request through with the principal of its bearer token. Any
// other is answered 401 before its body is read. Tokens are looked up anew for
// each request, so one that is made or revoked counts at once.
func Middleware(db *gorm.DB, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := bearer(r)
		if !ok || token == "" {
			apierror.Write(w, http.StatusUnauthorized, apierror.Unauthenticated, "send a token: Authorization: Bearer TOKEN")
			return
		}
		found, err := models.TokenByHash(r.Context(), db, hashOf(token))
		switch {
		case err != nil:
			log.ErrorContext(r.Context(), "look up a token", "err", err)
			apierror.Write(w, http.StatusServiceUnavailable, apierror.Unavailable, "the database can't be reached")
		case found == nil || !found.Valid(models.Now()):
			apierror.Write(w, http.StatusUnauthorized, apierror.Unauthenticated, "the token is not valid")
		default:
			scope := models.Scope{All: found.AllCustomers, Customers: found.Customers}
			next.ServeHTTP(w, r.WithContext(With(r.Context(), Principal{TokenID: found.ID, Scope: scope})))
		}
	})
}

func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}
