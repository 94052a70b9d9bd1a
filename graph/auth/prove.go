package auth

import (
	"net/http"

	"github.com/usagegraph/usagegraph/graph/apierror"
	"github.com/usagegraph/usagegraph/models"
)

// Prove lets no answer out before the proof that its request owes. Whoever reads rows
// may have brought it by then; else the token is looked up when the answer begins. So
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

// proving is the answer to a request that owes a proof.
type proving struct {
	http.ResponseWriter
	guard        *Guard
	request      *http.Request
	proof        *models.Precondition
	begun, taken bool // taken is that the answer is another than what is written
}

// WriteHeader begins the answer, or that of the guard in its place.
func (p *proving) WriteHeader(status int) {
	p.begun = true
	err := p.proof.Check(p.request.Context())
	if err == nil {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	p.taken = true
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
	if p.taken {
		return len(content), nil
	}
	return p.ResponseWriter.Write(content)
}

// Unwrap is for http.ResponseController.
func (p *proving) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// rejectChanged answers a request whose proof failed. A token that is another one now, and
// lets its bearer in, is looked up when it comes again.
func (g *Guard) rejectChanged(w http.ResponseWriter, r *http.Request, err error) {
	token := credentials(r)
	hash := hashOf(token)
	if models.Changed(err) {
		g.right.Remove(hash)
		if _, err = g.admit(r, token, hash); err == nil {
			g.refused(ChangedToken)
			w.Header().Set("Retry-After", "1")
			apierror.Write(w, http.StatusServiceUnavailable, apierror.Unavailable, "the token has just changed: ask again")
			return
		}
	}
	g.reject(w, r, hash, err)
}
