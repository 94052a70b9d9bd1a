package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models"
)

// Wrong tokens that an address may send: some at once, for those who mistype, and
// then a few a second. Past that, only tokens that were right before are looked up.
const (
	wrongBurst     = 100
	wrongPerSecond = 10
)

// errWrong is a token that lets nobody in, whatever is wrong with it.
var errWrong = errors.New("the token is not valid")

// Guard lets requests in.
type Guard struct {
	tokens *models.TokenReader
	log    *slog.Logger
	jwt    *JWT                         // nil takes API tokens only
	wrong  *Limiter                     // of wrong tokens, by address
	right  *lru.Cache[digest, admitted] // tokens that were right when they last came, by hash
	spent  *Limiter                     // of what operations cost, by token; nil has no limit
}

// admitted is a token that was right, and who bears it; no token for a JWT.
type admitted struct {
	token *models.KnownToken
	Principal
}

// Option changes a Guard.
type Option func(*Guard)

// WithJWT takes JWTs, too.
func WithJWT(jwt *JWT) Option { return func(g *Guard) { g.jwt = jwt } }

// WithRate holds each token to operations that cost perSecond on average, and burst
// at once.
func WithRate(perSecond float64, burst int) Option {
	return func(g *Guard) { g.spent = NewLimiter(perSecond, burst) }
}

// NewGuard makes a guard that knows the API tokens in db.
func NewGuard(db *gorm.DB, log *slog.Logger, options ...Option) *Guard {
	right, err := lru.New[digest, admitted](remembered)
	if err != nil {
		panic(err) // only for a size below 1
	}
	g := &Guard{tokens: models.NewTokenReader(db), log: log, wrong: NewLimiter(wrongPerSecond, wrongBurst), right: right}
	for _, option := range options {
		option(g)
	}
	return g
}

// Handler lets a request through with the principal of its token. Any other is
// answered before its body is read: 401, 429 to an address that has sent too many
// wrong tokens, 503 where nobody can tell. A token that was right before is taken for
// what it was, and Prove sees that it still is.
func (g *Guard) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := credentials(r)
		if token == "" {
			apierror.Write(w, http.StatusUnauthorized, apierror.Unauthenticated, "send a token: Authorization: Bearer TOKEN")
			return
		}
		hash := hashOf(token)
		known, wasRight := g.right.Get(hash)
		if !wasRight {
			if wait := g.wrong.Wait(addressOf(r)); wait > 0 {
				tooMany(w, wait)
				return
			}
		}
		if wasRight && known.token != nil && known.token.Valid(models.Now()) {
			known.Proof = known.token.Proof()
		} else {
			var err error
			if known, err = g.admit(r.Context(), token, hash); err != nil {
				g.turnAway(w, r, hash, err)
				return
			}
			g.right.Add(hash, known)
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), known.Principal)))
	})
}

// admit looks up who bears the token. The error is errWrong if nobody does.
func (g *Guard) admit(ctx context.Context, token string, hash digest) (admitted, error) {
	if !strings.HasPrefix(token, prefix) {
		if g.jwt == nil {
			return admitted{}, errWrong
		}
		principal, err := g.jwt.principal(ctx, token, g.spent != nil)
		return admitted{nil, principal}, err
	}
	found, err := g.tokens.ByHash(ctx, hash[:])
	switch {
	case err != nil:
		return admitted{}, err
	case found == nil || !found.Valid(models.Now()):
		return admitted{}, errWrong
	}
	principal := Principal{
		TokenID: strconv.FormatInt(found.ID, 10),
		Scope:   models.Scope{All: found.AllCustomers, Customers: found.Customers},
		Scopes:  AllScopes,
	}
	if found.Scopes != nil {
		principal.Scopes = known(found.Scopes)
	}
	if found.CostLimit != nil {
		principal.CostLimit = *found.CostLimit
	}
	return admitted{found, principal}, nil
}

// turnAway answers who is not let in, and forgets the token.
func (g *Guard) turnAway(w http.ResponseWriter, r *http.Request, hash digest, err error) {
	if errors.Is(err, errWrong) {
		g.right.Remove(hash)
		g.refuse(w, r)
		return
	}
	if r.Context().Err() == nil { // else the client has gone, and nothing is wrong
		g.log.ErrorContext(r.Context(), "look up a token", "err", err)
	}
	w.Header().Set("Retry-After", "1")
	apierror.Write(w, http.StatusServiceUnavailable, apierror.Unavailable, "tokens can't be looked up now")
}

func (g *Guard) refuse(w http.ResponseWriter, r *http.Request) {
	if wait, ok := g.wrong.Spend(addressOf(r), 1, 0); !ok {
		tooMany(w, wait)
		return
	}
	apierror.Write(w, http.StatusUnauthorized, apierror.Unauthenticated, errWrong.Error())
}

func tooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", retryAfter(wait))
	apierror.Write(w, http.StatusTooManyRequests, apierror.RateLimited, "too many wrong tokens come from this address")
}
