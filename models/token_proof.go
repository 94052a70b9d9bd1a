package models

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
)

// lookupTimeout bounds the look-up of a token, which is no part of an operation and
// its deadline. It is short: where it runs out, the database is away or swamped.
const lookupTimeout = 5 * time.Second

// tokenByHash finds the row of a token. There is one, and nothing to sort.
var tokenByHash = &Edge{to: &apiTokens.table, columns: []column{apiTokens.column("hash")}, order: Order{{column: apiTokens.column("hash")}}}

// TokenReader looks up the API tokens of a database.
type TokenReader struct {
	reader *Reader
	texts  Texts
}

// NewTokenReader looks up the tokens in db.
func NewTokenReader(db *gorm.DB) *TokenReader {
	return &TokenReader{reader: NewReader(db, Scope{All: true})}
}

// KnownToken is a token, and its row as it was read.
type KnownToken struct {
	APIToken
	reader *Reader
	row    [][]byte // the cells of what is proven
	again  rendered // reads them again
}

// proven are the columns of a token that let its bearer in: all but those that tell
// which it is.
var proven = &Selection{tokenByHash, slices.DeleteFunc(slices.Clone(apiTokens.columns), func(c column) bool {
	return slices.Contains([]string{"id", "name", "created_at"}, c.name)
})}

// ByHash finds the token with the hash, nil if there is none.
func (t *TokenReader) ByHash(ctx context.Context, hash []byte) (*KnownToken, error) {
	keys := t.reader.NewKeys(tokenByHash, false)
	keys.append([][]byte{hash})
	fetch := &Fetch{What: FetchChildren, Selection: &Selection{tokenByHash, apiTokens.columns}, Query: Query{order: tokenByHash.order}, Keys: keys, Texts: &t.texts}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	if err := t.reader.Session(ctx, func(s *Session) error { return s.Fetch(ctx, []*Fetch{fetch}) }); err != nil || fetch.Rows.Len() == 0 {
		return nil, err
	}
	token, row := &KnownToken{reader: t.reader}, [][]byte(nil)
	for i, c := range apiTokens.columns {
		row = append(row, fetch.Rows.Cell(0, i))
		if slices.ContainsFunc(proven.columns, func(p column) bool { return p.name == c.name }) {
			token.row = append(token.row, row[i])
		}
	}
	if err := fill(&token.APIToken, apiTokens.columns, row, fetch.Rows.postgres); err != nil {
		return nil, err
	}
	s := newStatement(t.reader.db, t.reader.scope)
	s.add("SELECT "+list(proven.columns, "t")+" FROM ").from(&apiTokens.table, "t").add(` WHERE t."id" = ?`, token.ID)
	var err error
	token.again, err = s.render()
	return token, err
}

// errTokenChanged is a token that is not what it was. Whoever asks with it is answered
// anew, and nothing is wrong with the server.
var errTokenChanged = apierror.New(apierror.Unauthenticated, "the token has changed since it was read")

// Proof is what a request owes whose token was taken for what it was: that it still is.
// A session brings it with the first of what it fetches, in the same round trip: its
// connection was told of no change, or reads the token's row once more.
type Proof struct {
	token           *KnownToken
	rows            int
	claimed, proven atomic.Bool
}

// Proof begins the proof for a request.
func (t *KnownToken) Proof() *Proof { return &Proof{token: t} }

// Prove reads the row, unless a session has. The error is Changed where the token is
// not what it was.
func (p *Proof) Prove(ctx context.Context) error {
	if p.proven.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	r := p.token.reader.Owing(p)
	err := r.Session(ctx, func(s *Session) error { return s.Fetch(ctx, nil) })
	if err == nil && !p.proven.Load() {
		err = errors.New("the token is still being proven")
	}
	return err
}

// Changed tells whether an error is that of a token that is not what it was.
func Changed(err error) bool { return errors.Is(err, errTokenChanged) }

// Owing is the reader, whose sessions bring the proof of a token; nil is none.
func (r *Reader) Owing(p *Proof) *Reader { return &Reader{r.db, r.scope, p} }

// fetch reads the row for the proof.
func (p *Proof) fetch() *Fetch { return &Fetch{Selection: proven, proof: p} }

// take compares a row with that which the token had.
func (p *Proof) take(row [][]byte) error {
	p.rows++
	for i, cell := range p.token.row {
		if (cell == nil) != (row[i] == nil) || !bytes.Equal(cell, row[i]) {
			return errTokenChanged
		}
	}
	return nil
}

// end ends the proof, when all rows have been read.
func (p *Proof) end() error {
	if p.rows != 1 {
		return errTokenChanged
	}
	p.proven.Store(true)
	return nil
}

// claim tells whether the caller is to bring the proof: nobody else does or has.
func (p *Proof) claim() bool { return p != nil && !p.claimed.Swap(true) }

// unclaim leaves a proof that failed to others.
func (p *Proof) unclaim() {
	if !p.proven.Load() {
		p.claimed.Store(false)
	}
}
