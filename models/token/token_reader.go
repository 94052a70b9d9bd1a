package token

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/store"
)

// Reader looks up the API tokens of a database.
type Reader struct {
	required *store.Requirement[APIToken, string]
}

// NewReader looks up the tokens in db.
func NewReader(db *gorm.DB) *Reader {
	return &Reader{&store.Requirement[APIToken, string]{
		Reader:  store.NewReader(db, store.Scope{All: true}),
		By:      tokenByHash,
		Ignored: []string{"id", "name", "created_at"}, // which only name the token
		Channel: "usagegraph_tokens",
		Changed: errTokenChanged,
	}}
}

// Known is a token that was read. Its Precondition is that all of it that lets its
// bearer in is still the same.
type Known struct {
	APIToken
	*store.RequiredRow
}

// tokenByHash finds the row of a token by its hash.
var tokenByHash = store.NewUnique(apiTokens, func(t *APIToken) string { return string(t.Hash) }, "hash")

// errTokenChanged is a token that is not what it was. Whoever asks with it is answered
// anew, and nothing is wrong with the server.
var errTokenChanged = fault.New(fault.Unauthenticated, "the token has changed since it was read")

// ByHash finds the token with the hash, nil if there is none.
func (t *Reader) ByHash(ctx context.Context, hash []byte) (*Known, error) {
	token, row, err := t.required.Read(ctx, string(hash))
	if err != nil || token == nil {
		return nil, err
	}
	return &Known{*token, row}, nil
}

// Changed returns whether an error is that of a token that is not what it was.
func Changed(err error) bool { return errors.Is(err, errTokenChanged) }
