// Package auth finds the principal of a request by its token, and what it may read.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/usagegraph/usagegraph/models/store"
)

// Principal is the bearer of a token that is right.
type Principal struct {
	// TokenID names the token in logs and holds its rate: the number of an API token,
	// or jwt: and the subject of a JWT.
	TokenID string
	// Scope is the customers whose rows may be read.
	Customers store.Scope
	// Scopes is what of these rows may be read.
	Scopes Scopes
	// CostLimit is the most that one operation may cost; 0 is the server's limit.
	CostLimit int
	// Proof is required before anything is answered; nil requires none.
	Proof *store.Precondition
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

// prefix begins every API token, and no JWT.
const prefix = "ug_"

// NewToken makes a token of 256 random bits, and its hash, which alone is kept.
func NewToken() (token string, hash []byte) {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // never fails: crypto/rand ends the program first
	token = prefix + base64.RawURLEncoding.EncodeToString(bits[:])
	sum := hashOf(token)
	return token, sum[:]
}

// digest is the hash of a token.
type digest [sha256.Size]byte

func hashOf(token string) digest { return sha256.Sum256([]byte(token)) }
