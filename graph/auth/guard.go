package auth

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/scalar"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// Wrong tokens that an address may send: some at once, for those who mistype, and
// then a few a second.
const (
	wrongBurst     = 100
	wrongPerSecond = 10
)

// floodLookups is how many tokens are looked up at once for all addresses that have sent
// more wrong ones than they may: a flood takes no more of the database than that, and a
// right token among it is let in when its turn has come.
const floodLookups = 1

// Guard admits the requests of principals and refuses all others.
type Guard struct {
	tokens *token.Reader
	log    *slog.Logger
	jwt    *JWT                         // nil takes API tokens only
	wrong  *Limiter                     // of wrong tokens, by address
	flood  chan struct{}                // holds one element for each lookup of a flood
	right  *lru.Cache[digest, admitted] // tokens that were right when they last came, by hash
	spent  *Limiter                     // of what operations cost, by token; nil has no limit

	proxies Proxies
	refused func(Reason) // counts
}

// admitted is a token that was right, nil for a JWT, and its principal.
type admitted struct {
	token *token.Known
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

// WithProxies trusts the proxies to say where requests come from.
func WithProxies(proxies Proxies) Option { return func(g *Guard) { g.proxies = proxies } }

// WithRefusals calls refused for each request and operation that is refused.
func WithRefusals(refused func(Reason)) Option { return func(g *Guard) { g.refused = refused } }

// NewGuard makes a guard that admits the API tokens in db.
func NewGuard(db *gorm.DB, log *slog.Logger, options ...Option) *Guard {
	right, err := lru.New[digest, admitted](remembered)
	if err != nil {
		panic(err) // only for a size below 1
	}
	g := &Guard{
		tokens: token.NewReader(db), log: log, wrong: NewLimiter(wrongPerSecond, wrongBurst), flood: make(chan struct{}, floodLookups),
		right: right, refused: func(Reason) {},
	}
	for _, option := range options {
		option(g)
	}
	return g
}

// Handler lets a request through with the principal of its token. Any other is
// answered before its body is read: 401, 429 for one more wrong token from an address that
// has sent too many, 503 where tokens can't be looked up. A token that is right is let in, whatever
// else its address sends. One that was right before is taken for what it was, and Prove
// sees that it still is.
func (g *Guard) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := credentials(r)
		if token == "" {
			g.refused(NoToken)
			apierror.Write(w, http.StatusUnauthorized, fault.Unauthenticated, "send a token: Authorization: Bearer TOKEN")
			return
		}
		hash := hashOf(token)
		known, wasRight := g.right.Get(hash)
		if wasRight && known.token != nil && known.token.Valid(scalar.Now()) {
			known.Proof = known.token.Precondition()
		} else {
			var err error
			if known, err = g.admit(r, token, hash); err != nil {
				g.reject(w, r, hash, err)
				return
			}
			g.right.Add(hash, known)
		}
		next.ServeHTTP(w, r.WithContext(With(r.Context(), known.Principal)))
	})
}

// admit looks up the principal of the token of a request. The error is a wrongToken if the
// token is not valid.
func (g *Guard) admit(r *http.Request, token string, hash digest) (admitted, error) {
	if !strings.HasPrefix(token, prefix) {
		if g.jwt == nil {
			return admitted{}, errWrongJWT
		}
		principal, err := g.jwt.principal(r.Context(), token, g.spent != nil)
		return admitted{nil, principal}, err
	}
	found, err := g.lookUp(r, hash)
	switch {
	case err != nil:
		return admitted{}, err
	case found == nil:
		return admitted{}, errUnknownToken
	case found.RevokedAt != nil:
		return admitted{}, errRevokedToken
	case !found.Valid(scalar.Now()):
		return admitted{}, errExpiredToken
	}
	principal := Principal{
		TokenID:   strconv.FormatInt(found.ID, 10),
		Customers: store.Scope{All: found.AllCustomers, Customers: found.Customers},
		Scopes:    AllScopes,
	}
	if found.Scopes != nil {
		principal.Scopes = known(found.Scopes)
	}
	if found.CostLimit != nil {
		principal.CostLimit = *found.CostLimit
	}
	return admitted{found, principal}, nil
}

// lookUp looks for an API token, nil if there is none.
func (g *Guard) lookUp(r *http.Request, hash digest) (*token.Known, error) {
	ctx := r.Context()
	if g.wrong.Wait(g.proxies.Client(r)) > 0 {
		select {
		case g.flood <- struct{}{}:
			defer func() { <-g.flood }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return g.tokens.ByHash(ctx, hash[:])
}

// statusGone is for the log and the metrics: the client has gone, and nothing is wrong.
const statusGone = 499

// reject answers a request that is not let in, and forgets its token if that is wrong.
func (g *Guard) reject(w http.ResponseWriter, r *http.Request, hash digest, err error) {
	if reason, wrong := reasonOf(err); wrong {
		g.right.Remove(hash)
		g.refuse(w, r, reason)
		return
	}
	if r.Context().Err() != nil {
		w.WriteHeader(statusGone)
		return
	}
	if !errors.Is(err, errNoKeys) { // keySet logs these itself
		g.log.ErrorContext(r.Context(), "look up a token", "err", err)
	}
	g.refused(NoLookup)
	w.Header().Set("Retry-After", "1")
	apierror.Write(w, http.StatusServiceUnavailable, fault.Unavailable, "tokens can't be looked up now")
}

// refuse answers a request that has a wrong token.
func (g *Guard) refuse(w http.ResponseWriter, r *http.Request, reason Reason) {
	if wait, ok := g.wrong.Spend(g.proxies.Client(r), 1, 0); !ok {
		g.refused(ManyWrongTokens)
		w.Header().Set("Retry-After", retryAfter(wait))
		apierror.Write(w, http.StatusTooManyRequests, fault.RateLimited, "too many wrong tokens come from this address")
		return
	}
	g.refused(reason)
	apierror.Write(w, http.StatusUnauthorized, fault.Unauthenticated, errUnknownToken.Error())
}
