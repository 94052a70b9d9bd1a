package models

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// TokenReader looks up the API tokens of a database.
type TokenReader struct {
	required *Requirement[APIToken, string]
}

// NewTokenReader looks up the tokens in db.
func NewTokenReader(db *gorm.DB) *TokenReader {
	return &TokenReader{&Requirement[APIToken, string]{
		Reader:  NewReader(db, Scope{All: true}),
		By:      tokenByHash,
		Ignored: []string{"id", "name", "created_at"}, // which only name the token
		Channel: "usagegraph_tokens",
		Changed: errTokenChanged,
	}}
}

// KnownToken is a token that was read. Its Precondition is that all of it that lets its
// bearer in is still the same.
type KnownToken struct {
	APIToken
	*RequiredRow
}

// tokenByHash finds the row of a token by its hash.
var tokenByHash = newUnique(apiTokens, func(t *APIToken) string { return string(t.Hash) }, "hash")

// errTokenChanged is a token that is not what it was. Whoever asks with it is answered
// anew, and nothing is wrong with the server.
var errTokenChanged = apierror.New(apierror.Unauthenticated, "the token has changed since it was read")

// ByHash finds the token with the hash, nil if there is none.
func (t *TokenReader) ByHash(ctx context.Context, hash []byte) (*KnownToken, error) {
	token, row, err := t.required.Read(ctx, string(hash))
	if err != nil || token == nil {
		return nil, err
	}
	return &KnownToken{*token, row}, nil
}

// Changed returns whether an error is that of a token that is not what it was.
func Changed(err error) bool { return errors.Is(err, errTokenChanged) }
