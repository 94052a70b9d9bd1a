package auth

import (
	"net/http"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models/fault"
	"github.com/usagegraph/usagegraph/models/store"
	"github.com/usagegraph/usagegraph/models/token"
)

// Prove begins no answer before it has the proof that the token of its request is still
// right. A reader of rows may have read the proof by then; else the token is looked up
// when the answer begins. So
// a token that is revoked, or made, counts for the next request, and for those that
// are read with it no round trip is needed.
func (g *Guard) Prove(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if principal, _ := For(r.Context()); principal.Proof != nil {
			w = &proving{ResponseWriter: w, guard: g, request: r, proof: principal.Proof}
		}
		next.ServeHTTP(w, r)
	})
}

// proving is the writer of an answer to a request that requires a proof.
type proving struct {
	http.ResponseWriter
	guard           *Guard
	request         *http.Request
	proof           *store.Precondition
	begun, replaced bool // replaced is that the guard answers, and what is written is dropped
}

// WriteHeader begins the answer, or that of the guard in its place.
func (p *proving) WriteHeader(status int) {
	p.begun = true
	err := p.proof.Check(p.request.Context())
	if err == nil {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	p.replaced = true
	for _, name := range []string{"Allow", "Content-Encoding", "Content-Length", "Retry-After"} {
		p.Header().Del(name)
	}
	p.guard.rejectChanged(p.ResponseWriter, p.request, err)
}

// Write begins the answer, if nothing did.
func (p *proving) Write(content []byte) (int, error) {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	if p.replaced {
		return len(content), nil
	}
	return p.ResponseWriter.Write(content)
}

// Unwrap is for http.ResponseController.
func (p *proving) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// rejectChanged answers a request whose proof failed. A token whose row has changed, and
// that is still right, is answered with 503: it is looked up again with the next request.
func (g *Guard) rejectChanged(w http.ResponseWriter, r *http.Request, err error) {
	bearer := credentials(r)
	hash := hashOf(bearer)
	if token.Changed(err) {
		g.right.Remove(hash)
		if _, err = g.admit(r, bearer, hash); err == nil {
			g.refused(ChangedToken)
			w.Header().Set("Retry-After", "1")
			apierror.Write(w, http.StatusServiceUnavailable, fault.Unavailable, "the token has just changed: ask again")
			return
		}
	}
	g.reject(w, r, hash, err)
}
